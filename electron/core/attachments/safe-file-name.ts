import type { ImageType } from './sniff-image.ts';

/** Longest name, in UTF-16 units; the end of it is kept, since that says what a file is. */
const MAX_LENGTH = 200;
/** What Windows drops at the end of a name. */
const END = /[.\s]+$/;
/** Names that Windows keeps for devices, whatever follows the dot. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * A name without a folder, without signs that could hide what it is (control signs, and those that turn the direction of
 * writing), and that every system takes as a file's name. A name that is safe stays as it is.
 */
export function safeFileName(name: string): string {
  const last = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  const clean = last
    .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, '')
    .replace(/[<>:"|?*]/g, '_')
    .trimStart()
    .replace(END, '');
  const short = shorten(clean);
  if (short === '') return 'file';
  return DEVICE.test(short) ? shorten(`_${short}`) : short;
}

function shorten(name: string): string {
  if (name.length <= MAX_LENGTH) return name;
  const dot = name.lastIndexOf('.');
  const ending = dot > 0 && name.length - dot <= 20 ? name.slice(dot) : '';
  // Never half of a character outside the first plane.
  const cut = name.slice(0, MAX_LENGTH - ending.length).replace(/[\ud800-\udbff]$/, '') + ending;
  return cut.replace(END, '');
}

/** The endings of pictures; the first is what one gets that has none of them. */
const ENDINGS: Readonly<Record<ImageType, readonly string[]>> = {
  'image/png': ['.png'],
  'image/jpeg': ['.jpg', '.jpeg'],
  'image/webp': ['.webp'],
  'image/gif': ['.gif'],
};

/** The name of a picture with the ending of what it has become, e.g. of a GIF that is stored as PNG. */
export function nameForType(name: string, mediaType: ImageType): string {
  const endings = ENDINGS[mediaType];
  const lower = name.toLowerCase();
  if (endings.some((ending) => lower.endsWith(ending))) return name;
  const stem = name.replace(/\.(?:png|jpe?g|webp|gif)$/i, '');
  return shorten(`${stem}${endings[0] ?? ''}`);
}
