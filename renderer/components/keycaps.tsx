import { isMac } from '../lib/platform.ts';

const names: Readonly<Record<string, string>> = {
  Mod: isMac ? '⌘' : 'Ctrl',
  Alt: isMac ? '⌥' : 'Alt',
  Shift: isMac ? '⇧' : 'Shift',
  Control: 'Ctrl',
  Escape: 'Esc',
  Delete: 'Del',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
};

/** A key combination as it is printed on the keys; `Mod` is Ctrl, or Cmd on a Mac. */
export function Keycaps({ keys }: { readonly keys: string }) {
  return (
    <span className="inline-flex gap-1">
      {keys.split('+').map((key) => (
        <kbd key={key} className="keycap">
          {names[key] ?? key.toUpperCase()}
        </kbd>
      ))}
    </span>
  );
}
