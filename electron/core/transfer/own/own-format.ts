/** What stands in the field `format` of our own documents. */
export const OWN_FORMAT = 'latchkey-conversations';
/** The version that is written; later ones are refused. docs/transfer.md */
export const OWN_VERSION = 1;
