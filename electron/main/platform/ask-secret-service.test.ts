import { describe, expect, it } from 'vitest';
import { askSecretService, type RunTool } from './ask-secret-service.ts';

// As the three programs print them.
const ANSWERS = {
  gdbus: {
    open: '(<false>,)\n',
    locked: '(<true>,)\n',
    foundOpen: "([objectpath '/org/freedesktop/secrets/collection/login/2'], @ao [])\n",
    foundLocked: "(@ao [], [objectpath '/org/freedesktop/secrets/collection/login/2'])\n",
    foundNothing: '(@ao [], @ao [])\n',
  },
  busctl: {
    open: 'b false\n',
    locked: 'b true\n',
    foundOpen: 'aoao 1 "/org/freedesktop/secrets/collection/login/2" 0\n',
    foundLocked: 'aoao 0 1 "/org/freedesktop/secrets/collection/login/2"\n',
    foundNothing: 'aoao 0 0\n',
  },
  'dbus-send': {
    open: 'method return time=1 sender=:1.0 -> destination=:1.5 serial=21\n   variant       boolean false\n',
    locked: 'method return time=1 sender=:1.0 -> destination=:1.5 serial=21\n   variant       boolean true\n',
    foundOpen: 'method return\n   array [\n      object path "/a/2"\n   ]\n   array [\n   ]\n',
    foundLocked: 'method return\n   array [\n   ]\n   array [\n      object path "/a/2"\n   ]\n',
    foundNothing: 'method return\n   array [\n   ]\n   array [\n   ]\n',
  },
} as const;

type Answers = (typeof ANSWERS)[keyof typeof ANSWERS];

/** A machine with one program on it. */
function machineWith(program: string, lock: string, found: string): RunTool {
  return (name, args) => {
    const isSearch = args.some((each) => each.includes('SearchItems'));
    return Promise.resolve(name === program ? { text: isSearch ? found : lock } : null);
  };
}

describe.each(Object.entries(ANSWERS) as [string, Answers][])('asked with %s', (program, answers) => {
  it.each([
    ['open', answers.open, answers.foundOpen],
    ['open', answers.open, answers.foundNothing],
    ['locked', answers.locked, answers.foundLocked],
    ['locked', answers.locked, answers.foundNothing],
    // The entry may lie in another collection than the one that is open.
    ['locked', answers.open, answers.foundLocked],
    ['locked', answers.locked, answers.foundOpen],
    ['locked', '', answers.foundOpen],
    ['locked', 'false true', answers.foundOpen],
    ['locked', answers.open, ''],
    ['locked', answers.open, 'something else'],
  ])('the keyring is %s after %j and %j', async (view, lock, found) => {
    expect(await askSecretService('Latchkey', machineWith(program, lock, found))).toBe(view);
  });
});

describe('the Secret Service', () => {
  it('is silent when a program is there but gets no answer', async () => {
    expect(await askSecretService('Latchkey', () => Promise.resolve('failed'))).toBe('silent');
  });

  it('is unknown where there is no program to ask with', async () => {
    expect(await askSecretService('Latchkey', () => Promise.resolve(null))).toBe('unknown');
  });
});
