let stream = process.stdout;

/** Sends progress lines to stderr, for commands whose stdout is read by another program. */
export function reportProgressOnStderr() {
  stream = process.stderr;
}

/** Prints one aligned progress line: what is being set up, and how it stands. */
export function progress(subject, text) {
  stream.write(`  ${subject.padEnd(16)} ${text}\n`);
}

/** An error whose message is all a user needs; commands print it without a stack trace. */
export class SetupError extends Error {
  constructor(message, options) {
    super(message, options);
    this.name = 'SetupError';
  }
}

/**
 * Runs a command's main function, whose result is the exit code. A `SetupError` becomes one clear message and code 1, an unknown
 * option code 2; only a fault of ours shows its stack.
 */
export async function runCommand(main) {
  try {
    process.exitCode = (await main()) ?? process.exitCode ?? 0;
  } catch (error) {
    const isUsage = String(error?.code).startsWith('ERR_PARSE_ARGS');
    const isExplained = isUsage || error instanceof SetupError;
    process.stderr.write(`\n${isExplained ? error.message : (error?.stack ?? String(error))}\n`);
    process.exitCode = isUsage ? 2 : 1;
  }
}
