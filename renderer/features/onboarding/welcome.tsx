import { useMutation, useQuery } from '@tanstack/react-query';
import { Clock3, LockKeyhole, MapPin } from 'lucide-react';
import type { ReactNode } from 'react';
import type { AppInfo } from '../../../electron/contract/model/app-info.ts';
import { ErrorCard } from '../../components/error-card.tsx';
import { ManagedMark } from '../../components/managed-mark.tsx';
import { KeyGlyph } from '../../components/key-glyph.tsx';
import { OutgoingLink } from '../../components/outgoing-link.tsx';
import { SignIn } from '../../components/sign-in.tsx';
import { TryAgain } from '../../components/try-again.tsx';
import { describeLock, type LockedKeystore } from '../../lib/describe-keystore.ts';
import { hostOf } from '../../lib/format.ts';
import { request, toWireError } from '../../lib/ipc-client.ts';
import { openKeyWindow } from '../../lib/key-actions.ts';
import { connectionsQuery, infoQuery, queryClient } from '../../lib/queries.ts';

/** The first thing a newcomer sees: what Latchkey promises, and the three ways in. */
export function Welcome() {
  const info = useQuery(infoQuery).data;
  const canAdd = info?.policy?.rules.allowsOwnConnections ?? true;
  const demoBaseUrl = info?.demoBaseUrl ?? null;
  const isKeystoreRequired = info?.policy?.rules.requiresKeystore ?? false;
  const demo = useMutation({
    mutationFn: () => request('connections.addDemo', {}),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: connectionsQuery.queryKey }),
  });
  return (
    <div className="flex min-h-0 flex-1 overflow-y-auto px-8 py-10">
      <div className="m-auto w-full max-w-[520px]">
        <div className="text-accent">
          <KeyGlyph seed="Latchkey" kind="kept" height={36} />
        </div>
        <h1 className="mt-6 text-[26px] leading-8 font-semibold tracking-[-0.02em]">Welcome to Latchkey</h1>
        <p className="mt-2 text-[15px] leading-6 text-ink-2">A chat client for an API key that you own.</p>
        <ul className="mt-6 flex flex-col gap-3.5 text-[14px] leading-[22px]">
          <Pledge icon={<LockKeyhole size={17} aria-hidden />}>
            Your key goes into {restingPlace(info)} and never enters this window.
          </Pledge>
          <Pledge icon={<MapPin size={17} aria-hidden />}>
            It is sent to the one address you enter it for, and to no other.
          </Pledge>
          <Pledge icon={<Clock3 size={17} aria-hidden />}>
            Conversations stay on this computer, and every answer is saved as it arrives.
          </Pledge>
        </ul>
        {info?.keystore.kind === 'locked' && (
          <Locked keystore={info.keystore} isKeystoreRequired={isKeystoreRequired} />
        )}
        {info?.keystore.kind === 'session-only' && (
          <SessionOnly reason={info.keystore.reason} isKeystoreRequired={isKeystoreRequired} />
        )}
        <div className="mt-8">
          <SignIn
            buttonClass="button button-quiet h-9 px-4 text-[14px]"
            note={canAdd ? demoBaseUrl !== null && <AboutDemo baseUrl={demoBaseUrl} /> : <NothingToAdd />}
          >
            <button
              type="button"
              className="button button-primary h-9 px-4 text-[14px]"
              disabled={!canAdd}
              aria-describedby={canAdd ? undefined : 'adding-managed'}
              onClick={() => openKeyWindow(null)}
            >
              Add API key
            </button>
            {canAdd && demoBaseUrl !== null && (
              <button
                type="button"
                className="button h-9 px-4 text-[14px]"
                disabled={demo.isPending}
                onClick={() => demo.mutate()}
              >
                Use local demo
              </button>
            )}
          </SignIn>
        </div>
        {demo.error !== null && (
          <div className="mt-4">
            <ErrorCard error={toWireError(demo.error)} connectionId={null} onRetry={() => demo.mutate()} />
          </div>
        )}
        {canAdd && <AboutOpenAI />}
      </div>
    </div>
  );
}

function AboutDemo({ baseUrl }: { readonly baseUrl: string }) {
  return (
    <p className="-mt-1 text-ink-3">
      The demo is a small program on this computer ({hostOf(baseUrl)}). It needs no key and no network.
    </p>
  );
}

function NothingToAdd() {
  return (
    <ManagedMark id="adding-managed">
      It set up no connection, and none can be added. Ask your administrator.
    </ManagedMark>
  );
}

function AboutOpenAI() {
  return (
    <section aria-labelledby="about-openai" className="selectable mt-8 border-t border-line pt-5">
      <h2 id="about-openai" className="font-semibold">
        A key for OpenAI
      </h2>
      <p className="mt-1 text-ink-2">
        OpenAI does not let other apps sign you in to its API, so there it has to be a key. Make one under{' '}
        <ExternalLink url="https://platform.openai.com/api-keys">API keys</ExternalLink>, in a project of its
        own and with restricted permissions, and give that project a monthly spend limit under{' '}
        <ExternalLink url="https://platform.openai.com/settings/organization/limits">Limits</ExternalLink>. To
        revoke it, delete it on the page where you made it: from then on every copy is worthless.
      </p>
    </section>
  );
}

function ExternalLink({ url, children }: { readonly url: string; readonly children: string }) {
  return (
    <OutgoingLink url={url} text={children}>
      {children}
    </OutgoingLink>
  );
}

function Pledge({ icon, children }: { readonly icon: ReactNode; readonly children: ReactNode }) {
  return (
    <li className="flex gap-3">
      <span className="mt-[2.5px] shrink-0 text-ink-3">{icon}</span>
      <span>{children}</span>
    </li>
  );
}

interface SessionOnlyProps {
  readonly reason: string;
  /** The organisation takes no key that the keystore does not keep. */
  readonly isKeystoreRequired: boolean;
}

function SessionOnly({ reason, isKeystoreRequired }: SessionOnlyProps) {
  if (isKeystoreRequired) {
    return (
      <p className="mt-6 rounded-lg border border-line bg-warn-soft px-4 py-3" role="note">
        <strong className="font-semibold text-warn">A keystore is needed first.</strong> {reason} Your
        organisation allows a key only where the system can keep it encrypted.
      </p>
    );
  }
  return (
    <p className="mt-6 rounded-lg border border-line bg-warn-soft px-4 py-3" role="note">
      <strong className="font-semibold text-warn">Keys last for this session only.</strong> {reason} A key you
      add now is kept in memory and forgotten when you quit.
    </p>
  );
}

interface LockedProps {
  readonly keystore: LockedKeystore;
  /** As above. */
  readonly isKeystoreRequired: boolean;
}

function Locked({ keystore, isKeystoreRequired }: LockedProps) {
  const meanwhile = isKeystoreRequired
    ? 'Your organisation allows no key before that.'
    : 'While it stays so, a key you add is kept in memory and forgotten when you quit.';
  return (
    <div
      className="mt-6 flex items-center gap-4 rounded-lg border border-line bg-warn-soft px-4 py-3"
      role="note"
    >
      <p className="min-w-0 flex-1">
        <strong className="font-semibold text-warn">{describeLock(keystore)}.</strong> {keystore.advice}{' '}
        {meanwhile}
      </p>
      <TryAgain className="button button-small shrink-0" />
    </div>
  );
}

function restingPlace(info: AppInfo | undefined): string {
  if (info === undefined) return 'your keystore';
  if (info.keystore.kind !== 'session-only') return info.keystore.name;
  return info.policy?.rules.requiresKeystore === true ? 'your keystore' : 'memory, until you quit,';
}
