import { ChatWorld } from '../../harness/chat-world.ts';
import type { TestCoreOptions } from '../../harness/create-test-core.ts';

/** $10 per million tokens of input and output alike: a token costs ten millionths. */
export const TEN_DOLLARS = {
  inputMicroUsd: 10_000_000,
  cachedInputMicroUsd: 1_000_000,
  cacheWriteMicroUsd: null,
  outputMicroUsd: 10_000_000,
};

/** A model that every test here asks. */
export const MODEL = 'gpt-4o';

/** A world whose server counts what a test says it counts, and whose model has a price. */
export class LedgerWorld extends ChatWorld {
  connectionId = '';

  override async open(options: Omit<TestCoreOptions, 'folder'> = {}): Promise<this> {
    await super.open(options);
    this.connectionId = await this.connect();
    return this;
  }

  /** Answers with these counts from now on. */
  count(inputTokens: number, outputTokens: number): void {
    this.server.clearFixtures();
    const usage = { input_tokens: inputTokens, output_tokens: outputTokens };
    this.server.onMessage(/./, { content: 'An answer.', usage });
  }

  async setPrice(rates: typeof TEN_DOLLARS | null = TEN_DOLLARS, model = MODEL): Promise<void> {
    await this.app.get('ledger.setPrice', { connectionId: this.connectionId, model, rates });
  }

  async setBudget(budget: { dayMicroUsd?: number; monthMicroUsd?: number }): Promise<void> {
    await this.app.get('ledger.setBudget', {
      connectionId: this.connectionId,
      budget: { dayMicroUsd: budget.dayMicroUsd ?? null, monthMicroUsd: budget.monthMicroUsd ?? null },
    });
  }

  /** How often the server was asked for an answer, as its own journal says. */
  answersAskedFor(): number {
    return this.server
      .getRequests()
      .filter(({ method, path }) => method === 'POST' && /responses|completions/.test(path)).length;
  }

  /** What has been billed, oldest first, by the CSV that a person would get. */
  async csvRows(): Promise<Record<string, string>[]> {
    await this.app.get('ledger.export', {});
    const [heading = '', ...lines] = (this.app.desktop.savedTexts.at(-1) ?? '').trim().split('\r\n');
    const names = heading.split(',');
    return lines.map((line) => {
      const cells = line.split(',');
      return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
    });
  }
}
