import type {
  ChatProvider,
  ProviderEvent,
  StreamWatch,
} from '../../../electron/core/providers/chat-provider.ts';

/** One request as a scripted provider sees it. Nothing comes after it finished or failed. */
export interface ScriptedCall {
  readonly watch: StreamWatch;
  /** Everything it was told to send as text. */
  sentText: string;
  /** The same of what it thought. */
  sentThoughts: string;
  /** Whether anything of an answer left. */
  hasSent: boolean;
  /** Whether it said that the answer is whole. */
  hasFinished: boolean;
  bytes(): void;
  text(text: string): void;
  thought(text: string): void;
  finish(): void;
  fail(error: Error): void;
}

/** A provider that does what a test says, and nothing when it is aborted. */
export class ScriptedProvider implements ChatProvider {
  readonly calls: ScriptedCall[] = [];

  async *stream(_target: unknown, _request: unknown, watch: StreamWatch): AsyncGenerator<ProviderEvent> {
    const queue: (ProviderEvent | Error | null)[] = [];
    let wake = (): void => undefined;
    const put = (item: ProviderEvent | Error | null): void => {
      queue.push(item);
      wake();
    };
    let isOver = false;
    const call: ScriptedCall = {
      watch,
      sentText: '',
      sentThoughts: '',
      hasSent: false,
      hasFinished: false,
      bytes() {
        if (isOver) return;
        call.hasSent = true;
        watch.onBytes();
      },
      text(text) {
        if (isOver) return;
        call.bytes();
        call.sentText += text;
        put({ type: 'delta', text });
      },
      thought(text) {
        if (isOver) return;
        call.bytes();
        call.sentThoughts += text;
        put({ type: 'reasoning', text });
      },
      finish() {
        if (isOver) return;
        call.bytes();
        call.hasFinished = true;
        isOver = true;
        put({ type: 'finished', usage: null });
        put(null);
      },
      fail(error) {
        if (isOver) return;
        isOver = true;
        put(error);
      },
    };
    this.calls.push(call);
    for (;;) {
      const item = queue.shift();
      if (item === null) return;
      if (item instanceof Error) throw item;
      if (item !== undefined) yield item;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  }

  listModels(): Promise<readonly string[]> {
    return Promise.resolve([]);
  }
}
