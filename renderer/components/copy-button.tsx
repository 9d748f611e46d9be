import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { copyText } from '../lib/copy-text.ts';

const CONFIRM_MS = 1_500;

/** Copies text and says for a moment that it did, without its name changing. */
export function CopyButton({ text, name }: { readonly text: string; readonly name: string }) {
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setIsCopied(false), CONFIRM_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const Icon = isCopied ? Check : Copy;
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={name}
      title={isCopied ? 'Copied' : name}
      onClick={() => setIsCopied(copyText(text))}
    >
      <Icon size={14} aria-hidden />
    </button>
  );
}
