import { settingsSchema, type Settings, type SettingsPatch } from '../../contract/model/settings.ts';
import type { NoticeBoard } from '../notices/notice-board.ts';
import type { DocumentStore, EventSink } from '../ports.ts';

/** What people set, zod-parsed over a small file. A field that makes no sense falls back to its default alone. */
export class SettingsService {
  readonly #file: DocumentStore;
  readonly #events: EventSink;
  #settings: Settings;

  constructor(file: DocumentStore, events: EventSink, notices: NoticeBoard) {
    this.#file = file;
    this.#events = events;
    this.#settings = load(file, notices);
  }

  get(): Settings {
    return this.#settings;
  }

  /** Changes what the patch names; an absent field stays. Throws `storage/*` and then changes nothing. */
  change(patch: SettingsPatch): Settings {
    const named = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
    const changed = settingsSchema.parse({ ...this.#settings, ...named });
    this.#file.write(changed);
    this.#settings = changed;
    this.announce();
    return changed;
  }

  /** Tells the windows what the settings are. */
  announce(): void {
    this.#events.emit({ name: 'settings.changed', payload: this.#settings });
  }
}

function load(file: DocumentStore, notices: NoticeBoard): Settings {
  const defaults = settingsSchema.parse({});
  const content = file.read();
  if (content.kind === 'absent') return defaults;
  if (content.kind === 'damaged') {
    notices.raiseDamagedFile('your settings', content.keptAs);
    return defaults;
  }
  if (typeof content.value !== 'object' || content.value === null || Array.isArray(content.value)) {
    notices.raiseDamagedFile('your settings', file.setAside());
    return defaults;
  }
  return keepValidFields(content.value, defaults, notices);
}

function keepValidFields(stored: object, defaults: Settings, notices: NoticeBoard): Settings {
  const rejected: string[] = [];
  const valid: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(stored)) {
    if (!Object.hasOwn(settingsSchema.shape, name)) continue;
    // `as`: just checked that it is a field of the shape.
    const field = settingsSchema.shape[name as keyof Settings].safeParse(value);
    if (field.success) valid[name] = field.data;
    else rejected.push(name);
  }
  if (rejected.length > 0) {
    notices.raise(
      'storage/corrupt',
      'Some settings made no sense',
      `These are back to their defaults, everything else was kept: ${rejected.join(', ')}.`,
    );
  }
  return { ...defaults, ...valid };
}
