/** The places where a key must never be, each searched by the custody tier and each a word for `--plant`. */
export const custodyPlaces = [
  'chat-memory',
  'gpu-memory',
  'utility-memory',
  'other-memory',
  'core-file',
  'ipc',
  'dom',
  'output',
  'files',
  'files-elsewhere',
  'logs',
  'export',
  'arguments',
  'environment',
  'foreign-server',
];
