/** Largest file that is read at all, in bytes: 32 MiB. Pictures of this size are made smaller, a PDF is sent as it is. */
export const MAX_FILE_BYTES = 32 * 1_048_576;
/** Largest text file, in bytes of what was picked: 2 MiB, some half a million tokens. */
export const MAX_TEXT_FILE_BYTES = 2 * 1_048_576;
/** All files of a message together, as they are stored: 40 MiB, which Base64 makes 54 MB of a request. */
export const MAX_MESSAGE_FILE_BYTES = 40 * 1_048_576;
/** Longest edge of a stored picture, in pixels. Vision models scale larger ones down themselves, but bill or refuse them first. */
export const MAX_IMAGE_EDGE = 2_048;
/** Up to here a picture is measured: one more than what is stored, so that what is too large shows. */
export const MEASURED_EDGE = MAX_IMAGE_EDGE + 1;
/** Most pixels of a picture that is decoded: four bytes each is what the isolated window may take. */
export const MAX_IMAGE_PIXELS = 64_000_000;
/** Largest stored picture, in bytes. One without loss that is larger becomes a JPEG. */
export const MAX_STORED_IMAGE_BYTES = 6 * 1_048_576;
