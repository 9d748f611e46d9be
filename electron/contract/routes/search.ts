import { defineRoute } from '../define-route.ts';
import { searchRequestSchema, searchResultSchema } from '../model/search.ts';

/** Finding messages. */
export const searchRoutes = {
  /** Searches the text of all messages, also of variants that are not shown. A newer search ends an older one. */
  'search.messages': defineRoute({
    windows: ['chat'],
    input: searchRequestSchema,
    output: searchResultSchema,
  }),
} as const;
