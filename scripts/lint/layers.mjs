// Sees that every file imports only what its layer may: `node scripts/lint/layers.mjs [--root DIR]`.
import path from 'node:path';
import { parseArgs } from 'node:util';

import { inRepository } from '../setup/paths.mjs';
import { checkLayers } from './check-layers.mjs';

const { values } = parseArgs({ options: { root: { type: 'string' } } });
const found = checkLayers(path.resolve(values.root ?? inRepository()));
for (const { file, line, column, rule, message } of found)
  process.stdout.write(`${file}:${line}:${column} ${rule} ${message}\n`);
if (found.length > 0) process.exitCode = 1;
