import type { Prompt } from '../../../electron/contract/model/preset.ts';

/** The prompts whose name has every word of a filter, those that begin with it first. */
export function findPrompts(prompts: readonly Prompt[], filter: string): readonly Prompt[] {
  const wanted = filter.trim().toLocaleLowerCase();
  const words = wanted.split(/\s+/);
  const rank = ({ name }: Prompt): number => (name.toLocaleLowerCase().startsWith(wanted) ? 0 : 1);
  return prompts
    .filter(({ name }) => words.every((word) => name.toLocaleLowerCase().includes(word)))
    .sort((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name));
}
