import type { ParsedInput } from '../../contract/contract.ts';
import {
  MAX_PRESETS,
  MAX_PROMPTS,
  type ListedPreset,
  type Preset,
  type Prompt,
} from '../../contract/model/preset.ts';
import type { ConnectionService } from '../connections/connection-service.ts';
import type { Policy } from '../policy/policy.ts';
import type { Clock, IdSource } from '../ports.ts';
import { assertNoKeyIn, type KeySpotter } from '../vault/key-spotter.ts';
import { EditableList } from './editable-list.ts';
import { findObstacle } from './find-obstacle.ts';
import type { PresetLibrary } from './preset-library.ts';

/** What presets and prompts need. */
export interface PresetDependencies {
  readonly library: PresetLibrary;
  readonly connections: ConnectionService;
  readonly policy: Policy;
  readonly keySpotter: KeySpotter;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** Named ways of answering, and texts to ask with again. */
export class PresetService {
  readonly #dependencies: PresetDependencies;
  readonly #presets: EditableList<Preset>;
  readonly #prompts: EditableList<Prompt>;

  constructor(dependencies: PresetDependencies) {
    const { library, clock } = dependencies;
    this.#dependencies = dependencies;
    this.#presets = new EditableList({
      read: () => library.read().presets,
      write: (presets) => library.write({ presets }),
      clock,
      maxCount: MAX_PRESETS,
    });
    this.#prompts = new EditableList({
      read: () => library.read().prompts,
      write: (prompts) => library.write({ prompts }),
      clock,
      maxCount: MAX_PROMPTS,
    });
  }

  list(): ListedPreset[] {
    return this.#presets.list().map((preset) => this.#listed(preset));
  }

  /** Throws `secret/key-in-field`, `library/full`, `storage/*`. */
  save({ id, ...preset }: ParsedInput<'presets.save'>): ListedPreset {
    assertNoKeyIn([preset.name, preset.model, preset.generation.systemPrompt], this.#dependencies.keySpotter);
    return this.#listed(this.#presets.put({ id: id ?? this.#dependencies.ids.next(), ...preset }));
  }

  /** Throws `library/not-found`, `storage/*`. */
  remove(id: string): { undoMs: number } {
    return this.#presets.remove(id);
  }

  /** Throws `library/not-found`, `library/full`, `storage/*`. */
  restore(id: string): ListedPreset {
    return this.#listed(this.#presets.restore(id));
  }

  listPrompts(): Prompt[] {
    return [...this.#prompts.list()];
  }

  /** Throws `secret/key-in-field`, `library/full`, `storage/*`. */
  savePrompt({ id, ...prompt }: ParsedInput<'prompts.save'>): Prompt {
    assertNoKeyIn([prompt.name, prompt.text], this.#dependencies.keySpotter);
    return this.#prompts.put({ id: id ?? this.#dependencies.ids.next(), ...prompt });
  }

  /** Throws `library/not-found`, `storage/*`. */
  removePrompt(id: string): { undoMs: number } {
    return this.#prompts.remove(id);
  }

  /** Throws `library/not-found`, `library/full`, `storage/*`. */
  restorePrompt(id: string): Prompt {
    return this.#prompts.restore(id);
  }

  #listed(preset: Preset): ListedPreset {
    const { connections, policy } = this.#dependencies;
    return { ...preset, obstacle: findObstacle(preset, connections.list(), policy) };
  }
}
