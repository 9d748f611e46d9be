import { ImageOff } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Token, Tokens } from 'marked';
import { OutgoingLink } from '../../../components/outgoing-link.tsx';
import { decodeEntities } from './decode-entities.ts';
import { toSafeLink } from './safe-link.ts';

/** Inline tokens as elements. Raw HTML is shown as text; images become links that say where they would come from. */
export function Inline({ tokens }: { readonly tokens: readonly Token[] }) {
  return tokens.map((token, index) => <InlineToken key={index} token={token} />);
}

function InlineToken({ token }: { readonly token: Token }): ReactNode {
  switch (token.type) {
    case 'text':
      return token.tokens === undefined ? (
        decodeEntities((token as Tokens.Text).text)
      ) : (
        <Inline tokens={token.tokens} />
      );
    case 'escape':
      return (token as Tokens.Escape).text;
    case 'strong':
      return (
        <strong>
          <Inline tokens={(token as Tokens.Strong).tokens} />
        </strong>
      );
    case 'em':
      return (
        <em>
          <Inline tokens={(token as Tokens.Em).tokens} />
        </em>
      );
    case 'del':
      return (
        <del>
          <Inline tokens={(token as Tokens.Del).tokens} />
        </del>
      );
    case 'codespan':
      return <code dir="ltr">{(token as Tokens.Codespan).text}</code>;
    case 'br':
      return <br />;
    case 'checkbox':
      return null;
    case 'link':
      return <LinkToken token={token as Tokens.Link} />;
    case 'image':
      return <ImageChip token={token as Tokens.Image} />;
    default:
      return token.raw;
  }
}

function LinkToken({ token }: { readonly token: Tokens.Link }) {
  const content = <Inline tokens={token.tokens} />;
  const link = toSafeLink(decodeEntities(token.href));
  if (link === null) return content;
  return (
    <OutgoingLink url={link.url} text={token.text}>
      {content}
    </OutgoingLink>
  );
}

/** An image is never loaded: its address alone could carry the conversation to a stranger. */
function ImageChip({ token }: { readonly token: Tokens.Image }) {
  const link = toSafeLink(decodeEntities(token.href));
  const alt = decodeEntities(token.text).trim() || 'no description';
  const label = link === null ? `Image: ${alt}` : `Image: ${alt} (${link.host})`;
  const chip = (
    <span className="image-chip">
      <ImageOff size={13} aria-hidden />
      {label}
    </span>
  );
  if (link === null) return chip;
  return (
    <OutgoingLink url={link.url} text={label}>
      {chip}
    </OutgoingLink>
  );
}
