import {
  createReadStream,
  createWriteStream,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fillProfile } from '../harness/fill-profile.ts';
import { makeChatGPTDocument } from '../harness/make-chatgpt-export.ts';
import { makeZip } from '../harness/make-zip.ts';
import { openTransferWorld } from '../harness/transfer-world.ts';
import { runStep, type StepResult } from './run-step.ts';

/** How much is moved. */
export interface TransferPlan {
  readonly messages: number;
  readonly conversations: number;
  /** Conversations of ChatGPT's. */
  readonly chatgptConversations: number;
}

/** One line of the report. */
export interface TransferFigure {
  readonly what: string;
  readonly bytes: number;
  readonly result: StepResult;
}

/** What was measured. */
export interface TransferFigures {
  readonly figures: readonly TransferFigure[];
  readonly isIdentical: boolean;
}

/** The items that are damaged in the second document of ChatGPT's, counted from 1. */
export const DAMAGED_ITEMS = [3, 7];

/** Exports a profile, imports it elsewhere and exports that, then imports an export of ChatGPT's and a damaged one. */
export async function measureTransfers(folder: string, plan: TransferPlan): Promise<TransferFigures> {
  const at = (name: string): string => path.join(folder, name);
  const figures: TransferFigure[] = [];
  const measure = async (
    what: string,
    profile: string,
    step: { readonly export: string } | { readonly import: readonly string[] },
  ): Promise<void> => {
    const result = await runStep(await makeProfile(at(profile)), step);
    const files = 'export' in step ? [step.export] : step.import;
    figures.push({ what, bytes: files.reduce((sum, file) => sum + statSync(file).size, 0), result });
  };
  await makeProfile(at('first'));
  fillProfile(path.join(at('first'), 'history.sqlite'), { ...plan, seed: 7 });
  await measure('export', 'first', { export: at('one.json') });
  await measure('import', 'second', { import: [at('one.json')] });
  await measure('export again', 'second', { export: at('two.json') });

  await writeChatGPT(at('conversations.json'), plan.chatgptConversations);
  await measure('ChatGPT', 'third', { import: [at('conversations.json')] });
  await measure('ChatGPT, again', 'third', { import: [at('conversations.json')] });
  damage(at('conversations.json'), at('damaged.json'));
  await measure('ChatGPT, damaged', 'fourth', { import: [at('damaged.json')] });
  const picture = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(2_000, 'x')]);
  const pictures = Array.from({ length: 20 }, (_, index) => ({
    name: `file-Picture${index}-a.png`,
    content: picture,
  }));
  const conversations = { name: 'conversations.json', content: readFileSync(at('conversations.json')) };
  writeFileSync(at('export.zip'), makeZip([...pictures, conversations]));
  await measure('ChatGPT, zip', 'fifth', { import: [at('export.zip')] });
  const isIdentical = (await hashOf(at('one.json'))) === (await hashOf(at('two.json')));
  return { figures, isIdentical };
}

/** A profile that is there and empty, or what it was. */
async function makeProfile(folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const { core } = await openTransferWorld(folder);
  await core.stop();
  return folder;
}

async function writeChatGPT(file: string, count: number): Promise<void> {
  await pipeline(Readable.from(makeChatGPTDocument(0, count)), createWriteStream(file));
}

/** Breaks two of the conversations, each in another way. */
function damage(from: string, to: string): void {
  const document = readFileSync(from, 'utf8');
  const first = document.replace('"title":"Chat 2 ', '"title":"Chat 2\u0007 ');
  writeFileSync(to, first.replace(/("title":"Chat 6 [^"]*",.*?)"mapping":/, '$1"mapped":'));
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file)) hash.update(piece as Buffer);
  return hash.digest('hex');
}
