import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { WireError } from '../../electron/contract/app-error.ts';
import type { RouteOutput } from '../../electron/contract/contract.ts';
import type { KeyStatus } from '../../electron/contract/model/connection.ts';
import { assertNever } from '../lib/assert-never.ts';
import { describeError } from '../lib/describe-error.ts';

/** What main asks about a key before it saves it. */
export type Concern = Extract<RouteOutput<'keyWindow.save'>, { outcome: 'asked' }>['concerns'][number];

/** Why a key was not saved. */
export function Refusal({ error }: { readonly error: WireError }) {
  const { title, body } = describeError(error);
  return (
    <Verdict tone="danger">
      <p>
        <strong className="font-semibold">{title}.</strong> <span className="text-ink-2">{body}</span>
      </p>
    </Verdict>
  );
}

interface ConcernsProps {
  readonly concerns: readonly Concern[];
  readonly replaced: KeyStatus | null;
}

/** What speaks against a key; it can be saved all the same. */
export function Concerns({ concerns, replaced }: ConcernsProps) {
  return (
    <Verdict tone="warn">
      <ul className="flex flex-col gap-1.5">
        {concerns.map((concern) => {
          const { title, body } = describeConcern(concern, replaced);
          return (
            <li key={concern.kind}>
              <strong className="font-semibold">{title}.</strong> <span className="text-ink-2">{body}</span>
            </li>
          );
        })}
      </ul>
    </Verdict>
  );
}

function Verdict({ tone, children }: { readonly tone: 'danger' | 'warn'; readonly children: ReactNode }) {
  const colours = tone === 'danger' ? ['bg-danger-soft', 'text-danger'] : ['bg-warn-soft', 'text-warn'];
  return (
    <div role="alert" className={`flex gap-2.5 rounded-lg border border-line px-3 py-2 ${colours[0]}`}>
      <CircleAlert size={15} className={`mt-0.5 shrink-0 ${colours[1]}`} aria-hidden />
      {children}
    </div>
  );
}

function describeConcern(concern: Concern, replaced: KeyStatus | null) {
  const stillThere = replaced === null ? '' : ` ${replaced.label} is still in place.`;
  switch (concern.kind) {
    case 'other-provider':
      return {
        title: `This looks like a key of ${concern.looksLike}`,
        body: 'Another provider will refuse it, and will have seen it.',
      };
    case 'admin-key':
      return {
        title: 'This key can administer an organisation',
        body: 'Chatting never needs that. A project key with a spend limit risks far less.',
      };
    case 'refused':
      return { title: 'The provider refused the new key', body: `It may be mistyped.${stillThere}` };
    case 'untested': {
      const { title } = describeError(concern.error);
      return { title: 'The new key could not be tried', body: `${title}.${stillThere}` };
    }
    default:
      return assertNever(concern);
  }
}
