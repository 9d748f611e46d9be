import type { TransferStatus } from '../../electron/contract/model/transfer.ts';
import { describeError } from './describe-error.ts';
import { describeOutcome } from './describe-transfer.ts';
import { request, toWireError } from './ipc-client.ts';
import { queryClient, transferQuery } from './queries.ts';
import { showDialog, showToast, useView } from './view-store.ts';

const TOAST_MS = 8_000;

/** Asks for files; how it goes on is shown in the settings. */
export async function importConversations(): Promise<void> {
  await attempt(async () => {
    const { outcome } = await request('transfer.import', {});
    if (outcome === 'started') showDialog({ kind: 'settings', tab: 'privacy' });
  });
}

/** Asks where to and exports all conversations. */
export async function exportConversations(form: 'json' | 'markdown'): Promise<void> {
  await attempt(() => request('transfer.export', { form, conversationId: null }));
}

/** Asks where to and exports one conversation, as it is shown. */
export async function exportConversation(conversationId: string): Promise<void> {
  await attempt(() => request('transfer.export', { form: 'markdown', conversationId }));
}

/** Takes what main says of the transfer. Where it is not on the screen, its end is said at the bottom. */
export function takeTransfer(status: TransferStatus): void {
  queryClient.setQueryData(transferQuery.queryKey, status);
  if (status.kind !== 'ended') return;
  const { dialog } = useView.getState();
  const isShown = dialog?.kind === 'settings' && dialog.tab === 'privacy';
  if (!isShown) showToast({ text: describeOutcome(status), undo: null, durationMs: TOAST_MS });
}

/** Ends what runs. */
export function cancelTransfer(): void {
  // It may have ended by itself: then there is nothing to cancel.
  request('transfer.cancel', {}).catch(() => undefined);
}

/** Takes the result off the screen. */
export function dismissTransfer(): void {
  request('transfer.dismiss', {}).catch(() => undefined);
}

async function attempt(action: () => Promise<unknown>): Promise<void> {
  try {
    await action();
  } catch (error) {
    const { title, body } = describeError(toWireError(error));
    showToast({ text: `${title}. ${body}`, undo: null, durationMs: TOAST_MS });
  }
}
