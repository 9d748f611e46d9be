import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestCore, type TestCore } from '../../harness/create-test-core.ts';
import { temporaryFolder } from '../../harness/temporary-folder.ts';
import { proves } from '../../harness/proves.ts';

const KEY = 'sk-test-canary-Zr5Tg8Hn1Mk4Qw7E';

let folder: ReturnType<typeof temporaryFolder>;
let app: TestCore;

beforeEach(async () => {
  folder = temporaryFolder();
  app = await createTestCore({ folder: folder.path });
});

afterEach(async () => {
  await app.stop();
  folder.remove();
});

describe('diagnostics', () => {
  it('say of a connection its host and its state', async () => {
    await app.addConnection({ baseUrl: 'http://127.0.0.1:9/tenant/v1', key: KEY });
    const { text } = await app.get('app.diagnostics', {});
    expect(text).toContain(
      'Connections: 1\n- http://127.0.0.1:9, compatible, responses, key ok, not tried\n',
    );
    expect(text).not.toMatch(/tenant|work|Qw7E/);
  });

  it('tell no key even where one got into the log', proves('nowhere-else'), async () => {
    await app.addConnection({ baseUrl: 'http://127.0.0.1:9/v1', key: KEY });
    app.logger.error('leaked', {
      whole: KEY,
      base64: Buffer.from(KEY).toString('base64'),
      piece: 'Zr5Tg8Hn1',
    });
    const { text } = await app.get('app.diagnostics', {});
    expect(text).toContain('leaked');
    expect(text).not.toContain(KEY);
    expect(text).not.toContain(Buffer.from(KEY).toString('base64').slice(0, 20));
    expect(text).not.toContain('Zr5Tg8Hn1');
  });

  it('are for the chat window alone', async () => {
    expect(await app.call('app.diagnostics', {}, 'key')).toMatchObject({
      ok: false,
      error: { code: 'ipc/forbidden' },
    });
  });
});
