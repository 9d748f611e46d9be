// `npm run docs:security`: writes the tables of docs/security.md from the reports of the last `npm test`.
import { readProofs } from './proof/read-proofs.mjs';
import { findGaps, writeSecurityPage } from './proof/security-table.mjs';

const evidence = readProofs();
const gaps = findGaps(evidence);
for (const gap of gaps) process.stderr.write(`${gap}\n`);
if (gaps.length > 0) process.exitCode = 1;
else {
  await writeSecurityPage(evidence);
  process.stdout.write(`docs/security.md: ${evidence.proofs.length} proofs\n`);
}
