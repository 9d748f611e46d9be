import { AlertDialog } from '@base-ui/react/alert-dialog';

interface ConfirmProps {
  readonly isOpen: boolean;
  readonly title: string;
  readonly body: string;
  /** What the button does, e.g. "Remove key". */
  readonly verb: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before something that has no way back. */
export function Confirm({ isOpen, title, body, verb, onConfirm, onClose }: ConfirmProps) {
  const confirm = (): void => {
    onConfirm();
    onClose();
  };
  return (
    <AlertDialog.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="scrim z-60" />
        <AlertDialog.Popup className="popup fixed top-1/2 left-1/2 z-60 w-[400px] max-w-[calc(100vw-32px)] -translate-x-1/2 -translate-y-1/2 p-5">
          <AlertDialog.Title className="text-[15px] font-semibold">{title}</AlertDialog.Title>
          <AlertDialog.Description className="mt-2 text-ink-2">{body}</AlertDialog.Description>
          <div className="mt-5 flex justify-end gap-2">
            <AlertDialog.Close className="button">Cancel</AlertDialog.Close>
            <button type="button" className="button button-danger" onClick={confirm}>
              {verb}
            </button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
