/** Chromium's sandbox refuses to run as root: the switch that root needs, and nothing for anybody else. */
export function sandboxArguments() {
  return process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}
