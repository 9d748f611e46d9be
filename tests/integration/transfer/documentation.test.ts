import { readFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { transferredConversationSchema } from '../../../electron/core/history/transfer/transferred.ts';
import { OWN_FORMAT, OWN_VERSION } from '../../../electron/core/transfer/own/own-format.ts';
import { fileItemSchema } from '../../../electron/core/transfer/own/read-own-item.ts';

const DOCS = path.resolve(import.meta.dirname, '../../../docs');
const SCHEMA = path.join(DOCS, 'latchkey-export.schema.json');

describe('docs/latchkey-export.schema.json', () => {
  // After a change of the format: npx vitest run --project integration transfer/documentation -u
  it('is what the reader takes', async () => {
    const document = z.strictObject({
      format: z.literal(OWN_FORMAT),
      version: z.literal(OWN_VERSION),
      files: z.array(fileItemSchema),
      conversations: z.array(transferredConversationSchema),
    });
    const schema = z.toJSONSchema(document, { io: 'output' });
    const options = { ...(await resolveConfig(SCHEMA)), filepath: SCHEMA };
    await expect(await format(JSON.stringify(schema), options)).toMatchFileSnapshot(SCHEMA);
  });
});

describe('docs/transfer.md', () => {
  it('names every part of a document', () => {
    const page = readFileSync(path.join(DOCS, 'transfer.md'), 'utf8');
    for (const word of [
      OWN_FORMAT,
      '"version": 1',
      '"files"',
      '"conversations"',
      '`headId`',
      '`shownVariants`',
    ])
      expect(page).toContain(word);
  });
});
