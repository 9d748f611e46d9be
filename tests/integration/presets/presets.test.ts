import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RouteInput } from '../../../electron/contract/contract.ts';
import { PLAIN_GENERATION } from '../../../electron/contract/model/plain.ts';
import { MAX_PRESETS } from '../../../electron/contract/model/preset.ts';
import { ChatWorld, DIALECTS, KEY } from '../../harness/chat-world.ts';
import { sendHealthy } from '../../harness/faults/exchange.ts';
import { randomIds } from '../../harness/fake-ports.ts';
import { startRawServer } from '../../harness/raw-server.ts';
import { MANAGED_ID, managedConnection, testPolicy } from '../../harness/test-policy.ts';

const TERSE = { ...PLAIN_GENERATION, systemPrompt: 'Answer in one line.', effort: 'high' } as const;

let world: ChatWorld;
let now: number;

beforeEach(async () => {
  now = 1_700_000_000_000;
  world = await new ChatWorld().open({ clock: { now: () => now } });
});

afterEach(() => world.close());

function preset(fields: Partial<RouteInput<'presets.save'>> = {}): RouteInput<'presets.save'> {
  return { id: null, name: 'Terse', connectionId: null, model: null, generation: TERSE, ...fields };
}

const names = async (): Promise<string[]> =>
  (await world.app.get('presets.list', {})).map(({ name }) => name);
const file = (): string => path.join(world.folder, 'presets.json');

describe('presets', () => {
  it('are there after a restart, as they were saved', async () => {
    const saved = await world.app.get('presets.save', preset({ model: 'gpt-5' }));
    await world.app.get('presets.save', preset({ name: 'Other' }));
    await world.app.get('presets.save', { ...preset({ name: 'Terser', model: 'gpt-5' }), id: saved.id });
    await world.restart();
    expect(await world.app.get('presets.list', {})).toMatchObject([
      { id: saved.id, name: 'Terser', model: 'gpt-5', generation: TERSE, obstacle: null },
      { name: 'Other', model: null },
    ]);
  });

  it('leave the disk when they are removed, and come back to their place when that is undone', async () => {
    for (const name of ['One', 'Two', 'Three']) await world.app.get('presets.save', preset({ name }));
    const id = (await world.app.get('presets.list', {}))[1]?.id ?? '';
    await world.app.get('presets.remove', { id });
    expect(readFileSync(file(), 'utf8')).not.toContain('Two');
    expect(await names()).toEqual(['One', 'Three']);
    now += 9_999;
    await world.app.get('presets.restore', { id });
    expect(await names()).toEqual(['One', 'Two', 'Three']);
  });

  it('that were saved from an open editor after they were removed stay as they were saved when that is undone', async () => {
    await world.app.get('presets.save', preset({ name: 'One' }));
    const { id } = await world.app.get('presets.save', preset({ name: 'Two' }));
    await world.app.get('presets.remove', { id });
    await world.app.get('presets.save', { ...preset({ name: 'Two, edited' }), id });
    expect(await world.app.get('presets.restore', { id })).toMatchObject({ id, name: 'Two, edited' });
    expect(await names()).toEqual(['One', 'Two, edited']);
    expect(readFileSync(file(), 'utf8').split(id)).toHaveLength(2);
    await world.restart({ clock: { now: () => now } });
    expect(await names()).toEqual(['One', 'Two, edited']);
    expect((await world.app.get('app.info', {})).notices).toEqual([]);
  });

  it('cannot be brought back once the time for it is over, or twice', async () => {
    const { id } = await world.app.get('presets.save', preset());
    await world.app.get('presets.remove', { id });
    now += 12_000;
    expect(await world.app.call('presets.restore', { id })).toMatchObject({
      error: { code: 'library/not-found' },
    });
    expect(await world.app.call('presets.remove', { id })).toMatchObject({
      error: { code: 'library/not-found' },
    });
  });

  it('are refused when there are too many, or they take too much room, and what is there stays', async () => {
    const stored = Array.from({ length: MAX_PRESETS }, (_each, index) => ({
      ...preset({ name: `Preset ${index}` }),
      id: randomIds.next(),
    }));
    await world.restartAfter(() =>
      writeFileSync(file(), JSON.stringify({ version: 1, presets: stored, prompts: [] })),
    );
    expect(await world.app.call('presets.save', preset())).toMatchObject({ error: { code: 'library/full' } });
    expect(await names()).toHaveLength(MAX_PRESETS);
    const text = 'long '.repeat(20_000);
    for (let count = 0; count < 29; count += 1) {
      await world.app.get('prompts.save', { id: null, name: `Prompt ${count}`, text });
    }
    expect(await world.app.call('prompts.save', { id: null, name: 'One more', text })).toMatchObject({
      error: { code: 'library/full' },
    });
    expect(await world.app.get('prompts.list', {})).toHaveLength(29);
  });

  it('refuse what makes no sense', async () => {
    const refused = [
      preset({ name: '   ' }),
      preset({ name: 'x'.repeat(81) }),
      preset({ generation: { ...TERSE, systemPrompt: 'x'.repeat(100_001) } }),
      preset({ generation: { ...TERSE, effort: 'utmost' as 'high' } }),
      { ...preset(), colour: 'red' },
    ];
    for (const input of refused) {
      expect(await world.app.call('presets.save', input)).toMatchObject({
        error: { code: 'ipc/invalid-input' },
      });
    }
    expect(await names()).toEqual([]);
  });

  it('take no API key into a field that rests in clear', async () => {
    const withKey = `Use ${KEY} for everything.`;
    const refused = [
      await world.app.call('presets.save', preset({ generation: { ...TERSE, systemPrompt: withKey } })),
      await world.app.call('presets.save', preset({ name: KEY })),
      await world.app.call('prompts.save', { id: null, name: 'Mine', text: withKey }),
      await world.app.call('newChat.save', {
        choice: {
          connectionId: null,
          keyId: null,
          model: null,
          generation: { ...TERSE, systemPrompt: withKey },
        },
      }),
    ];
    expect(refused.map((result) => (result.ok ? 'ok' : result.error.code))).toEqual(
      refused.map(() => 'secret/key-in-field'),
    );
    expect(existsSync(file())).toBe(false);
  });

  it('say that their connection was removed', async () => {
    const connectionId = await world.connect();
    await world.app.get('presets.save', preset({ connectionId, model: 'gpt-5' }));
    expect(await world.app.get('presets.list', {})).toMatchObject([{ obstacle: null }]);
    await world.app.get('connections.remove', { id: connectionId });
    expect(await world.app.get('presets.list', {})).toMatchObject([{ obstacle: 'connection-removed' }]);
  });

  it('say what a policy does not let them do', async () => {
    const connectionId = await world.connect();
    const policy = testPolicy({
      connections: [managedConnection('https://models.example.com/v1')],
      allowsOwnConnections: false,
      models: [{ names: ['gpt-5*'] }],
    });
    await world.restart({ policy });
    const obstacles = await Promise.all(
      [
        preset({ connectionId, model: 'gpt-5' }),
        preset({ connectionId: MANAGED_ID, model: 'gpt-5' }),
        preset({ connectionId: MANAGED_ID, model: 'o3' }),
        preset({ model: 'o3' }),
        preset({ model: 'gpt-5-mini' }),
      ].map(async (each) => (await world.app.get('presets.save', each)).obstacle),
    );
    expect(obstacles).toEqual(['connection-refused', null, 'model-refused', 'model-refused', null]);
  });
});

describe('a damaged file of presets', () => {
  it('gives back every entry that is whole, and says so', async () => {
    await world.app.get('presets.save', preset({ name: 'First' }));
    await world.app.get('presets.save', preset({ name: 'Second' }));
    await world.app.get('prompts.save', { id: null, name: 'Third', text: 'Say {{what}}' });
    await world.restartAfter(() => {
      const text = readFileSync(file(), 'utf8');
      writeFileSync(
        file(),
        `${text.slice(0, text.indexOf('"Second"'))}\0${text.slice(text.indexOf('"prompts"'))}`,
      );
    });
    expect(await names()).toEqual(['First']);
    expect(await world.app.get('prompts.list', {})).toMatchObject([{ name: 'Third', text: 'Say {{what}}' }]);
    const { notices } = await world.app.get('app.info', {});
    expect(notices).toMatchObject([{ title: 'The file with your presets and prompts was damaged' }]);
    await world.restart();
    expect(await names()).toEqual(['First']);
    expect((await world.app.get('app.info', {})).notices).toEqual([]);
  });

  it('keeps what a later version wrote when something is saved', async () => {
    const later = { id: randomIds.next(), name: 'Later', from: 'the future' };
    await world.restartAfter(() =>
      writeFileSync(file(), JSON.stringify({ version: 1, presets: [later], prompts: [7] })),
    );
    expect((await world.app.get('app.info', {})).notices).toHaveLength(1);
    await world.app.get('presets.save', preset());
    expect(await names()).toEqual(['Terse']);
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toMatchObject({ presets: [later, {}], prompts: [7] });
  });

  it.each(['[]', '{"version":1,"presets":{},"prompts":[]}'])('is set aside when it is %s', async (text) => {
    await world.restartAfter(() => writeFileSync(file(), text));
    expect(await names()).toEqual([]);
    expect((await world.app.get('app.info', {})).notices).toHaveLength(1);
    expect(existsSync(path.join(world.folder, 'presets.damaged-1.json'))).toBe(true);
  });
});

describe('prompts', () => {
  it('are there after a restart, and can be removed and brought back', async () => {
    const { id } = await world.app.get('prompts.save', { id: null, name: 'Review', text: 'Review {{file}}' });
    await world.restart({ clock: { now: () => now } });
    expect(await world.app.get('prompts.list', {})).toEqual([
      { id, name: 'Review', text: 'Review {{file}}' },
    ]);
    await world.app.get('prompts.remove', { id });
    expect(await world.app.get('prompts.list', {})).toEqual([]);
    await world.app.get('prompts.restore', { id });
    expect(await world.app.get('prompts.list', {})).toHaveLength(1);
  });
});

describe('how the answers of a conversation are made', () => {
  it('is kept with the conversation, through a restart', async () => {
    const connectionId = await world.connect();
    world.server.onMessage(/./, { content: 'Yes.' });
    const { started } = await world.ask(connectionId, 'hi');
    const id = started.conversationId;
    expect((await world.app.get('conversations.open', { id })).generation).toEqual(PLAIN_GENERATION);
    const generation = { ...TERSE, verbosity: 'low', usesWebSearch: true, makesImages: true } as const;
    expect(await world.app.get('conversations.setGeneration', { id, generation })).toEqual(generation);
    await world.restart();
    expect((await world.app.get('conversations.open', { id })).generation).toEqual(generation);
  });

  it('is refused for a conversation that is gone, and with a key in the system prompt', async () => {
    const connectionId = await world.connect();
    world.server.onMessage(/./, { content: 'Yes.' });
    const { started } = await world.ask(connectionId, 'hi');
    const id = started.conversationId;
    const withKey = { ...TERSE, systemPrompt: `Use ${KEY}` };
    expect(await world.app.call('conversations.setGeneration', { id, generation: withKey })).toMatchObject({
      error: { code: 'secret/key-in-field' },
    });
    expect((await world.app.get('conversations.open', { id })).generation).toEqual(PLAIN_GENERATION);
    await world.app.get('conversations.remove', { id });
    expect(await world.app.call('conversations.setGeneration', { id, generation: TERSE })).toMatchObject({
      error: { code: 'chat/not-found' },
    });
  });

  it('is taken from the message that starts the conversation, but for one with a key in it', async () => {
    const connectionId = await world.connect();
    world.server.onMessage(/./, { content: 'Yes.' });
    const message = { conversationId: null, connectionId, keyId: null, model: 'gpt-5', text: 'hi' };
    const started = await world.app.get('chat.send', { ...message, generation: TERSE });
    const { generation } = await world.app.get('conversations.open', { id: started.conversationId });
    expect(generation).toEqual(TERSE);
    const withKey = { ...TERSE, systemPrompt: KEY };
    expect(await world.app.call('chat.send', { ...message, generation: withKey })).toMatchObject({
      error: { code: 'secret/key-in-field' },
    });
    expect(await world.app.get('conversations.list', {})).toHaveLength(1);
  });
});

describe.each(DIALECTS)('what reaches the server (%s)', (dialect) => {
  it('is the system prompt of the conversation as it is now, for every way to ask', async () => {
    const server = await startRawServer((_request, socket) => sendHealthy({ socket, dialect }));
    const connectionId = await world.app.addConnection({ baseUrl: server.baseUrl, key: KEY, dialect });
    const target = { connectionId, keyId: null, model: 'some-model' };
    const ended = ({ streamId }: { readonly streamId: string }) =>
      world.app.events.next('chat.ended', (end) => end.streamId === streamId);
    const question = { ...target, text: 'hi', generation: TERSE };

    const first = await world.app.get('chat.send', { ...question, conversationId: null });
    await ended(first);
    const id = first.conversationId;
    const generation = { ...TERSE, systemPrompt: 'Answer in verse.', effort: null };
    await world.app.get('conversations.setGeneration', { id, generation });
    const messageId = first.assistantMessage.id;
    await ended(await world.app.get('chat.regenerate', { ...target, messageId }));
    await world.app.get('conversations.setGeneration', { id, generation: PLAIN_GENERATION });
    await ended(await world.app.get('chat.send', { ...question, conversationId: id }));

    const asked = server.requests.map(({ body }) => askedWith(JSON.parse(body) as RequestBody));
    expect(asked).toEqual([
      { system: 'Answer in one line.', effort: 'high' },
      { system: 'Answer in verse.', effort: undefined },
      { system: undefined, effort: undefined },
    ]);
    await server.stop();
  });
});

/** As much of a request as is looked at, in either dialect. */
interface RequestBody {
  readonly instructions?: string;
  readonly reasoning?: { readonly effort?: string };
  readonly messages?: readonly { readonly role: string; readonly content: string }[];
  readonly reasoning_effort?: string;
}

function askedWith(body: RequestBody): object {
  const system = body.messages?.find(({ role }) => role === 'system')?.content;
  return {
    system: body.instructions ?? system,
    effort: body.reasoning?.effort ?? body.reasoning_effort,
  };
}

describe('the choice for a new chat', () => {
  it('is kept through a restart, and can be taken back', async () => {
    expect(await world.app.get('newChat.get', {})).toBeNull();
    const choice = { connectionId: randomIds.next(), keyId: null, model: 'gpt-5', generation: TERSE };
    await world.app.get('newChat.save', { choice });
    await world.restart();
    expect(await world.app.get('newChat.get', {})).toEqual(choice);
    await world.app.get('newChat.save', { choice: null });
    expect(await world.app.get('newChat.get', {})).toBeNull();
  });
});
