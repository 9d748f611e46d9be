import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { NetworkLog } from './network-log.ts';

const START = {
  origin: 'https://api.example.com',
  purpose: 'answer',
  keyLabel: 'work',
  sentBytes: 10,
} as const;

function openLog(isKept = () => true) {
  let now = 1_000;
  const log = new NetworkLog({ now: () => (now += 5) }, { next: () => randomUUID() }, isKept);
  return log;
}

describe('NetworkLog', () => {
  it('follows a request from its start to its end', () => {
    const log = openLog();
    const trace = log.begin(START);
    expect(log.list()[0]).toMatchObject({ ...START, status: null, outcome: 'running' });
    trace.responded(200);
    trace.received(3);
    trace.received(4);
    trace.ended('done');
    trace.ended('cancelled');
    trace.received(100);
    expect(log.list()).toEqual([
      expect.objectContaining({ status: 200, receivedBytes: 7, outcome: 'done', durationMs: 5 }),
    ]);
  });

  it('shows the newest first and forgets the oldest of many', () => {
    const log = openLog();
    for (let index = 0; index < 600; index += 1) log.begin({ ...START, sentBytes: index });
    expect(log.list()).toHaveLength(500);
    expect(log.list()[0]?.sentBytes).toBe(599);
  });

  it('remembers nothing while it is switched off, or once it was cleared', () => {
    let isKept = false;
    const log = openLog(() => isKept);
    log.begin(START).ended('done');
    expect(log.list()).toEqual([]);
    isKept = true;
    const trace = log.begin(START);
    log.clear();
    trace.ended('done');
    expect(log.list()).toEqual([]);
  });
});
