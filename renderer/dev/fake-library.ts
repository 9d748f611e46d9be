import type { ListedPreset, Prompt } from '../../electron/contract/model/preset.ts';
import { PLAIN_GENERATION } from '../lib/plain-generation.ts';

/** Presets as somebody has them after a week. */
export function fakePresets(): ListedPreset[] {
  return [
    {
      id: 'c0000000-0000-4000-8000-000000000001',
      name: 'Code review',
      connectionId: null,
      model: 'gpt-5.2',
      generation: {
        ...PLAIN_GENERATION,
        systemPrompt:
          'You review code for a small team. Name the file and the line. Say what breaks, for whom, and how you would show it. Leave style to the linter.',
        effort: 'high',
      },
      obstacle: null,
    },
    {
      id: 'c0000000-0000-4000-8000-000000000002',
      name: 'Plain words',
      connectionId: null,
      model: null,
      generation: {
        ...PLAIN_GENERATION,
        systemPrompt: 'Answer in plain words, for somebody who is in a hurry.',
        verbosity: 'low',
      },
      obstacle: null,
    },
    {
      id: 'c0000000-0000-4000-8000-000000000003',
      name: 'Research',
      connectionId: 'c0000000-0000-4000-8000-0000000000ff',
      model: 'sonar',
      generation: { ...PLAIN_GENERATION, usesWebSearch: true },
      obstacle: 'connection-removed',
    },
  ];
}

/** Prompts as somebody has them after a week. */
export function fakePrompts(): Prompt[] {
  const texts = [
    ['Translate', 'Translate into {{language=English}}, and keep the tone:\n\n{{text}}'],
    ['Explain an error', 'I ran `{{command}}` and got this error. What does it mean, and what do I do next?'],
    ['Summarise', 'Summarise in {{count=three}} sentences. Then list what is claimed without a source.'],
    ['Stand-up note', 'Write my stand-up note for {{date}} from these lines:'],
  ] as const;
  return texts.map(([name, text], index) => ({
    id: `d0000000-0000-4000-8000-00000000000${index}`,
    name,
    text,
  }));
}
