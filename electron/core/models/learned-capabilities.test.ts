import { describe, expect, it } from 'vitest';
import type { DocumentContent, DocumentStore } from '../ports.ts';
import { LEARNED_FOR_MS, LearnedCapabilities, MAX_LEARNED } from './learned-capabilities.ts';

const CONNECTION = {
  id: '11111111-1111-4111-8111-111111111111',
  baseUrl: 'https://one.example/v1',
  dialect: 'responses',
} as const;
const OTHER = { ...CONNECTION, id: '22222222-2222-4222-8222-222222222222' } as const;

const CONNECTION_ENTRY = {
  connectionId: CONNECTION.id,
  baseUrl: CONNECTION.baseUrl,
  dialect: 'responses',
  model: 'm',
  accepted: [],
  refused: ['effort'],
  learnedAt: 1_000,
};

class MemoryFile implements DocumentStore {
  content: DocumentContent = { kind: 'absent' };
  isFull = false;
  read(): DocumentContent {
    return this.content;
  }
  write(value: unknown): void {
    if (this.isFull) throw new Error('full');
    this.content = { kind: 'value', value: structuredClone(value) };
  }
  setAside(): string {
    return 'aside';
  }
  scrub(): void {
    // Nothing is kept beside it.
  }
}

function learner(file: MemoryFile, now = { at: 1_000 }): LearnedCapabilities {
  const warnings: string[] = [];
  const log = (message: string): void => void warnings.push(message);
  return new LearnedCapabilities({
    file,
    clock: { now: () => now.at },
    logger: { info: log, warn: log, error: log },
  });
}

describe('LearnedCapabilities', () => {
  it('remembers across starts what a server took and refused', () => {
    const file = new MemoryFile();
    learner(file).note(CONNECTION, 'm', { accepted: ['effort', 'effort:low'], refused: ['verbosity'] });
    const traits = learner(file).of(CONNECTION, 'm');
    expect([...traits.accepted]).toEqual(['effort', 'effort:low']);
    expect([...traits.refused]).toEqual(['verbosity']);
  });

  it('keeps refused pictures and files in mind until it quits, and in no file', () => {
    const file = new MemoryFile();
    const learned = learner(file);
    learned.note(CONNECTION, 'm', { refused: ['image-input', 'file-input', 'effort'] });
    expect([...learned.of(CONNECTION, 'm').refused]).toEqual(['image-input', 'file-input', 'effort']);
    expect([...learner(file).of(CONNECTION, 'm').refused]).toEqual(['effort']);
    const document = { version: 1, models: [{ ...CONNECTION_ENTRY, refused: ['image-input'] }] };
    file.content = { kind: 'value', value: document };
    expect([...learner(file).of(CONNECTION, 'm').refused]).toEqual([]);
  });

  it('takes a refusal back, and that alone', () => {
    const learned = learner(new MemoryFile());
    learned.note(CONNECTION, 'm', { accepted: ['verbosity'], refused: ['image-input', 'effort'] });
    learned.forgetRefusals(CONNECTION, 'm', ['image-input', 'file-input']);
    expect([...learned.of(CONNECTION, 'm').refused]).toEqual(['effort']);
    expect([...learned.of(CONNECTION, 'm').accepted]).toEqual(['verbosity']);
  });

  it('lets the last answer count', () => {
    const learned = learner(new MemoryFile());
    learned.note(CONNECTION, 'm', { refused: ['web-search'] });
    learned.note(CONNECTION, 'm', { accepted: ['web-search'] });
    expect([...learned.of(CONNECTION, 'm').refused]).toEqual([]);
    learned.note(CONNECTION, 'm', { refused: ['web-search'] });
    expect([...learned.of(CONNECTION, 'm').accepted]).toEqual([]);
  });

  it('says nothing of another model, connection, server or API', () => {
    const learned = learner(new MemoryFile());
    learned.note(CONNECTION, 'm', { refused: ['effort'] });
    const others = [
      learned.of(CONNECTION, 'n'),
      learned.of(OTHER, 'm'),
      learned.of({ ...CONNECTION, baseUrl: 'https://two.example/v1' }, 'm'),
      learned.of({ ...CONNECTION, dialect: 'chat-completions' }, 'm'),
    ];
    expect(others.map(({ refused }) => refused.size)).toEqual([0, 0, 0, 0]);
  });

  it('forgets a connection, and what is old', () => {
    const file = new MemoryFile();
    const now = { at: 1_000 };
    const learned = learner(file, now);
    learned.note(CONNECTION, 'm', { refused: ['effort'] });
    learned.note(OTHER, 'm', { refused: ['effort'] });
    learned.forget(CONNECTION.id);
    expect(learned.of(CONNECTION, 'm').refused.size).toBe(0);
    expect(JSON.stringify(file.content)).not.toContain(CONNECTION.id);
    now.at += LEARNED_FOR_MS + 1;
    expect(learned.of(OTHER, 'm').refused.size).toBe(0);
    learned.note(CONNECTION, 'm', { refused: ['effort'] });
    expect(JSON.stringify(file.content)).not.toContain(OTHER.id);
  });

  it('stays small, whatever number of models is tried', () => {
    const file = new MemoryFile();
    const learned = learner(file);
    for (let number = 0; number < MAX_LEARNED + 20; number += 1)
      learned.note(CONNECTION, `m${number}`, { refused: ['effort'] });
    expect(learner(file).of(CONNECTION, 'm0').refused.size).toBe(0);
    expect(learner(file).of(CONNECTION, `m${MAX_LEARNED + 19}`).refused.size).toBe(1);
    expect(JSON.stringify(file.content).match(/learnedAt/g)).toHaveLength(MAX_LEARNED);
  });

  it('goes on when its file is full, damaged or full of nonsense', () => {
    const file = new MemoryFile();
    file.isFull = true;
    const learned = learner(file);
    learned.note(CONNECTION, 'm', { refused: ['effort'] });
    expect(learned.of(CONNECTION, 'm').refused.size).toBe(1);
    const entry = CONNECTION_ENTRY;
    const contents: DocumentContent[] = [
      { kind: 'damaged', keptAs: 'x', text: '{' },
      { kind: 'value', value: null },
      { kind: 'value', value: { version: 2, models: [entry] } },
      { kind: 'value', value: { version: 1, models: 'all' } },
      { kind: 'value', value: { version: 1, models: [null, 7, { ...entry, refused: ['__proto__'] }] } },
    ];
    for (const content of contents) {
      file.content = content;
      expect(learner(file).of(CONNECTION, 'm').refused.size).toBe(0);
    }
    file.content = { kind: 'value', value: { version: 1, models: [{ nonsense: true }, entry] } };
    expect(learner(file).of(CONNECTION, 'm').refused.size).toBe(1);
  });
});
