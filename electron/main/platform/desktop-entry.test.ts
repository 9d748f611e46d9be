import { describe, expect, it } from 'vitest';
import { defaultHandler, fillDesktopEntry, quoteExecArgument, withoutHandler } from './desktop-entry.ts';

describe('fillDesktopEntry', () => {
  it('puts the command before a bare double dash and the link', () => {
    const filled = fillDesktopEntry('[Desktop Entry]\nExec=latchkey %u\nType=Application\n', [
      '/opt/a b/electron',
      '/x',
    ]);
    expect(filled).toBe('[Desktop Entry]\nExec="/opt/a b/electron" "/x" -- %u\nType=Application\n');
  });

  it.each([
    ['/plain', '"/plain"'],
    ['/100%', '"/100%%"'],
    ['/a"b', '"/a\\\\"b"'],
    ['/$HOME', '"/\\\\$HOME"'],
    ['/a\\b', '"/a\\\\\\\\b"'],
  ])('quotes %s', (argument, quoted) => expect(quoteExecArgument(argument)).toBe(quoted));
});

const LIST = `[Added Associations]
x-scheme-handler/latchkey=other.desktop;

[Default Applications]
text/html=browser.desktop
x-scheme-handler/latchkey=latchkey-url-handler.desktop
`;

describe('mimeapps.list', () => {
  it('finds the default handler, and only under Default Applications', () => {
    expect(defaultHandler(LIST)).toBe('latchkey-url-handler.desktop');
    expect(defaultHandler('[Added Associations]\nx-scheme-handler/latchkey=a.desktop;\n')).toBeNull();
    expect(defaultHandler('[Default Applications]\nx-scheme-handler/latchkey=\n')).toBeNull();
    expect(defaultHandler('')).toBeNull();
  });

  it('takes our handler out and leaves everything else', () => {
    expect(withoutHandler(LIST)).toBe(
      LIST.replace('x-scheme-handler/latchkey=latchkey-url-handler.desktop\n', ''),
    );
    expect(withoutHandler('x-scheme-handler/latchkey=a.desktop;latchkey-url-handler.desktop;\n')).toBe(
      'x-scheme-handler/latchkey=a.desktop;\n',
    );
  });
});
