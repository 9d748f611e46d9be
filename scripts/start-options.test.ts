import { describe, expect, it } from 'vitest';

import { parseStartOptions } from './start-options.mjs';

describe('parseStartOptions', () => {
  it('leaves the choice of a tour to the display', () => {
    expect(parseStartOptions([])).toMatchObject({ tour: undefined, keepOpen: false, userDataDir: undefined });
  });

  it.each([
    ['an unknown option', ['--foo']],
    ['a positional argument', ['somewhere']],
    ['a missing value', ['--user-data-dir']],
    ['both tour switches', ['--tour', '--no-tour']],
    ['a connection to another computer', ['--connection-url', 'http://192.168.1.2/v1']],
    ['a host that only starts like loopback', ['--connection-url', 'http://127.0.0.1.example.com/v1']],
    ['a connection without a scheme', ['--connection-url', '127.0.0.1:4010/v1']],
  ])('refuses %s', (_what, args) => {
    expect(() => parseStartOptions(args)).toThrow(TypeError);
  });

  it('makes the profile folder absolute', () => {
    expect(parseStartOptions(['--user-data-dir', 'profile']).userDataDir).toMatch(/^(\/|[A-Z]:).*profile$/);
  });
});
