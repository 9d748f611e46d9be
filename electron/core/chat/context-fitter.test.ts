import { describe, expect, it } from 'vitest';
import { PLAIN_GENERATION, PLAIN_MESSAGE } from '../../contract/model/plain.ts';
import type { Connection } from '../../contract/model/connection.ts';
import type { Message } from '../../contract/model/conversation.ts';
import type { ContextPolicy, Settings } from '../../contract/model/settings.ts';
import { ContextFitter, type ContextRequest } from './context-fitter.ts';
import { ContextWindows } from './context-windows.ts';

const ID = '11111111-1111-4111-8111-111111111111';

function message(role: 'user' | 'assistant', megabytes: number): Message {
  const file = {
    id: ID,
    kind: 'pdf',
    name: 'a.pdf',
    mediaType: 'application/pdf',
    byteCount: megabytes * 1_000_000,
    hash: 'a'.repeat(64),
    width: null,
    height: null,
  } as const;
  return {
    ...PLAIN_MESSAGE,
    id: ID,
    conversationId: ID,
    parentId: null,
    role,
    text: 'x',
    state: 'done',
    model: null,
    createdAt: 0,
    attachments: megabytes === 0 ? [] : [file],
  };
}

function fitterWith(contextPolicy: ContextPolicy): ContextFitter {
  // `as`: nothing else is read of either.
  const windows = { windowOf: () => ({ tokens: null, isGuess: false }) } as unknown as ContextWindows;
  const settings = { get: () => ({ contextPolicy }) as Settings } as unknown as ConstructorParameters<
    typeof ContextFitter
  >[1];
  return new ContextFitter(windows, settings, () => Promise.reject(new Error('nothing is read to measure')));
}

function request(path: readonly Message[]): ContextRequest {
  return {
    connection: {} as Connection,
    model: 'm',
    path,
    extraTurns: [],
    requiredCount: 1,
    settings: { generation: PLAIN_GENERATION, summary: null },
    isOmissionAccepted: false,
  };
}

describe('ContextFitter', () => {
  const tenTimes40 = Array.from({ length: 10 }, () => [message('user', 40), message('assistant', 0)]).flat();

  it('sends no more than 50 MB of files, the newest, whatever nobody knows of the window', () => {
    const { turns, omittedCount } = fitterWith('drop-oldest').fit(
      request([...tenTimes40, message('user', 1)]),
    );
    const bytes = turns.flatMap(({ files = [] }) => files).reduce((sum, { byteCount }) => sum + byteCount, 0);
    expect(bytes).toBe(41_000_000);
    expect(omittedCount).toBe(18);
  });

  it('says that it is about bytes, when the person wants to be asked', () => {
    const details = { omittedCount: 18, bytes: 401_000_021, maxBytes: 50_000_000, isUnsent: true };
    expect(() => fitterWith('ask').fit(request([...tenTimes40, message('user', 1)]))).toThrow(
      expect.objectContaining({
        code: 'request/context-too-long',
        details: expect.objectContaining(details) as unknown,
      }),
    );
  });

  it('refuses a last message that is too many bytes by itself, and does not estimate it as if it fit', () => {
    const fitter = fitterWith('drop-oldest');
    const asked = request([message('user', 1), message('assistant', 0), message('user', 60)]);
    expect(() => fitter.fit(asked)).toThrow(
      expect.objectContaining({
        code: 'request/too-large',
        details: expect.objectContaining({ isWholeRequest: true }) as unknown,
      }),
    );
    expect(fitter.preview(asked)).toMatchObject({ isTooLong: true, omittedCount: 0 });
  });
});
