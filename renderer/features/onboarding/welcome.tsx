import { useMutation, useQuery } from '@tanstack/react-query';
import { Clock3, LockKeyhole, MapPin } from 'lucide-react';
import type { ReactNode } from 'react';
import type { AppInfo } from '../../../electron/contract/model/app-info.ts';
import { ErrorCard } from '../../components/error-card.tsx';
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
        {info?.keystore.kind === 'locked' && <Locked keystore={info.keystore} />}
        {info?.keystore.kind === 'session-only' && <SessionOnly reason={info.keystore.reason} />}
        <div className="mt-8">
          <SignIn
            buttonClass="button button-quiet h-9 px-4 text-[14px]"
            note={info?.demoBaseUrl != null && <AboutDemo baseUrl={info.demoBaseUrl} />}
          >
            <button
              type="button"
              className="button button-primary h-9 px-4 text-[14px]"
              onClick={() => openKeyWindow(null)}
            >
              Add API key
            </button>
            {info?.demoBaseUrl != null && (
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
        <AboutOpenAI />
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

function SessionOnly({ reason }: { readonly reason: string }) {
  return (
    <p className="mt-6 rounded-lg border border-line bg-warn-soft px-4 py-3" role="note">
      <strong className="font-semibold text-warn">Keys last for this session only.</strong> {reason} A key you
      add now is kept in memory and forgotten when you quit.
    </p>
  );
}

function Locked({ keystore }: { readonly keystore: LockedKeystore }) {
  return (
    <div
      className="mt-6 flex items-center gap-4 rounded-lg border border-line bg-warn-soft px-4 py-3"
      role="note"
    >
      <p className="min-w-0 flex-1">
        <strong className="font-semibold text-warn">{describeLock(keystore)}.</strong> {keystore.advice} While
        it stays so, a key you add is kept in memory and forgotten when you quit.
      </p>
      <TryAgain className="button button-small shrink-0" />
    </div>
  );
}

function restingPlace(info: AppInfo | undefined): string {
  if (info === undefined) return 'your keystore';
  return info.keystore.kind === 'session-only' ? 'memory, until you quit,' : info.keystore.name;
}
