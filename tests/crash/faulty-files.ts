import { nodeFileSystem, type FileSystem } from '../../electron/core/history/files/file-system.ts';

/** Calls that change something. */
const CHANGING = new Set<keyof FileSystem>([
  'makeFolder',
  'write',
  'copy',
  'rename',
  'remove',
  'makePrivate',
  'sync',
]);

/** A file system in which one changing call fails, once. It works without a compiler, and sees the program's own calls only. */
export function faultyFiles(
  failAt: number,
  code: string,
): { readonly files: FileSystem; readonly heal: () => void; readonly seen: () => number } {
  let count = 0;
  let isHealed = false;
  const files = new Proxy(nodeFileSystem, {
    get(target, name: keyof FileSystem) {
      if (!CHANGING.has(name)) return target[name];
      return (...input: readonly never[]) => {
        count += 1;
        if (!isHealed && count === failAt) throw Object.assign(new Error(`${code}: ${name}`), { code });
        return Reflect.apply(target[name], target, input) as unknown;
      };
    },
  });
  return {
    files,
    heal: () => {
      isHealed = true;
    },
    seen: () => count,
  };
}
