import { memo, useMemo, useRef } from 'react';
import { BlockStream } from './block-stream.ts';
import type { BlockGroup } from './block-stream.ts';
import { lexBlock } from './bounded-lexer.ts';
import { Blocks } from './blocks.tsx';

/** Model output as elements of ours: no HTML, no images loaded, no link that navigates. Cheap to call with a growing text. */
export function Markdown({ text }: { readonly text: string }) {
  const streamRef = useRef<BlockStream | null>(null);
  streamRef.current ??= new BlockStream();
  const stream = streamRef.current;
  // Not an effect: the blocks are a function of the text, and the stream only remembers what it worked out before.
  stream.update(text);
  const firstOfTail = stream.groups.length;
  return (
    <div className="prose" dir="auto">
      {stream.groups.map((blocks, index) => (
        <Group key={index} blocks={blocks} />
      ))}
      <div key={firstOfTail}>
        {stream.tail.map((raw, index) => (
          <Block key={index} raw={raw} />
        ))}
      </div>
    </div>
  );
}

const Group = memo(function Group({ blocks }: { readonly blocks: BlockGroup }) {
  return (
    <div className="prose-group">
      {blocks.map((raw, index) => (
        <Block key={index} raw={raw} />
      ))}
    </div>
  );
});

const Block = memo(function Block({ raw }: { readonly raw: string }) {
  const tokens = useMemo(() => lexBlock(raw), [raw]);
  return <Blocks tokens={tokens} />;
});
