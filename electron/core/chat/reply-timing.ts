/** How long a reply waits, in milliseconds. The watchdog's limits count time the machine was awake. */
export interface ReplyTiming {
  /** For the first byte of a successful answer. */
  readonly firstByteMs: number;
  /** Between two bytes. */
  readonly silenceMs: number;
  /** Between two events that move the answer on, however many bytes arrive meanwhile. */
  readonly noProgressMs: number;
  /** For token counts, once the answer is whole. */
  readonly countsMs: number;
  /** Before the first retry when the server does not say; the second waits twice as long. */
  readonly retryBaseMs: number;
  /** For pictures that have arrived, once a person has stopped the answer or quits. */
  readonly pictureGraceMs: number;
}

/**
 * What Latchkey waits. First byte: a local server loads its model before it answers. Silence: some providers send nothing
 * while a model thinks, others a sign of life every 30 s; under the 300 s after which Node's fetch gives up by itself.
 * No progress: thinking for over eight minutes has been seen, and a server that only says "still here" must end some day.
 * Pictures: one is prepared in a third of that, and quitting has three seconds for everything.
 */
export const REPLY_TIMING: ReplyTiming = {
  firstByteMs: 120_000,
  silenceMs: 240_000,
  noProgressMs: 900_000,
  countsMs: 5_000,
  retryBaseMs: 1_000,
  pictureGraceMs: 1_000,
};
