import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../harness/temporary-folder.ts';
import { cutLog, cutWholeLog } from '../../crash/cut-log.ts';
import { limitFiles } from '../../crash/failing-calls.ts';
import { faultyFiles } from '../../crash/faulty-files.ts';
import { killLoop } from '../../crash/kill-loop.ts';
import { profileIn, runScript } from '../../crash/scripted-run.ts';

// The same experiments as `npm run test:crash`, fewer of each. How much text is missing after a kill depends on the machine's load,
// so that only the full run judges it.

describe('the history', () => {
  it('survives kill -9 while an answer arrives: no question is lost and nothing is damaged', async () => {
    const report = await killLoop(6);
    expect(report).toMatchObject({ kills: 6, lostQuestions: 0, damagedAnswers: 0, corruptDatabases: 0 });
    expect(report.questions).toBeGreaterThanOrEqual(6);
    expect(report.answersCut).toBeGreaterThan(0);
  });

  it('opens with everything that was acknowledged, wherever its log is cut', () => {
    const report = cutLog(14);
    expect(report).toMatchObject({ lostSteps: 0, corruptDatabases: 0 });
    expect(report.cuts).toBeGreaterThan(40);
    expect(cutWholeLog(), 'steps lost when the whole log is: the experiment can see a loss').toBeGreaterThan(
      20,
    );
  });

  it('refuses what it cannot write, loses nothing, and goes on when there is room again', () => {
    const report = limitFiles(8);
    expect(report.problems).toEqual([]);
    expect(report.refusals).toBeGreaterThan(3);
  });

  it('survives the failure of any of its own file operations, one at a time', () => {
    const folder = temporaryFolder();
    const codes = ['ENOSPC', 'EIO', 'EACCES', 'EBUSY'] as const;
    let calls = 1;
    let refusals = 0;
    for (let failAt = 0; failAt <= calls; failAt += failAt === 0 ? 1 : 5) {
      const file = profileIn(folder.path, failAt);
      mkdirSync(path.dirname(file), { recursive: true });
      const code = codes[failAt % codes.length] ?? 'EIO';
      const { files, heal, seen } = faultyFiles(failAt, code);
      const outcome = runScript(file, { files, heal });
      expect(outcome.problems, `${code} at operation ${failAt}`).toEqual([]);
      refusals += outcome.refusals.length;
      if (failAt === 0) calls = seen();
    }
    expect(calls).toBeGreaterThan(30);
    expect(refusals).toBeGreaterThan(5);
    folder.remove();
  });
});
