import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

import { inRepository, repositoryRoot } from '../setup/paths.mjs';

const vitestTiers = ['unit', 'integration'];
const playwrightTiers = ['web', 'e2e', 'custody', 'package'];

/** What the last run of every tier proves. Throws when a tier has left no report. */
export function readProofs() {
  return collectProofs({ vitest: vitestTiers.map(readReport), playwright: playwrightTiers.map(readReport) });
}

/** `{ proofs: [{ promise, file, title, isPassed }], fuses: [[name, state]] }` out of the JSON reports of both runners. */
export function collectProofs({ vitest, playwright }) {
  const specs = playwright.flatMap(({ suites }) => suites.flatMap((suite) => specsOf(suite, '')));
  const tests = [...vitest.flatMap(({ testResults }) => testResults.flatMap(testsOf)), ...specs];
  return {
    proofs: tests.flatMap(({ promises, fuses: _fuses, ...test }) =>
      promises.map((promise) => ({ promise, ...test })),
    ),
    fuses: specs.flatMap(({ fuses }) => fuses),
  };
}

function readReport(tier) {
  const file = inRepository(`out/test/${tier}.json`);
  if (!existsSync(file)) throw new Error(`there is no report of the tier ${tier}: run npm test first`);
  return JSON.parse(readFileSync(file, 'utf8'));
}

function testsOf({ name, assertionResults }) {
  return assertionResults.map(({ fullName, status, meta }) => ({
    file: relative(repositoryRoot, name),
    title: fullName,
    isPassed: status === 'passed',
    promises: meta?.proves ?? [],
    fuses: [],
  }));
}

function specsOf(suite, outer) {
  const prefix = suite.title === suite.file ? outer : `${outer}${suite.title} `;
  const own = (suite.specs ?? []).map(({ file, title, tests }) => {
    const annotations = tests.flatMap((test) => test.annotations);
    const textsOf = (type) =>
      annotations.filter((each) => each.type === type).map(({ description }) => description);
    return {
      file,
      title: prefix + title,
      isPassed: tests.every(({ status }) => status === 'expected'),
      promises: textsOf('proves'),
      fuses: textsOf('fuse').map((text) => text.split(': ')),
    };
  });
  return [...own, ...(suite.suites ?? []).flatMap((inner) => specsOf(inner, prefix))];
}
