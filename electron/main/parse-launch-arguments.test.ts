import { describe, expect, it } from 'vitest';
import { findForbiddenSwitch, parseLaunchArguments } from './parse-launch-arguments.ts';

describe('parseLaunchArguments', () => {
  it.each([
    { argv: [], link: null, demo: null, remote: false },
    {
      argv: ['.', '--demo-server=http://127.0.0.1:4010/v1'],
      link: null,
      demo: 'http://127.0.0.1:4010/v1',
      remote: false,
    },
    {
      argv: ['--demo-server=http://localhost:4010/v1/'],
      link: null,
      demo: 'http://localhost:4010/v1',
      remote: false,
    },
    { argv: ['--demo-server=http://[::1]:4010'], link: null, demo: 'http://[::1]:4010', remote: false },
    { argv: ['--allow-remote-keys'], link: null, demo: null, remote: true },
    {
      argv: ['latchkey://v1/chat?prompt=hi'],
      link: 'latchkey://v1/chat?prompt=hi',
      demo: null,
      remote: false,
    },
    { argv: ['LATCHKEY://v1/chat'], link: 'LATCHKEY://v1/chat', demo: null, remote: false },
    { argv: ['--', 'latchkey://v1/chat'], link: 'latchkey://v1/chat', demo: null, remote: false },
  ])('reads $argv', ({ argv, link, demo, remote }) => {
    expect(parseLaunchArguments(argv)).toEqual({
      link,
      demoBaseUrl: demo,
      allowsRemoteKeys: remote,
      openRouterOrigin: null,
      isKeystoreProbe: false,
      policyFile: null,
      problems: [],
    });
  });

  it('asks the keystore only when told so before a deep link', () => {
    expect(parseLaunchArguments(['--probe-keystore']).isKeystoreProbe).toBe(true);
    expect(parseLaunchArguments(['latchkey://v1/chat', '--probe-keystore']).isKeystoreProbe).toBe(false);
  });

  it('drops everything after a deep link, a second link included', () => {
    const argv = [
      'latchkey://v1/chat?prompt=a',
      '--allow-remote-keys',
      '--demo-server=http://127.0.0.1:1',
      'latchkey://v1/chat?prompt=b',
    ];
    expect(parseLaunchArguments(argv)).toEqual({
      link: 'latchkey://v1/chat?prompt=a',
      demoBaseUrl: null,
      allowsRemoteKeys: false,
      openRouterOrigin: null,
      isKeystoreProbe: false,
      policyFile: null,
      problems: [],
    });
  });

  it('takes no switch after a bare double dash', () => {
    expect(parseLaunchArguments(['--', '--allow-remote-keys']).allowsRemoteKeys).toBe(false);
  });

  it.each([
    'https://127.0.0.1:4010/v1',
    'http://example.com/v1',
    'http://127.0.0.1.example.com/v1',
    'http://localhost.example.com',
    'http://user:secret@127.0.0.1/v1',
    'http://127.0.0.1/v1?x=1',
    'http://127.0.0.1/v1#x',
    'http://0.0.0.0:80',
    'file:///etc/passwd',
    'javascript:alert(1)',
    '127.0.0.1:4010',
    '',
  ])('refuses %s as a demo server and says so', (url) => {
    const parsed = parseLaunchArguments([`--demo-server=${url}`]);
    expect(parsed.demoBaseUrl).toBeNull();
    expect(parsed.problems).toHaveLength(1);
  });
});

describe('--openrouter-origin', () => {
  const unpackaged = { isPackaged: false };

  it.each(['http://127.0.0.1:4010', 'http://localhost:4010', 'http://[::1]:4010', 'http://127.0.0.1:4010/'])(
    'takes %s in an unpackaged build',
    (value) => {
      const parsed = parseLaunchArguments([`--openrouter-origin=${value}`], unpackaged);
      expect(parsed).toMatchObject({ openRouterOrigin: value.replace(/\/$/, ''), problems: [] });
    },
  );

  it.each([
    'https://openrouter.ai',
    'http://openrouter.ai',
    'https://127.0.0.1:4010',
    'http://127.0.0.1:4010/api',
    'http://127.0.0.1.example.com',
    'http://user:secret@127.0.0.1:4010',
    'http://127.0.0.1:4010?x=1',
    'javascript:alert(1)',
    '',
  ])('refuses %s and says so', (value) => {
    const parsed = parseLaunchArguments([`--openrouter-origin=${value}`], unpackaged);
    expect(parsed.openRouterOrigin).toBeNull();
    expect(parsed.problems).toHaveLength(1);
  });

  it('is ignored by a packaged app, which says so, and behind a link', () => {
    const argv = ['--openrouter-origin=http://127.0.0.1:4010'];
    for (const packaged of [
      parseLaunchArguments(argv, { isPackaged: true }),
      parseLaunchArguments(argv),
      parseLaunchArguments(['latchkey://v1/chat', ...argv], unpackaged),
    ])
      expect(packaged.openRouterOrigin).toBeNull();
    expect(parseLaunchArguments(argv, { isPackaged: true }).problems).toHaveLength(1);
  });
});

describe('a policy file on the command line', () => {
  const argv = ['--policy-file=/tmp/policy.json'];

  it('is taken by an unpackaged build', () => {
    expect(parseLaunchArguments(argv, { isPackaged: false })).toMatchObject({
      policyFile: '/tmp/policy.json',
      problems: [],
    });
  });

  it('is ignored by a packaged build, which says so', () => {
    expect(parseLaunchArguments(argv, { isPackaged: true }).policyFile).toBeNull();
    expect(parseLaunchArguments(argv).policyFile).toBeNull();
    expect(parseLaunchArguments(argv).problems).toEqual([expect.stringContaining('--policy-file')]);
  });

  it('is not taken from behind a link or a double dash', () => {
    for (const before of ['latchkey://v1/chat?prompt=a', '--'])
      expect(parseLaunchArguments([before, ...argv], { isPackaged: false }).policyFile).toBeNull();
  });
});

describe('findForbiddenSwitch', () => {
  it.each([
    '--remote-debugging-port=9222',
    '--remote-debugging-pipe',
    '-remote-debugging-port=0',
    '/Remote-Debugging-Port=0',
    '--inspect',
    '--inspect=0.0.0.0:1',
    '--inspect-brk',
    '--INSPECT-BRK=1',
    '--remote-allow-origins=*',
    '--disable-web-security',
    '--renderer-cmd-prefix=sh',
    '--gpu-launcher=sh',
  ])('finds %s', (argument) => {
    expect(findForbiddenSwitch(['.', argument])).toBe(argument.split('=')[0]);
  });

  it.each([
    '--no-sandbox',
    '--user-data-dir=/tmp/inspect',
    'inspect',
    '--demo-server=x',
    '/home/me/inspect.md',
  ])('lets %s pass', (argument) => {
    expect(findForbiddenSwitch([argument])).toBeNull();
  });
});
