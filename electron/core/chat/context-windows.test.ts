import { describe, expect, it } from 'vitest';
import type { Connection } from '../../contract/model/connection.ts';
import type { ModelCapabilities } from '../../contract/model/capabilities.ts';
import { ContextWindows, type WindowKnowledge } from './context-windows.ts';

function knowing(table: (model: string) => number | null): WindowKnowledge {
  return {
    // `as`: only the window is read.
    capabilitiesOf: (_connection, model) => ({ contextTokens: table(model) }) as ModelCapabilities,
  };
}

// `as`: only these two are read.
const work = { id: 'a', baseUrl: 'http://127.0.0.1:1/v1' } as Connection;
const home = { id: 'b', baseUrl: 'http://127.0.0.1:1/v1' } as Connection;

const tooLong = (contextTokens?: number) => ({
  code: 'request/context-too-long' as const,
  details: contextTokens === undefined ? {} : { contextTokens },
});

describe('ContextWindows', () => {
  it('knows what the table knows, and nothing of others', () => {
    const windows = new ContextWindows(knowing((model) => (model === 'known' ? 8_000 : null)));
    expect(windows.windowOf(work, 'known')).toEqual({ tokens: 8_000, isGuess: false });
    expect(windows.windowOf(work, 'other')).toEqual({ tokens: null, isGuess: false });
  });

  it('believes the number a server names, for that connection and model, as a guess', () => {
    const windows = new ContextWindows(knowing(() => 8_000));
    windows.noteError(work, 'm', { error: tooLong(4_096), sentTokens: 6_000 });
    expect(windows.windowOf(work, 'm')).toEqual({ tokens: 4_096, isGuess: true });
    expect(windows.windowOf(work, 'n').tokens).toBe(8_000);
    expect(windows.windowOf(home, 'm').tokens).toBe(8_000);
    expect(windows.windowOf({ ...work, baseUrl: 'http://127.0.0.1:2/v1' }, 'm').tokens).toBe(8_000);
  });

  it('takes the window for smaller than what was refused, when the server names no number', () => {
    const windows = new ContextWindows(knowing(() => null));
    windows.noteError(work, 'm', { error: tooLong(), sentTokens: 10_000 });
    expect(windows.windowOf(work, 'm')).toEqual({ tokens: 7_500, isGuess: true });
    windows.noteError(work, 'm', { error: tooLong(), sentTokens: 6_000 });
    expect(windows.windowOf(work, 'm')).toEqual({ tokens: 4_500, isGuess: true });
  });

  it('trusts our estimates less when a server repeats its number', () => {
    const windows = new ContextWindows(knowing(() => 4_096));
    windows.noteError(work, 'm', { error: tooLong(4_096), sentTokens: 3_000 });
    expect(windows.windowOf(work, 'm')).toEqual({ tokens: 2_250, isGuess: true });
    windows.noteError(work, 'm', { error: tooLong(4_096), sentTokens: 2_000 });
    expect(windows.windowOf(work, 'm')).toEqual({ tokens: 1_500, isGuess: true });
    windows.noteError(work, 'm', { error: tooLong(16_384), sentTokens: 20_000 });
    expect(windows.windowOf(work, 'm')).toEqual({ tokens: 16_384, isGuess: true });
  });

  it('learns nothing from other errors', () => {
    const windows = new ContextWindows(knowing(() => null));
    windows.noteError(work, 'm', { error: { code: 'request/invalid', details: {} }, sentTokens: 10_000 });
    expect(windows.windowOf(work, 'm').tokens).toBeNull();
  });
});
