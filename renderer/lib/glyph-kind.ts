import type { Connection, KeyStatus } from '../../electron/contract/model/connection.ts';
import type { KeyGlyphKind } from '../components/key-glyph.tsx';

/** How the glyph of a connection looks. */
export function glyphKind(connection: Connection): KeyGlyphKind {
  return connection.key === null ? 'blank' : glyphOfKey(connection.key);
}

/** How the glyph of a key looks. */
export function glyphOfKey({ restsIn }: KeyStatus): KeyGlyphKind {
  return restsIn === 'this session only' ? 'session' : 'kept';
}
