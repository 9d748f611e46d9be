import { describe, expect, it } from 'vitest';
import { MAX_TITLE_LENGTH } from '../../contract/routes/conversations.ts';
import { branchTitle } from './branch-title.ts';

describe('the title of a branch', () => {
  it.each([
    ['Porto', [], 'Porto (branch)'],
    ['Porto', ['Porto (branch)'], 'Porto (branch 2)'],
    ['Porto (branch)', ['Porto (branch)'], 'Porto (branch 2)'],
    ['Porto (branch 2)', ['Porto', 'Porto (branch)', 'Porto (branch 2)'], 'Porto (branch 3)'],
    ['Porto (branch office)', [], 'Porto (branch office) (branch)'],
    ['', [], ' (branch)'],
  ])('of %j, with %j there, is told apart', (title, taken, expected) => {
    expect(branchTitle(title, new Set(taken))).toBe(expected);
  });

  it('is no longer than a title may be', () => {
    const long = branchTitle('x'.repeat(MAX_TITLE_LENGTH), new Set());
    expect(long).toHaveLength(MAX_TITLE_LENGTH);
    expect(long).toMatch(/x \(branch\)$/);
  });
});
