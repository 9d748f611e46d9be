import { useQuery } from '@tanstack/react-query';
import type { AttachmentKind } from '../../electron/contract/model/attachment.ts';
import { capabilitiesQuery } from './queries.ts';
import { useSelection } from './selection.ts';

/** The model that is chosen, and which kinds of files it is known not to take. */
export interface RefusedKinds {
  readonly model: string;
  readonly kinds: readonly AttachmentKind[];
}

/** Known as soon as a model is chosen, so that nobody has to press Send to hear it. */
export function useRefusedKinds(): RefusedKinds {
  const { connection, model } = useSelection();
  const capabilities = useQuery({
    ...capabilitiesQuery(connection?.id ?? '', model),
    enabled: connection !== null && model !== '',
  }).data;
  const kinds: AttachmentKind[] = [];
  if (capabilities?.imageInput === 'no') kinds.push('image');
  if (capabilities?.fileInput === 'no') kinds.push('pdf');
  return { model, kinds };
}
