import { Keycaps } from '../components/keycaps.tsx';
import { Modal } from '../components/modal.tsx';
import { showDialog, useView } from '../lib/view-store.ts';
import { shortcuts } from './shortcuts.ts';

const groups = ['Conversations', 'Writing', 'Window'] as const;

const inList = [
  ['Move through the list', 'ArrowUp+ArrowDown'],
  ['Delete the conversation', 'Delete'],
] as const;

const inComposer = [
  ['Edit the last message, when nothing is written', 'ArrowUp'],
  ['Pick a prompt, when nothing is written', '/'],
] as const;

/** Every shortcut on one page. */
export function ShortcutsDialog() {
  const isOpen = useView((state) => state.dialog?.kind === 'shortcuts');
  return (
    <Modal title="Keyboard shortcuts" isOpen={isOpen} onClose={() => showDialog(null)} className="w-[460px]">
      <div
        className="flex flex-col gap-5 overflow-y-auto px-5 pb-5"
        tabIndex={0}
        role="region"
        aria-label="Shortcuts"
      >
        {groups.map((group) => (
          <section key={group} aria-label={group}>
            <h3 className="mb-2 font-medium text-ink-3">{group}</h3>
            <dl className="grid grid-cols-[1fr_auto] gap-y-1.5">
              {rowsOf(group).map(([name, caps]) => (
                <div key={`${name} ${caps}`} className="contents">
                  <dt>{name}</dt>
                  <dd className="text-right">
                    <Keycaps keys={caps} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}

function rowsOf(group: (typeof groups)[number]): readonly (readonly [string, string])[] {
  const rows = shortcuts
    .filter((shortcut) => shortcut.group === group)
    .map(({ name, caps }) => [name, caps] as const);
  if (group === 'Conversations') return [...rows, ...inList];
  return group === 'Writing' ? [...rows, ...inComposer] : rows;
}
