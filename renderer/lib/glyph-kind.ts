import type { Connection } from '../../electron/contract/model/connection.ts';
import type { KeyGlyphKind } from '../components/key-glyph.tsx';

/** How the glyph of a connection looks. */
export function glyphKind(connection: Connection): KeyGlyphKind {
  if (connection.key === null) return 'blank';
  return connection.key.state === 'session-only' ? 'session' : 'kept';
}
