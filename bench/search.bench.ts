import path from 'node:path';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { MAX_SEARCH_HITS, searchRequestSchema } from '../electron/contract/model/search.ts';
import type { HistoryDatabase } from '../electron/core/history/history-database.ts';
import { temporaryFolder } from '../tests/harness/temporary-folder.ts';
import { openHere, toEnd } from '../tests/integration/history/history-lab.ts';
import { makeLargeHistory } from './large-history.ts';
import { cpuMs, interleave, quantile, type Bench, type BenchRow } from './measure.ts';

const MESSAGES = 100_000;
const FEWER_MESSAGES = 25_000;
const LIKE = `LIKE '%q%' on the same database`;

/** Search as one types in 100,000 messages: from the text to the first hits with their passages. */
export const bench: Bench = async ({ rounds, say }) => {
  const folder = temporaryFolder();
  const { file, vocabulary } = makeLargeHistory(path.join(folder.path, 'history.sqlite'), MESSAGES, say);
  const fewer = makeLargeHistory(path.join(folder.path, 'fewer', 'history.sqlite'), FEWER_MESSAGES, say);
  const history = openHere(file);
  const smaller = openHere(fewer.file);
  const plain = new DatabaseSync(file, { readOnly: true });
  const like = plain.prepare(String.raw`SELECT ordinal FROM messages WHERE text LIKE ? ESCAPE '\'`);
  const likeAll = (query: string): number => like.all(`%${query}%`).length;
  const at = [10, 60, 300, 1_500, 6_000, 12_000, 25_000].map(
    (rank) => vocabulary.slice(rank).find((word) => word.length > 4) ?? '',
  );
  const kinds: readonly (readonly [string, readonly string[]])[] = [
    ['words', at.map((word) => `${word} `)],
    ['prefixes', at.flatMap((word) => [word.slice(0, 3), word.slice(0, 4)])],
    ['two words', at.slice(1).map((word, index) => `${at[index]} ${word} `)],
  ];
  const rows: BenchRow[] = [];
  for (const [kind, queries] of kinds) {
    say(`search: ${kind}`);
    const ours: number[] = [];
    const theirs: number[] = [];
    const inFewer: number[] = [];
    for (const query of queries) {
      const medians = await interleave(rounds, {
        ours: () => cpuMs(() => search(history, query)),
        fewer: () => cpuMs(() => search(smaller, query)),
        like: () => cpuMs(() => likeAll(query.trim())),
      });
      ours.push(medians.ours);
      theirs.push(medians.like);
      inFewer.push(medians.fewer);
    }
    const common = { unit: 'ms', ours: quantile(ours, 0.95) };
    rows.push(
      {
        ...common,
        what: `search 100,000 messages, ${kind}, p95`,
        baseline: quantile(theirs, 0.95),
        against: LIKE,
        goal: { of: 'ratio', max: 0.2 },
      },
      {
        ...common,
        what: `the same, ${kind}: 100,000 messages beside 25,000`,
        baseline: quantile(inFewer, 0.95),
        against: 'ours, a quarter of the messages',
        goal: { of: 'ratio', max: 4 },
      },
    );
  }
  const substrings = [
    '东京',
    '寿司',
    '很有意思',
    '朋',
    '时候觉',
    'ข้าว',
    'ภาษาไทย',
    'กิน',
    'q',
    'zz',
    'th',
    'a',
    '京都',
    '食べる',
    '吃寿',
    'ก',
  ];
  say('search: the same hits');
  let different = 0;
  const ours: number[] = [];
  const theirs: number[] = [];
  for (const query of substrings) {
    const expected = likeAll(query);
    if (search(history, query).total !== Math.min(expected, MAX_SEARCH_HITS)) different += 1;
    const medians = await interleave(rounds, {
      ours: () => cpuMs(() => search(history, query)),
      like: () => cpuMs(() => likeAll(query)),
    });
    ours.push(medians.ours);
    theirs.push(medians.like);
  }
  rows.push(
    {
      what: `Chinese, Thai and 1-2 character queries with other hits than LIKE (of ${substrings.length})`,
      unit: '',
      ours: different,
      baseline: 0,
      against: LIKE,
      goal: { of: 'ours', max: 0 },
    },
    {
      what: 'search 100,000 messages, Chinese, Thai and 1-2 characters, p95',
      unit: 'ms',
      ours: quantile(ours, 0.95),
      baseline: quantile(theirs, 0.95),
      against: LIKE,
      goal: null,
    },
    indexSize(plain),
  );
  history.close();
  smaller.close();
  plain.close();
  folder.remove();
  return rows;
};

function search(history: HistoryDatabase, query: string) {
  return toEnd(history.search(searchRequestSchema.parse({ query })));
}

function indexSize(plain: DatabaseSyncInstance): BenchRow {
  const bytes = (condition: string): number =>
    Number(plain.prepare(`SELECT sum(pgsize) AS bytes FROM dbstat WHERE ${condition}`).get()?.['bytes'] ?? 0);
  const isIndex = `(name LIKE 'message_words%' OR name LIKE 'message_grams%')`;
  return {
    what: 'both search indexes, beside the messages themselves',
    unit: 'MB',
    ours: bytes(isIndex) / 1e6,
    baseline: bytes(`name = 'messages'`) / 1e6,
    against: 'the table of messages',
    goal: null,
  };
}
