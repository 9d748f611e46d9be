import { setTimeout as delay } from 'node:timers/promises';

import { Album } from './album.mjs';
import { createGrowingPrinter } from './print-growing-text.mjs';
import { conversationOf, readVisibleText } from './read-reply.mjs';

const question = 'What can you show me without a key?';
const replyTimeoutMs = 120_000;
const pollMs = 50;
// Enough of the reply to make a good picture, early enough to be mid-stream.
const pictureAfterCharacters = 540;

/**
 * Uses the running app as a newcomer would: looks round, asks the demo a question, and prints the answer from the window's DOM
 * as it grows. Returns the screenshots' files; throws when anything is not as it should be.
 */
export async function runTour({ app, folder, write }) {
  const page = await app.firstWindow();
  const album = new Album(app, folder);
  const isFirstRun = await seesWelcome(page);
  if (isFirstRun) {
    await album.takeBoth(page, 'welcome');
    await visitKeyWindow(app, page, album);
    await page.getByRole('button', { name: 'Use local demo' }).click();
  } else {
    write('This profile was used before: the welcome and the key window are left out.\n');
    await page.getByRole('button', { name: 'New chat' }).click();
  }
  await ask(page, album, write);
  return album.check();
}

async function seesWelcome(page) {
  const welcome = page.getByRole('heading', { name: 'Welcome to Latchkey' });
  const composer = page.getByRole('textbox', { name: 'Message' });
  await welcome.or(composer).first().waitFor({ timeout: 30_000 });
  return welcome.isVisible();
}

async function visitKeyWindow(app, page, album) {
  const [keyWindow] = await Promise.all([
    app.waitForEvent('window', { timeout: 15_000 }),
    page.getByRole('button', { name: 'Add API key' }).click(),
  ]);
  await keyWindow.getByRole('textbox', { name: 'Label' }).waitFor();
  const title = await keyWindow.title();
  if (title !== 'API key - Latchkey') throw new Error(`The key window's title is “${title}”`);
  await album.takeBoth(keyWindow, 'key-window');
  const closed = keyWindow.waitForEvent('close', { timeout: 15_000 });
  const pressed = keyWindow.getByRole('button', { name: 'Cancel' }).click();
  // The window may be gone before Playwright has its answer to the click: only the closing counts.
  await Promise.all([closed, pressed.catch(() => {})]);
}

async function ask(page, album, write) {
  const { reply, status } = conversationOf(page);
  const message = page.getByRole('textbox', { name: 'Message' });
  await message.fill(question);
  await page.getByRole('button', { name: 'Send' }).click();
  write(`\nYou: ${question}\n\nAssistant, as the window shows it:\n\n`);
  const isStreaming = async () => (await status.textContent())?.includes('Streaming') ?? false;
  const progressOfReply = { length: 0, isOver: false };
  const reading = printReply({ reply, status, write, progressOfReply });
  await Promise.all([reading, photographStream({ page, album, isStreaming, progressOfReply })]);
  await album.takeBoth(page, 'finished');
}

async function printReply({ reply, status, write, progressOfReply }) {
  const print = createGrowingPrinter(write);
  const deadline = Date.now() + replyTimeoutMs;
  try {
    await reply.waitFor({ timeout: 30_000 });
    while (Date.now() < deadline) {
      const state = (await status.textContent()) ?? '';
      const text = await reply.evaluate(readVisibleText);
      progressOfReply.length = text.length;
      if (/Done/.test(state)) return print(text, true);
      if (/Stopped|Interrupted|Failed/.test(state)) throw new Error(`The reply ended as “${state.trim()}”`);
      print(text);
      await delay(pollMs);
    }
    throw new Error(`The reply was not finished within ${replyTimeoutMs / 1000} s`);
  } finally {
    progressOfReply.isOver = true;
  }
}

async function photographStream({ page, album, isStreaming, progressOfReply }) {
  while (progressOfReply.length < pictureAfterCharacters) {
    if (progressOfReply.isOver) throw new Error('The reply was over before it could be photographed');
    await delay(pollMs);
  }
  await album.takeBoth(page, 'streaming', isStreaming);
}
