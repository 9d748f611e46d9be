import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../setup/paths.mjs';
import { collectProofs } from './read-proofs.mjs';

const vitest = {
  testResults: [
    {
      name: path.join(repositoryRoot, 'tests/a.test.ts'),
      assertionResults: [
        { fullName: 'a key is safe', status: 'passed', meta: { proves: ['no-get', 'no-contact'] } },
        { fullName: 'a key is odd', status: 'failed', meta: { proves: ['no-get'] } },
        { fullName: 'a key is plain', status: 'passed', meta: {} },
      ],
    },
  ],
};

const spec = (
  title: string,
  status: string,
  annotations: readonly { type: string; description: string }[],
) => ({
  title,
  file: 'tests/b.spec.ts',
  tests: [{ status, annotations }],
});

const playwright = {
  suites: [
    { title: 'tests/other.spec.ts', file: 'tests/other.spec.ts', specs: [] },
    {
      title: 'tests/b.spec.ts',
      file: 'tests/b.spec.ts',
      specs: [spec('reads fuses', 'expected', [{ type: 'fuse', description: 'RunAsNode: DISABLE' }])],
      suites: [
        {
          title: 'a link',
          file: 'tests/b.spec.ts',
          specs: [
            spec('is shown', 'expected', [{ type: 'proves', description: 'links-show-only' }]),
            spec('is skipped', 'skipped', [{ type: 'proves', description: 'links-show-only' }]),
            spec('came back', 'flaky', [{ type: 'proves', description: 'links-show-only' }]),
          ],
        },
      ],
    },
  ],
};

describe('collectProofs', () => {
  it('takes what tests say of themselves, with the names of what they stand in, and only what passed at once', () => {
    const [b, a] = ['tests/b.spec.ts', 'tests/a.test.ts'];
    expect(collectProofs({ vitest: [vitest], playwright: [playwright] })).toEqual({
      proofs: [
        { promise: 'no-get', file: a, title: 'a key is safe', isPassed: true },
        { promise: 'no-contact', file: a, title: 'a key is safe', isPassed: true },
        { promise: 'no-get', file: a, title: 'a key is odd', isPassed: false },
        { promise: 'links-show-only', file: b, title: 'a link is shown', isPassed: true },
        { promise: 'links-show-only', file: b, title: 'a link is skipped', isPassed: false },
        { promise: 'links-show-only', file: b, title: 'a link came back', isPassed: false },
      ],
      fuses: [['RunAsNode', 'DISABLE']],
    });
  });
});
