import { memo, useMemo } from 'react';
import { CopyButton } from '../../../components/copy-button.tsx';

const LINES_PER_PIECE = 64;

interface CodeBlockProps {
  readonly code: string;
  readonly language: string;
}

/** Code with its language and a way to copy it. Long code is laid out in pieces, so that a growing end stays cheap. */
export function CodeBlock({ code, language }: CodeBlockProps) {
  const pieces = useMemo(() => cutLines(code), [code]);
  return (
    <div className="code-block" dir="ltr">
      <div className="code-bar">
        <span>{language === '' ? 'Code' : language}</span>
        <CopyButton text={code} name="Copy code" />
      </div>
      <pre tabIndex={0} role="region" aria-label={language === '' ? 'Code' : `Code, ${language}`}>
        <code>
          {pieces.map((piece, index) => (
            <Piece key={index} text={piece} />
          ))}
        </code>
      </pre>
    </div>
  );
}

const Piece = memo(function Piece({ text }: { readonly text: string }) {
  return <span>{text}</span>;
});

function cutLines(code: string): readonly string[] {
  const lines = code.split('\n');
  const pieces = [];
  for (let start = 0; start < lines.length; start += LINES_PER_PIECE) {
    const isLast = start + LINES_PER_PIECE >= lines.length;
    pieces.push(lines.slice(start, start + LINES_PER_PIECE).join('\n') + (isLast ? '' : '\n'));
  }
  return pieces;
}
