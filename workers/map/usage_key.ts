// Videos and problems are named in half a dozen ways, by era and by who logs. What all of them have in common is the last
// component, the block's own name, and that is what joins an app's play to a browser's pause of the same video.
import { cleanText } from './fields.ts'
import { memoised } from './memo.ts'
import { percentDecoded } from './url_parts.ts'

/**
 * Finds the last component of a usage key, of any of these forms; null when there is none:
 *
 *   block-v1:ORG+COURSE+RUN+type@TYPE+block@NAME      i4x://ORG/COURSE/CATEGORY/NAME
 *   i4x:;_;_ORG;_COURSE;_CATEGORY;_NAME (in paths)    i4x-ORG-COURSE-CATEGORY-NAME (in HTML)
 *   input_…_2_1, HEX_2_1 (an answer of a problem)     NAME, or 32 hexadecimal digits
 */
export const lastComponentOf: (key: string) => string | null = memoised(65_536, (key) => {
  const text = cleanText(percentDecoded(key)).trim()
  const name = nameOf(withoutAnswerNumbers(text))
  return name === '' ? null : name
})

const BLOCK = 'block@'

function nameOf(key: string): string {
  const block = key.lastIndexOf(BLOCK)
  if (block !== -1 && key.includes('block-v1:')) return key.slice(block + BLOCK.length)
  if (key.startsWith('i4x-')) return nameInHtmlKey(key)
  const path = key.includes(';_') ? key.replaceAll(';_', '/').replaceAll(';;', ';') : key
  let end = path.length
  while (end > 0 && path[end - 1] === '/') end--
  return path.slice(path.lastIndexOf('/', end - 1) + 1, end)
}

/** Categories that tell where the name begins in an HTML key, whose parts may hold dashes themselves. */
const CATEGORIES: ReadonlySet<string> = new Set([
  'annotatable',
  'chapter',
  'combinedopenended',
  'course',
  'course_info',
  'discussion',
  'html',
  'library_content',
  'lti',
  'openassessment',
  'peergrading',
  'poll',
  'poll_question',
  'problem',
  'randomize',
  'sequential',
  'split_test',
  'static_tab',
  'survey',
  'vertical',
  'video',
  'videoalpha',
  'videosequence',
  'word_cloud',
])

function nameInHtmlKey(key: string): string {
  const parts = key.split('-')
  const category = parts.findIndex((part, index) => index >= 3 && CATEGORIES.has(part))
  return parts.slice(category === -1 ? 4 : category + 1).join('-')
}

/** An answer id is the problem's id and two numbers; only where it cannot be a name are they cut off. */
function withoutAnswerNumbers(key: string): string {
  const is_input = key.startsWith('input_')
  const id = is_input ? key.slice('input_'.length) : key
  const is_answer = is_input || (id.startsWith('i4x-') && id.includes('-problem-')) || /^[0-9a-f]{32}_\d+_\d+$/.test(id)
  return is_answer ? id.replace(/_\d{1,9}_\d{1,9}$/, '') : id
}
