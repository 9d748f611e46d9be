import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BlobKeeper } from '../../../electron/core/attachments/blob-keeper.ts';
import { createBlobStore, type BlobStore } from '../../../electron/core/attachments/blob-store.ts';
import { temporaryFolder } from '../../harness/temporary-folder.ts';

let profile: ReturnType<typeof temporaryFolder>;
let folder: string;
let blobs: BlobStore;

beforeEach(() => {
  profile = temporaryFolder();
  folder = path.join(profile.path, 'attachments');
  blobs = createBlobStore(folder);
});

afterEach(() => profile.remove());

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const fileOf = (hash: string): string => path.join(folder, hash.slice(0, 2), hash);

describe('the blob store', () => {
  it.each([0, 1, 70_000, 1_300_000])('gives back %i bytes under their SHA-256', async (count) => {
    const bytes = randomBytes(count);
    const hash = await blobs.add(bytes);
    expect(hash).toBe(sha256(bytes));
    expect(Buffer.from(await blobs.read(hash)).equals(bytes)).toBe(true);
    expect(await blobs.list()).toEqual([hash]);
  });

  it('keeps files and folders for their owner alone, and leaves nothing half written beside them', async () => {
    const hash = await blobs.add(randomBytes(10));
    expect(statSync(fileOf(hash)).mode & 0o777).toBe(0o600);
    expect(statSync(path.dirname(fileOf(hash))).mode & 0o777).toBe(0o700);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readdirSync(folder)).toEqual([hash.slice(0, 2)]);
  });

  it('leaves a file that is there and whole as it is', async () => {
    const bytes = randomBytes(100);
    const hash = await blobs.add(bytes);
    const { ino, mtimeMs } = statSync(fileOf(hash));
    await Promise.all([blobs.add(bytes), blobs.add(Uint8Array.from(bytes))]);
    expect(statSync(fileOf(hash))).toMatchObject({ ino, mtimeMs });
  });

  it('says that a file was changed, deletes nothing, and mends it when the same content is added again', async () => {
    const bytes = randomBytes(100);
    const hash = await blobs.add(bytes);
    writeFileSync(fileOf(hash), 'something else');
    await expect(blobs.read(hash)).rejects.toMatchObject({ code: 'attachment/damaged' });
    expect(readFileSync(fileOf(hash), 'utf8')).toBe('something else');
    expect(await blobs.add(bytes)).toBe(hash);
    expect(Buffer.from(await blobs.read(hash)).equals(bytes)).toBe(true);
  });

  it.each(['a'.repeat(64), '../history.sqlite', '', 'A'.repeat(64), `${'a'.repeat(64)}/..`])(
    'has no file for %j',
    async (hash) => {
      writeFileSync(path.join(profile.path, 'history.sqlite'), 'history');
      await expect(blobs.read(hash)).rejects.toMatchObject({ code: 'attachment/missing' });
      await blobs.remove(hash);
      expect(existsSync(path.join(profile.path, 'history.sqlite'))).toBe(true);
    },
  );

  it('lists nothing but its own files, and removes what a crash left half written', async () => {
    const hash = await blobs.add(randomBytes(10));
    mkdirSync(path.join(folder, 'zz'));
    writeFileSync(path.join(folder, 'adding-1'), 'half');
    writeFileSync(path.join(folder, hash.slice(0, 2), 'notes.txt'), 'mine');
    expect(await blobs.list()).toEqual([hash]);
    await blobs.removePartial();
    expect(existsSync(path.join(folder, 'adding-1'))).toBe(false);
    expect(existsSync(path.join(folder, hash.slice(0, 2), 'notes.txt'))).toBe(true);
  });

  it('says that its folder cannot be written', async () => {
    writeFileSync(folder, 'a file in its place');
    await expect(blobs.add(randomBytes(10))).rejects.toMatchObject({
      code: expect.stringMatching(/^storage\//),
    });
  });
});

describe('a sweep', () => {
  it('removes what nothing refers to and leaves the rest', async () => {
    const keeper = new BlobKeeper(blobs);
    const [kept, orphan] = [await blobs.add(randomBytes(10)), await blobs.add(randomBytes(10))];
    expect(await keeper.sweep(await blobs.list(), () => Promise.resolve([kept]))).toBe(1);
    expect(await blobs.list()).toEqual([kept]);
    expect(existsSync(fileOf(orphan))).toBe(false);
  });

  it('leaves what is being added, though no row refers to it yet', async () => {
    const keeper = new BlobKeeper(blobs);
    await keeper.during(async (add) => {
      const hash = await add(randomBytes(10));
      expect(await keeper.sweep(await blobs.list(), () => Promise.resolve([]))).toBe(0);
      expect(await blobs.list()).toEqual([hash]);
    });
  });

  it('leaves what was there before, was added again, and got its row while the sweep looked', async () => {
    const keeper = new BlobKeeper(blobs);
    const bytes = randomBytes(10);
    const hash = await blobs.add(bytes);
    const removed = await keeper.sweep([hash], async () => {
      // Its row is written just after the database was asked.
      await keeper.during((add) => add(bytes));
      return [];
    });
    expect(removed).toBe(0);
    expect(await blobs.list()).toEqual([hash]);
  });

  it('holds what two are adding until the second has ended', async () => {
    const keeper = new BlobKeeper(blobs);
    const bytes = randomBytes(10);
    const sweep = async () => keeper.sweep(await blobs.list(), () => Promise.resolve([]));
    await keeper.during(async (add) => {
      await add(bytes);
      await keeper.during((addToo) => addToo(bytes));
      expect(await sweep()).toBe(0);
    });
    expect(await sweep()).toBe(1);
  });
});
