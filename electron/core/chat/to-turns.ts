import type { Attachment } from '../../contract/model/attachment.ts';
import type { Message } from '../../contract/model/conversation.ts';
import type { ProviderFile, ProviderTurn } from '../providers/chat-provider.ts';

/** Reads the bytes of a file when the request is made, not before. */
export type FileReader = (attachment: Attachment) => Promise<Uint8Array>;

/** Messages as they are sent. Answers that never said anything are left out: most APIs refuse an empty turn. */
export function toTurns(path: readonly Message[], read: FileReader = refuseToRead): ProviderTurn[] {
  return path.flatMap(({ role, text, attachments }): ProviderTurn[] => {
    if (role === 'tool' || (text === '' && attachments.length === 0)) return [];
    return [{ role, text, ...withFiles(attachments, read) }];
  });
}

/** For turns that are only measured or told about. */
function refuseToRead(): Promise<Uint8Array> {
  return Promise.reject(new Error('the files of these turns are not meant to be read'));
}

/** The files of a turn; nothing where there are none. */
export function withFiles(
  attachments: readonly Attachment[],
  read: FileReader,
): { readonly files?: readonly ProviderFile[] } {
  if (attachments.length === 0) return {};
  return {
    files: attachments.map((attachment) => {
      const { kind, name, mediaType, byteCount, width, height } = attachment;
      return { kind, name, mediaType, byteCount, width, height, read: () => read(attachment) };
    }),
  };
}
