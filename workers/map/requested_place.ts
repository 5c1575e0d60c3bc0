// Requests are logged under their address. Which page of a course it asks for, and what it does in the forum, is read here, for
// both readers of lines alike.
import { forumActionOf } from './forum_action.ts'
import { pageKeyOf } from './page_key.ts'
import { isUrlShaped } from './url_parts.ts'

export interface RequestedPlace {
  readonly page_key: string | null
  readonly forum_action: string | null
}

const NOWHERE: RequestedPlace = { page_key: null, forum_action: null }

/** Reads the place that an event type names: `logged` as it stands in the line, `canonical` what became of it. */
export function placeOf(logged: string, canonical: string): RequestedPlace {
  if (!canonical.startsWith('page:') || !isUrlShaped(logged)) return NOWHERE
  return { page_key: pageKeyOf(logged), forum_action: canonical === 'page:forum' ? forumActionOf(logged) : null }
}
