import { readFileSync, writeFileSync } from 'node:fs';
import { PNG } from 'pngjs';

/** What an X server shows right now. */
export interface Screen {
  readonly width: number;
  readonly height: number;
  readonly distinctColours: number;
  save(file: string): void;
}

/** Indices of the header's 32-bit fields, see `XWDFile.h` of the X11 protocol headers. */
const FIELD = {
  headerSize: 0,
  width: 4,
  height: 5,
  bitsPerPixel: 11,
  bytesPerLine: 12,
  colours: 19,
} as const;

/** Reads the frame buffer file of `Xvfb -fbdir`: X's window dump format, 32 bits a pixel, blue first. */
export function readScreen(frameBufferFile: string): Screen {
  const file = readFileSync(frameBufferFile);
  const field = (name: keyof typeof FIELD) => file.readUInt32BE(FIELD[name] * 4);
  if (field('bitsPerPixel') !== 32) throw new Error('the frame buffer has an unexpected format');
  const [width, height] = [field('width'), field('height')];
  const start = field('headerSize') + field('colours') * 12;
  const png = new PNG({ width, height });
  const colours = new Set<number>();
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const pixel = file.readUInt32LE(start + y * field('bytesPerLine') + x * 4) & 0xffffff;
      colours.add(pixel);
      png.data.writeUInt32BE(((pixel << 8) | 0xff) >>> 0, (y * width + x) * 4);
    }
  }
  return {
    width,
    height,
    distinctColours: colours.size,
    save: (target) => {
      writeFileSync(target, PNG.sync.write(png));
    },
  };
}
