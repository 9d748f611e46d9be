import { FileText, FileType, Image } from 'lucide-react';
import type { AttachmentKind } from '../../electron/contract/model/attachment.ts';

const GLYPHS = { text: FileText, pdf: FileType, image: Image } satisfies Record<AttachmentKind, unknown>;

/** The sign of a kind of file. */
export function FileGlyph({ kind }: { readonly kind: AttachmentKind }) {
  const Glyph = GLYPHS[kind];
  return <Glyph size={15} className="shrink-0 text-ink-3" aria-hidden />;
}
