import { ChevronRight } from 'lucide-react';
import { useId, useState } from 'react';
import { Markdown } from './markdown/markdown.tsx';

interface ThoughtsProps {
  readonly text: string;
  /** Nothing of the answer itself has arrived yet. */
  readonly isThinking: boolean;
}

/** The provider's summary of what the model thought: quiet, and closed until somebody asks. */
export function Thoughts({ text, isThinking }: ThoughtsProps) {
  const [isOpen, setIsOpen] = useState(false);
  const panelId = useId();
  return (
    <div className="mb-2.5">
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={panelId}
        onClick={() => setIsOpen(!isOpen)}
        className="-ml-1.5 inline-flex h-7 items-center gap-1.5 rounded-md px-1.5 text-[13px] text-ink-3 hover:bg-hover hover:text-ink"
      >
        <ChevronRight size={14} aria-hidden className={`transition-transform ${isOpen ? 'rotate-90' : ''}`} />
        {isThinking ? 'Thinking' : 'Thought'}
        {isThinking && <span className="pulse size-1.5 rounded-full bg-accent" aria-hidden />}
      </button>
      <div
        id={panelId}
        role="group"
        aria-label="Thoughts"
        hidden={!isOpen}
        className="thoughts mt-1.5 mb-4 border-l-2 border-line pl-3.5"
      >
        {isOpen && <Markdown text={text} />}
      </div>
    </div>
  );
}
