import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import fc from 'fast-check';
import { AppError } from '../../electron/contract/app-error.ts';
import type { Message } from '../../electron/contract/model/conversation.ts';
import { PLAIN_GENERATION, PLAIN_MESSAGE } from '../../electron/contract/model/plain.ts';
import { nodeFileSystem } from '../../electron/core/history/files/file-system.ts';
import { HistoryDatabase } from '../../electron/core/history/history-database.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** What can be done; numbers choose among what is there, deleted messages included. */
type Step =
  | { readonly kind: 'send' | 'purge' | 'reopen' }
  | {
      readonly kind: 'edit' | 'regenerate' | 'show' | 'branch' | 'remove' | 'restore';
      readonly pick: number;
    };

interface Node {
  readonly id: string;
  readonly parent: Node | null;
  readonly role: 'user' | 'assistant';
  readonly text: string;
  /** The message whose removal it went with. */
  removedWith: string | null;
  removedAt: number;
}

const picked = (kind: Exclude<Step['kind'], 'send' | 'purge' | 'reopen'>): fc.Arbitrary<Step> =>
  fc.nat({ max: 40 }).map((pick) => ({ kind, pick }));

const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constant<Step>({ kind: 'send' }) },
    { weight: 3, arbitrary: picked('edit') },
    { weight: 3, arbitrary: picked('regenerate') },
    { weight: 5, arbitrary: picked('show') },
    { weight: 1, arbitrary: picked('branch') },
    { weight: 3, arbitrary: picked('remove') },
    { weight: 3, arbitrary: picked('restore') },
    { weight: 1, arbitrary: fc.constant<Step>({ kind: 'purge' }) },
    { weight: 1, arbitrary: fc.constant<Step>({ kind: 'reopen' }) },
  ),
  { minLength: 1, maxLength: 30 },
);

/** A conversation as plain as can be: nodes, and for every node the child that was shown last. */
class Model {
  nodes: Node[] = [];
  readonly shown = new Map<Node | null, Node>();

  standing(): Node[] {
    return this.nodes.filter(({ removedWith }) => removedWith === null);
  }

  children(parent: Node | null): Node[] {
    return this.standing().filter((node) => node.parent === parent);
  }

  path(): Node[] {
    const found: Node[] = [];
    for (;;) {
      const children = this.children(found.at(-1) ?? null);
      const remembered = this.shown.get(found.at(-1) ?? null);
      const next = children.find((child) => child === remembered) ?? children.at(-1);
      if (next === undefined) break;
      found.push(next);
    }
    for (const node of found) this.shown.set(node.parent, node);
    return found;
  }

  show(node: Node): void {
    for (let each: Node | null = node; each !== null; each = each.parent) this.shown.set(each.parent, each);
    this.path();
  }

  below(node: Node): Node[] {
    return this.nodes.filter((each) => each === node || hangsBelow(each, node));
  }
}

function hangsBelow(node: Node, above: Node): boolean {
  return node.parent !== null && (node.parent === above || hangsBelow(node.parent, above));
}

/** Runs random sequences against real SQLite and checks after every step that both say the same. */
export function checkTrees(runs: number): void {
  const folder = temporaryFolder();
  let run = 0;
  try {
    fc.assert(
      fc.property(steps, (sequence) => {
        run += 1;
        new Run(path.join(folder.path, `${run}`, 'history.sqlite')).play(sequence);
      }),
      { numRuns: runs },
    );
  } finally {
    folder.remove();
  }
}

class Run {
  readonly #file: string;
  #database: HistoryDatabase;
  readonly #models = new Map<string, Model>();
  /** The conversation that steps act on. */
  #current: string = randomUUID();
  #now = 1_000;
  #count = 0;

  constructor(file: string) {
    this.#file = file;
    this.#database = this.#open();
    this.#models.set(this.#current, new Model());
    this.#ask(null, { isNew: true });
  }

  play(sequence: readonly Step[]): void {
    try {
      for (const step of sequence) {
        this.#now += 1;
        this.#take(step);
        this.#check();
      }
    } finally {
      this.#database.close();
    }
    this.#checkFile();
  }

  #open(): HistoryDatabase {
    return new HistoryDatabase({ databaseFile: this.#file, files: nodeFileSystem, now: this.#now });
  }

  get #model(): Model {
    const model = this.#models.get(this.#current);
    assert(model !== undefined);
    return model;
  }

  #take(step: Step): void {
    switch (step.kind) {
      case 'send':
        return this.#ask(this.#model.path().at(-1) ?? null);
      case 'purge':
        return this.#purge();
      case 'reopen':
        this.#database.close();
        this.#database = this.#open();
        return undefined;
      default:
        return this.#act(step.kind, step.pick);
    }
  }

  #act(kind: 'edit' | 'regenerate' | 'show' | 'branch' | 'remove' | 'restore', pick: number): void {
    const model = this.#model;
    const role = kind === 'edit' ? 'user' : kind === 'regenerate' ? 'assistant' : null;
    const choices = model.nodes.filter((node) => role === null || node.role === role);
    const node = choices[pick % Math.max(1, choices.length)];
    if (node === undefined) return undefined;
    const isStanding = node.removedWith === null;
    switch (kind) {
      case 'edit':
        return this.#refusedUnless(this.#isPlace(node.parent), () => this.#ask(node.parent));
      case 'regenerate':
        return this.#refusedUnless(this.#isPlace(node.parent), () => this.#answer(node.parent));
      case 'show':
        return this.#refusedUnless(isStanding, () => {
          this.#database.showVariant(this.#current, node.id);
          model.show(node);
        });
      case 'remove':
        return this.#refusedUnless(isStanding, () => {
          const gone = model.below(node).filter(({ removedWith }) => removedWith === null);
          assert.equal(this.#database.countBelow(node.id), gone.length);
          assert.equal(this.#database.removeMessage(node.id, this.#now).count, gone.length);
          for (const each of gone) Object.assign(each, { removedWith: node.id, removedAt: this.#now });
        });
      case 'restore':
        return this.#refusedUnless(node.removedWith === node.id && this.#isPlace(node.parent), () => {
          this.#database.restoreMessage(node.id);
          for (const each of model.nodes) if (each.removedWith === node.id) each.removedWith = null;
          model.show(node);
        });
      case 'branch':
        return this.#refusedUnless(isStanding, () => this.#branch(node));
    }
  }

  #isPlace(parent: Node | null): boolean {
    return parent === null || parent.removedWith === null;
  }

  /** What the model does not allow must be refused as not found, and change nothing: the check that follows would see it. */
  #refusedUnless(isAllowed: boolean, act: () => void): void {
    if (isAllowed) return act();
    try {
      act();
    } catch (error) {
      assert(error instanceof AppError && error.code === 'chat/not-found', String(error));
      return undefined;
    }
    return assert.fail('was not refused');
  }

  #ask(parent: Node | null, { isNew }: { isNew: boolean } = { isNew: false }): void {
    const user = this.#message('user', parent, `question${this.#count} common`);
    this.#start(user, this.#message('assistant', user, ''), isNew);
  }

  #answer(parent: Node | null): void {
    if (parent === null) return;
    this.#start(null, this.#message('assistant', parent, ''), false);
  }

  #start(user: Node | null, blank: Node, isNew: boolean): void {
    const choice = { connectionId: null, keyId: null, model: 'm' };
    const times = { createdAt: this.#now, updatedAt: this.#now };
    this.#database.startReply({
      newConversation: isNew
        ? { id: this.#current, title: 'title', ...choice, ...times, generation: PLAIN_GENERATION }
        : null,
      userMessage: user === null ? null : this.#toMessage(user),
      assistantMessage: this.#toMessage(blank),
      choice,
      asked: { connectionId: randomUUID(), keyId: null },
    });
    const answer = { ...blank, text: `answer${this.#count} common` };
    this.#database.appendChunk(answer.id, answer.text);
    this.#database.endReply({
      messageId: answer.id,
      state: 'done',
      error: null,
      usage: null,
      endedAt: this.#now,
    });
    if (user !== null) this.#model.nodes.push(user);
    this.#model.nodes.push(answer);
    this.#model.show(answer);
  }

  #branch(node: Node): void {
    const copies: { from: Node; to: Node }[] = [];
    const ancestors: Node[] = [];
    for (let each: Node | null = node; each !== null; each = each.parent) ancestors.unshift(each);
    for (const from of ancestors)
      copies.push({ from, to: { ...from, id: randomUUID(), parent: copies.at(-1)?.to ?? null } });
    const id = randomUUID();
    this.#database.branchConversation({
      sourceId: this.#current,
      id,
      title: 'branch',
      createdAt: this.#now,
      copies: copies.map(({ from, to }) => ({ from: from.id, to: to.id })),
    });
    const model = new Model();
    model.nodes.push(...copies.map(({ to }) => to));
    this.#models.set(id, model);
    // From here on the branch is what is worked on; the original must stay as it is.
    this.#current = id;
  }

  #purge(): void {
    // Half of what was removed is due.
    const due = this.#now - 5;
    const steps_ = this.#database.purgeRemoved(due);
    while (steps_.next().done !== true);
    for (const model of this.#models.values()) {
      const tops = model.nodes.filter((node) => node.removedWith === node.id && node.removedAt <= due);
      const gone = new Set(tops.flatMap((top) => model.below(top)));
      model.nodes = model.nodes.filter((node) => !gone.has(node));
    }
  }

  #message(role: Node['role'], parent: Node | null, text: string): Node {
    this.#count += 1;
    return { id: randomUUID(), parent, role, text, removedWith: null, removedAt: 0 };
  }

  #toMessage({ id, parent, role, text }: Node): Message {
    return {
      ...PLAIN_MESSAGE,
      id,
      conversationId: this.#current,
      parentId: parent?.id ?? null,
      role,
      text,
      state: role === 'user' ? 'done' : 'streaming',
      model: role === 'user' ? null : 'm',
      createdAt: this.#now,
    };
  }

  #check(): void {
    for (const [id, model] of this.#models) {
      const shown = this.#database
        .openConversation(id)
        .messages.map(({ id: messageId, text, variantIds }) => ({ id: messageId, text, variantIds }));
      const expected = model.path().map((node) => ({
        id: node.id,
        text: node.text,
        variantIds: model.children(node.parent).map((child) => child.id),
      }));
      assert.deepEqual(shown, expected);
    }
    const found = this.#search({ query: 'common' });
    const standing = [...this.#models.values()].flatMap((model) => model.standing());
    assert.deepEqual(new Set(found), new Set(standing.map(({ id }) => id)));
    const [last] = standing.slice(-1);
    if (last !== undefined) assert(this.#search({ query: last.text.split(' ')[0] ?? '' }).includes(last.id));
  }

  #search({ query }: { query: string }): string[] {
    const steps_ = this.#database.search({
      query,
      role: null,
      model: null,
      conversationId: null,
      from: null,
      to: null,
      offset: 0,
      limit: 100,
    });
    for (;;) {
      const step = steps_.next();
      if (step.done !== true) continue;
      assert.equal(step.value.total, step.value.hits.length);
      return step.value.hits.map(({ messageId }) => messageId);
    }
  }

  /** Nothing points nowhere, nothing goes round in a circle, and the index holds what the table does. */
  #checkFile(): void {
    const file = new DatabaseSync(this.#file);
    try {
      assert.deepEqual(file.prepare('PRAGMA foreign_key_check').all(), []);
      assert.equal(file.prepare('PRAGMA integrity_check').get()?.['integrity_check'], 'ok');
      file.exec(`INSERT INTO message_words (message_words) VALUES ('integrity-check')`);
      const rooted = file
        .prepare(
          `WITH RECURSIVE rooted (id) AS (
             SELECT id FROM messages WHERE parent_id IS NULL
             UNION ALL SELECT m.id FROM messages m JOIN rooted ON m.parent_id = rooted.id
           ) SELECT count(*) AS rooted, (SELECT count(*) FROM messages) AS whole FROM rooted`,
        )
        .get();
      assert.equal(rooted?.['rooted'], rooted?.['whole']);
      const astray = file
        .prepare(
          `SELECT m.id FROM messages m JOIN messages p ON p.id = m.parent_id
           WHERE m.conversation_id <> p.conversation_id OR (p.removed_at IS NOT NULL AND m.removed_at IS NULL)`,
        )
        .all();
      assert.deepEqual(astray, []);
    } finally {
      file.close();
    }
  }
}
