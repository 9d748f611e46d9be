import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { conversationQuery } from '../../lib/queries.ts';
import { streams } from '../../lib/stream-store.ts';
import { takeSentences } from './take-sentences.ts';

/** A screen reader needs time to speak; what arrives meanwhile is said together. */
const PAUSE_MS = 1_200;

/** Reads a reply aloud by sentence to a screen reader. The log itself is silent, or it would repeat every delta. */
export function SentenceAnnouncer({ conversationId }: { readonly conversationId: string }) {
  const { data } = useQuery(conversationQuery(conversationId));
  const streaming = data?.messages.find((message) => message.state === 'streaming');
  const [spoken, setSpoken] = useState('');
  const messageId = streaming?.id ?? null;
  useEffect(() => {
    if (messageId === null) return undefined;
    let offset = streams.textOf(messageId)?.length ?? 0;
    const speak = (): void => {
      const { sentences, length } = takeSentences((streams.textOf(messageId) ?? '').slice(offset));
      if (length === 0) return;
      offset += length;
      setSpoken(sentences);
    };
    const timer = setInterval(speak, PAUSE_MS);
    return () => clearInterval(timer);
  }, [messageId]);
  return (
    <div aria-live="polite" className="sr-only">
      {spoken}
    </div>
  );
}
