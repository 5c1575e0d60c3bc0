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
  ['un_pin', 'unpinned_thread'],
  ['close', 'closed_thread'],
])

/** Last part of a path under `comments/{id}/` -> action; what a path calls a comment is a response. */
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

/** Last part of a path under `users/{id}/` -> action. */
const OF_USER: ReadonlyMap<string, string> = new Map([
  ['follow', 'followed_user'],
  ['unfollow', 'unfollowed_user'],
])

/** Last part of a path under `{topic}/` -> action. */
const OF_TOPIC: ReadonlyMap<string, string> = new Map([
  ['follow', 'followed_topic'],
  ['unfollow', 'unfollowed_topic'],
])

/** Reads what a request of the forum did, e.g. `created_thread`; null for a path that tells nothing of the kind. */
export function forumActionOf(url: string): string | null {
  const [first, ...parts] = partsBelowCourse(url)
  if (first !== 'discussion') return null
  const [head = 'forum', second = '', third = ''] = parts
  if (third === 'create' && second === 'threads') return 'created_thread'
  switch (head) {
    case 'forum':
      return viewOf(parts.slice(1))
    case 'threads':
      return OF_THREAD.get(third) ?? null
    case 'comments':
      return OF_COMMENT.get(third) ?? null
    case 'users':
      return OF_USER.get(third) ?? null
    case 'upload':
      return 'uploaded_file'
    default:
      return OF_TOPIC.get(second) ?? null
  }
}

/** Reads what was looked at, from the parts behind `discussion/forum`. */
function viewOf([first, second, third]: readonly string[]): string | null {
  if (first === undefined) return 'viewed_forum'
  if (second === 'threads') return third === undefined ? null : 'viewed_thread'
  if (second === 'inline') return 'viewed_topic'
  if (first === 'search') return 'searched'
  return first === 'users' && second !== undefined ? 'viewed_user' : null
}
