import { join } from 'node:path';
import ElectronStore from 'electron-store';
import type { DocumentContent, DocumentStore } from '../../core/ports.ts';
import { inspectDocument, scrubSiblings, setDocumentAside, toStorageError } from './inspect-document.ts';

/**
 * One JSON document over electron-store, which writes atomically. The file is looked at before electron-store sees it:
 * its constructor throws on broken JSON, and its own remedy (`clearInvalidConfig`) would delete what is there.
 */
export function createDocumentFile(folder: string, name: string, now: () => number): DocumentStore {
  const path = join(folder, `${name}.json`);
  return {
    read: (): DocumentContent => inspectDocument(path, now),
    write(value) {
      try {
        const store = new ElectronStore<Record<string, unknown>>({
          cwd: folder,
          name,
          // The default would let every account of the machine read it.
          configFileMode: 0o600,
          clearInvalidConfig: false,
          accessPropertiesByDotNotation: false,
        });
        // `as`: documents are JSON objects; core hands over what its own schema made.
        store.store = value as Record<string, unknown>;
      } catch (cause) {
        throw toStorageError(cause);
      }
    },
    setAside: () => setDocumentAside(path, now),
    scrub: (text, sharedLength) => scrubSiblings(path, text, sharedLength),
  };
}
