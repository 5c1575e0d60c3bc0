// Most lines of a log are requests, logged under their path. Counted by path they would be millions of types; this file
// makes a closed list of kinds of them. xblock calls come first, because their paths begin like course pages:
//
//   xblock:HANDLER   `/xblock/` or `/modx/` anywhere in the path. HANDLER is the name after `/handler/` or
//                    `/handler_noauth/`; for `xmodule_handler` the part behind it (problem_check, problem_get, …); the last
//                    part of a `/modx/` path; `student_view` for a bare usage or `/view/…`; else `other`.
//   page:KIND        under `/courses/{id}/`, the id of either form: root, info, about, courseware, progress, wiki, forum,
//                    teams, pdfbook, tab, bookmarks, notes, jump_to.
//   api:other        everything else, also `/wiki/…` and `/api/…` at the top.
import { courseInPath } from './course_id.ts'
import { memoised } from './memo.ts'
import { splitUrl } from './url_parts.ts'

/** First path part after the course id -> kind of page. */
const PAGE_KINDS: ReadonlyMap<string, string> = new Map([
  ['info', 'page:info'],
  ['about', 'page:about'],
  ['courseware', 'page:courseware'],
  ['progress', 'page:progress'],
  ['wiki', 'page:wiki'],
  ['course_wiki', 'page:wiki'],
  ['discussion', 'page:forum'],
  ['teams', 'page:teams'],
  ['pdfbook', 'page:pdfbook'],
  ['static_tab', 'page:tab'],
  ['bookmarks', 'page:bookmarks'],
  ['edxnotes', 'page:notes'],
  ['jump_to', 'page:jump_to'],
  ['jump_to_id', 'page:jump_to'],
])

/** Finds the kind of a URL-shaped event type. */
export function kindOfUrl(url: string): string {
  const { path } = splitUrl(url)
  return xblockKind(path) ?? pageKind(path) ?? 'api:other'
}

function xblockKind(path: string): string | null {
  const xblock = path.indexOf('/xblock/')
  if (xblock !== -1) return named(xblockHandler(path.slice(xblock + '/xblock/'.length)))
  const modx = path.indexOf('/modx/')
  if (modx === -1) return null
  const parts = path
    .slice(modx + '/modx/'.length)
    .split('/')
    .filter((part) => part !== '')
  return named(parts.length < 2 ? null : parts.at(-1))
}

/** A usage (old ones hold slashes), then nothing or `/view/…`. */
const STUDENT_VIEW = /^(?:i4x:\/\/[^/]+\/[^/]+\/[^/]+\/[^/]+|[^/]+)(?:\/*|\/view(?:\/[\s\S]*)?)$/

function xblockHandler(after_xblock: string): string | null {
  const handler = partBehind(after_xblock, '/handler/') ?? partBehind(after_xblock, '/handler_noauth/')
  if (handler === 'xmodule_handler') return partBehind(after_xblock, '/xmodule_handler/') ?? handler
  return handler ?? (STUDENT_VIEW.test(after_xblock) ? 'student_view' : null)
}

function partBehind(path: string, sign: string): string | null {
  const at = path.indexOf(sign)
  if (at === -1) return null
  const from = at + sign.length
  const slash = path.indexOf('/', from)
  const part = path.slice(from, slash === -1 ? path.length : slash)
  return part === '' ? null : part
}

const named = (handler: string | null | undefined): string => kindOfHandler(handler ?? '')

const kindOfHandler = memoised(1024, (handler) =>
  /^[A-Za-z0-9_-]{1,64}$/.test(handler) ? `xblock:${handler}` : 'xblock:other',
)

function pageKind(path: string): string | null {
  const place = courseInPath(path)
  if (place === null || place.start !== 0) return null
  let from = place.end
  while (path[from] === '/') from++
  if (from === path.length) return 'page:root'
  const slash = path.indexOf('/', from)
  const first = path.slice(from, slash === -1 ? path.length : slash)
  return PAGE_KINDS.get(first) ?? (/^[0-9a-fA-F]{32}$/.test(first) ? 'page:tab' : null)
}
