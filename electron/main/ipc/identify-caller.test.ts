import { describe, expect, it } from 'vitest';
import type { WindowKind } from '../../contract/define-route.ts';
import { identifyCaller } from './identify-caller.ts';

type Event = Parameters<typeof identifyCaller>[0];
type Windows = Parameters<typeof identifyCaller>[1];

function eventFrom(
  origin: string,
  change: { isSubframe?: boolean; isOtherFrame?: boolean; hasNoFrame?: boolean } = {},
) {
  const frame = { origin, parent: change.isSubframe ? {} : null };
  const mainFrame = change.isOtherFrame ? { origin, parent: null } : frame;
  // `as`: only the fields that are read.
  return { sender: { id: 7, mainFrame }, senderFrame: change.hasNoFrame ? null : frame } as unknown as Event;
}

function windowsOf(kind: WindowKind | null): Windows {
  return { kindOf: () => kind, add: () => undefined, list: () => [] };
}

describe('identifyCaller', () => {
  it.each([
    ['app://chat', 'chat'],
    ['app://key', 'key'],
    ['app://image', 'image'],
  ] as const)('knows the top frame of %s', (origin, kind) => {
    expect(identifyCaller(eventFrom(origin), windowsOf(kind), null)).toEqual({ kind, id: 7 });
  });

  it.each([
    ['the other kind of origin', eventFrom('app://key'), 'chat'],
    ['the image page in the chat window', eventFrom('app://image'), 'chat'],
    ['the chat page in the image window', eventFrom('app://chat'), 'image'],
    ['the chat page in the key window', eventFrom('app://chat'), 'key'],
    ['a window we did not make', eventFrom('app://chat'), null],
    ['a subframe', eventFrom('app://chat', { isSubframe: true }), 'chat'],
    ['a frame that is not the main one', eventFrom('app://chat', { isOtherFrame: true }), 'chat'],
    ['a destroyed frame', eventFrom('app://chat', { hasNoFrame: true }), 'chat'],
    ['a web origin', eventFrom('https://example.com'), 'chat'],
    ['an opaque origin', eventFrom('null'), 'chat'],
    ['a longer host', eventFrom('app://chat.evil'), 'chat'],
    ['a dev server without development', eventFrom('http://127.0.0.1:5173'), 'chat'],
  ] as const)('refuses %s', (_name, event, kind) => {
    expect(identifyCaller(event, windowsOf(kind), null)).toBeNull();
  });

  it('accepts the dev server in development, and no other origin', () => {
    const dev = 'http://127.0.0.1:5173';
    expect(identifyCaller(eventFrom(dev), windowsOf('chat'), dev)).toEqual({ kind: 'chat', id: 7 });
    expect(identifyCaller(eventFrom('http://127.0.0.1:9'), windowsOf('chat'), dev)).toBeNull();
  });
});
