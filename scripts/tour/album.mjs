import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';

const fewestColours = 16;
const largestShareOfOneColour = 0.998;

/** The screenshots of one tour: numbered, named by what they show and by theme, and checked. */
export class Album {
  #app;
  #folder;
  #pictures = [];
  #number = 0;

  constructor(app, folder) {
    this.#app = app;
    this.#folder = folder;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }

  /** Takes a light and a dark picture of a window. With `isStill` a picture that comes too late is an error. */
  async takeBoth(page, name, isStill = async () => true) {
    this.#number += 1;
    for (const theme of ['light', 'dark']) {
      await this.#setTheme(page, theme);
      const file = path.join(this.#folder, `${String(this.#number).padStart(2, '0')}-${name}-${theme}.png`);
      await page.screenshot({ path: file, animations: 'disabled', caret: 'initial' });
      if (!(await isStill())) {
        await rm(file);
        throw new Error(`The picture ${path.basename(file)} came too late: the window had moved on`);
      }
      this.#pictures.push(file);
    }
    await this.#setTheme(page, 'light');
  }

  /** Throws unless every picture shows something and no two are equal; returns the files in order. */
  async check() {
    const seen = new Map();
    for (const file of this.#pictures) {
      const name = path.basename(file);
      const digest = createHash('sha256').update(readFileSync(file)).digest('hex');
      if (seen.has(digest)) throw new Error(`${name} and ${seen.get(digest)} are the same picture`);
      seen.set(digest, name);
      const { colours, largestShare } = await this.#measure(file);
      if (colours < fewestColours || largestShare > largestShareOfOneColour)
        throw new Error(`${name} is blank`);
    }
    return [...this.#pictures];
  }

  async #setTheme(page, theme) {
    await this.#app.evaluate(({ nativeTheme }, source) => {
      nativeTheme.themeSource = source;
    }, theme);
    await page.waitForFunction((wanted) => matchMedia(`(prefers-color-scheme: ${wanted})`).matches, theme);
    await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
  }

  // Electron itself decodes the file: no image library is needed.
  #measure(file) {
    return this.#app.evaluate(({ nativeImage }, source) => {
      const bitmap = nativeImage.createFromPath(source).toBitmap();
      const counts = new Map();
      for (let offset = 0; offset < bitmap.length; offset += 4) {
        const colour = bitmap.readUInt32LE(offset);
        counts.set(colour, (counts.get(colour) ?? 0) + 1);
      }
      return { colours: counts.size, largestShare: Math.max(0, ...counts.values()) / (bitmap.length / 4) };
    }, file);
  }
}
