// Before 2015 the forum logged no events of its own, and later not for everything: what learners did there stands in the paths
// of their requests. This reads verb and object from a path, under the names that explicit events get in the tables.
import { partsBelowCourse } from './page_key.ts'

/** Last part of a path under `threads/{id}/` -> action. */
const OF_THREAD: ReadonlyMap<string, string> = new Map([
  ['reply', 'created_response'],
  ['update', 'edited_thread'],
  ['delete', 'deleted_thread'],
  ['upvote', 'voted_thread'],
  ['downvote', 'voted_thread'],
  ['unvote', 'vote_undone'],
  ['flagAbuse', 'reported_thread'],
  ['unFlagAbuse', 'unreported_thread'],
  ['follow', 'followed_thread'],
  ['unfollow', 'unfollowed_thread'],
  ['pin', 'pinned_thread'],
  ['unpin', 'unpinned_thread'],
  ['close', 'closed_thread'],
])

/** Last part of a path under `comments/{id}/` -> action; comments of a path are responses. */
const OF_COMMENT: ReadonlyMap<string, string> = new Map([
  ['reply', 'created_comment'],
  ['update', 'edited_response'],
  ['delete', 'deleted_response'],
  ['upvote', 'voted_response'],
  ['downvote', 'voted_response'],
  ['unvote', 'vote_undone'],
  ['flagAbuse', 'reported_response'],
  ['unFlagAbuse', 'unreported_response'],
  ['endorse', 'endorsed_response'],
])

/** Reads what a request of the forum did, e.g. `created_thread`; null for a path that is no request of the forum. */
export function forumActionOf(url: string): string | null {
  const [first, ...parts] = partsBelowCourse(url)
  if (first !== 'discussion') return null
  const [head = 'forum', second, third] = parts
  switch (head) {
    case 'forum':
      return viewOf(parts.slice(1))
    case 'threads':
      return OF_THREAD.get(third ?? '') ?? 'other'
    case 'comments':
      return OF_COMMENT.get(third ?? '') ?? 'other'
    case 'users':
      if (third === 'follow') return 'followed_user'
      return third === 'unfollow' ? 'unfollowed_user' : 'other'
    case 'upload':
      return 'uploaded_file'
    default:
      return second === 'threads' && third === 'create' ? 'created_thread' : 'other'
  }
}

/** Reads what was looked at, from the parts behind `discussion/forum`. */
function viewOf([first, second, third]: readonly string[]): string {
  if (first === undefined) return 'viewed_forum'
  if (first === 'search') return 'searched'
  if (first === 'users') return second === undefined ? 'other' : 'viewed_user'
  if (second === 'inline') return 'viewed_topic'
  return second === 'threads' && third !== undefined ? 'viewed_thread' : 'other'
}
