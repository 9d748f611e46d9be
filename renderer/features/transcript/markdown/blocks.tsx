import { Check, Square } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Token, Tokens } from 'marked';
import { CodeBlock } from './code-block.tsx';
import { Inline } from './inline.tsx';
import { decodeEntities } from './decode-entities.ts';

/** Block tokens as elements. An unknown token is shown as it was written. */
export function Blocks({ tokens }: { readonly tokens: readonly Token[] }) {
  return tokens.map((token, index) => <BlockToken key={index} token={token} />);
}

function BlockToken({ token }: { readonly token: Token }): ReactNode {
  // marked's union has a catch-all member, so that `type` does not narrow: each case names what it is.
  switch (token.type) {
    case 'space':
    case 'checkbox':
      return null;
    case 'heading':
      return <Heading token={token as Tokens.Heading} />;
    case 'paragraph':
      return (
        <p dir="auto">
          <Inline tokens={(token as Tokens.Paragraph).tokens} />
        </p>
      );
    case 'text':
      return <TightText token={token as Tokens.Text} />;
    case 'code':
      return <CodeBlock code={(token as Tokens.Code).text} language={languageOf(token as Tokens.Code)} />;
    case 'blockquote':
      return (
        <blockquote dir="auto">
          <Blocks tokens={(token as Tokens.Blockquote).tokens} />
        </blockquote>
      );
    case 'list':
      return <List token={token as Tokens.List} />;
    case 'table':
      return <Table token={token as Tokens.Table} />;
    case 'hr':
      return <hr />;
    default:
      return <PlainText text={token.raw} />;
  }
}

function Heading({ token }: { readonly token: Tokens.Heading }) {
  const content = <Inline tokens={token.tokens} />;
  // The conversation's title is level 1; a reply's outline begins below it for a screen reader.
  const level = Math.min(6, token.depth + 1);
  const Tag = `h${Math.min(6, token.depth)}` as 'h1';
  return (
    <Tag aria-level={level} dir="auto">
      {content}
    </Tag>
  );
}

function TightText({ token }: { readonly token: Tokens.Text }) {
  return token.tokens === undefined ? decodeEntities(token.text) : <Inline tokens={token.tokens} />;
}

function languageOf(token: Tokens.Code): string {
  return (token.lang ?? '').trim().split(/\s/)[0]?.slice(0, 40) ?? '';
}

function List({ token }: { readonly token: Tokens.List }) {
  const items = token.items.map((item, index) => <Item key={index} item={item} />);
  if (!token.ordered) return <ul dir="auto">{items}</ul>;
  return (
    <ol dir="auto" start={token.start === '' ? 1 : token.start}>
      {items}
    </ol>
  );
}

function Item({ item }: { readonly item: Tokens.ListItem }) {
  if (!item.task) {
    return (
      <li>
        <Blocks tokens={item.tokens} />
      </li>
    );
  }
  const isDone = item.checked === true;
  const Mark = isDone ? Check : Square;
  return (
    <li className="task">
      <span
        className="task-mark inline-block"
        data-checked={isDone ? '' : undefined}
        role="img"
        aria-label={isDone ? 'Done' : 'To do'}
      >
        <Mark size={14} aria-hidden />
      </span>
      <Blocks tokens={item.tokens} />
    </li>
  );
}

function Table({ token }: { readonly token: Tokens.Table }) {
  return (
    <div className="prose-table" tabIndex={0} role="region" aria-label="Table">
      <table>
        <thead>
          <tr>
            {token.header.map((cell, index) => (
              <th key={index} scope="col" className={alignClass(cell)} dir="auto">
                <Inline tokens={cell.tokens} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} className={alignClass(cell)} dir="auto">
                  <Inline tokens={cell.tokens} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function alignClass(cell: Tokens.TableCell): string | undefined {
  if (cell.align === 'center') return 'align-center';
  return cell.align === 'right' ? 'align-right' : undefined;
}

const CHUNK_LENGTH = 4_000;

/** Long plain text in pieces: laying out one huge text node again for every delta is slow. */
function PlainText({ text }: { readonly text: string }) {
  const pieces = [];
  for (let start = 0; start < text.length; start += CHUNK_LENGTH) {
    pieces.push(text.slice(start, start + CHUNK_LENGTH));
  }
  return (
    <div className="prose-plain" dir="auto">
      {pieces.map((piece, index) => (
        <span key={index}>{piece}</span>
      ))}
    </div>
  );
}
