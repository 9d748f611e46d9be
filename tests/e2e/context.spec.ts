import type { LLMock } from '@copilotkit/aimock';
import { assistantStatus, expect, send, test } from './fixtures.ts';

const SUMMING_UP = /^Summarise the conversation below/;
/** About 150 tokens. */
const LONG = 'word '.repeat(120);

function answer(server: LLMock): void {
  server.clearFixtures();
  server.onMessage(SUMMING_UP, { content: 'They spoke of leases.' });
  server.onMessage(/./, { content: LONG });
}

/** As a server does whose model holds 1,000 tokens. */
function refuseAsTooLong(server: LLMock): void {
  const message = "This model's maximum context length is 1000 tokens.";
  server.clearFixtures();
  server.onMessage(/./, { error: { message, code: 'context_length_exceeded' }, status: 400 });
}

test('a conversation that is too long for its model loses its beginning, is summarised, and goes on with the summary', async ({
  profile,
  server,
}) => {
  answer(server);
  const { chat } = await profile.launch({ args: [`--demo-server=${server.url}/v1`] });
  await chat.getByRole('button', { name: 'Use local demo' }).click();
  await chat.getByRole('combobox', { name: 'Model' }).fill('house-model');
  await chat.keyboard.press('Enter');
  const log = chat.getByRole('log', { name: 'Messages' });
  const questions = log.getByRole('article', { name: 'You' });
  for (const [index, name] of ['first', 'second', 'third'].entries()) {
    await send(chat, `${name} ${LONG}`);
    await expect(questions).toHaveCount(index + 1);
    await expect(assistantStatus(chat)).toHaveText(/Done/);
  }
  refuseAsTooLong(server);
  await send(chat, 'fourth');
  const alert = chat.getByRole('alert').filter({ hasText: 'This model reads about 1,000 tokens' });
  await expect(alert).toBeVisible();
  answer(server);
  await alert.getByRole('button', { name: 'Leave out the oldest messages' }).click();
  const line = log.getByRole('note', { name: 'Not sent' });
  await expect(line).toContainText('4 earlier messages were not sent to the model');
  await expect(assistantStatus(chat)).toHaveText(/Done/);

  await line.getByRole('button', { name: 'Summarise them' }).click();
  const summary = log.getByRole('region', { name: 'Summary' });
  await expect(summary.getByRole('button').first()).toContainText('messages above');
  await send(chat, 'fifth');
  await expect(questions).toHaveCount(5);
  await expect(assistantStatus(chat)).toHaveText(/Done/);
  const sent = JSON.stringify(server.getRequests().at(-1)?.body);
  expect(sent).toContain('They spoke of leases.');
  expect(sent).toContain('fifth');
  expect(sent).not.toContain('first word');
});
