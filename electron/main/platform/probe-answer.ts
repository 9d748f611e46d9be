import { z } from 'zod';

/** Makes the program ask the keystore, print the answer and end. */
export const PROBE_SWITCH = '--probe-keystore';

const MARK = 'latchkey-keystore ';

const probeAnswerSchema = z.strictObject({ backend: z.string().max(80), isAvailable: z.boolean() });

/** What safeStorage told the child. */
export type ProbeAnswer = z.infer<typeof probeAnswerSchema>;

/** The line the child prints. */
export function printProbeAnswer(answer: ProbeAnswer): string {
  return `${MARK}${JSON.stringify(answer)}\n`;
}

/** Finds the answer among whatever else came out of the child; null when there is none. */
export function parseProbeAnswer(text: string): ProbeAnswer | null {
  const line = text.split('\n').find((each) => each.startsWith(MARK));
  if (line === undefined) return null;
  try {
    return probeAnswerSchema.safeParse(JSON.parse(line.slice(MARK.length))).data ?? null;
  } catch {
    // Cut off in the middle: the child was ended while it spoke.
    return null;
  }
}
