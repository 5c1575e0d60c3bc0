// What learners keep and look for: bookmarks, notes in the margin, searches within the course.
import { tellFact } from './tell_fact.ts'
import { pass, request, type Visit } from './visit.ts'
import { asciiJson } from './world.ts'

/** Sets, follows or removes a bookmark. */
export function useBookmarks(visit: Visit): void {
  const { random, course } = visit
  const video = random.pick(course.videos)
  const bookmark_id = `user,${video.usage_key}`
  const action = random.pick(['added', 'added', 'removed', 'accessed'] as const)
  if (action === 'accessed') {
    request(visit, 'page:bookmarks', '/bookmarks/')
    pass(visit, 0.2, 2)
    const listed = `{"list_type": "per_course", "course_id": "${course.id}", "bookmarks_count": ${random.between(1, 9)}, "page_size": 10, "page_number": 1}`
    tellFact(visit, 'server', 'edx.bookmark.listed', { payload: listed, fact: { about: 'bookmark', block_id: null } })
    pass(visit, 1, 10)
  }
  const payload = `{"course_id": "${course.id}", "bookmark_id": "${bookmark_id}", "component_type": "vertical", "component_usage_id": "${video.usage_key}"}`
  const fact = { about: 'bookmark', block_id: video.block_id } as const
  tellFact(visit, action === 'accessed' ? 'browser' : 'server', `edx.bookmark.${action}`, { payload, fact })
}

/** Writes a note, or reads those written. */
export function takeNotes(visit: Visit): void {
  const { random, course } = visit
  const note = random.between(1000, 99_999)
  const block = random.pick(course.problems).usage_key
  const action = random.pick([
    'added',
    'added',
    'edited',
    'deleted',
    'viewed',
    'searched',
    'notes_page_viewed',
  ] as const)
  if (action === 'notes_page_viewed') request(visit, 'page:notes', '/edxnotes/')
  pass(visit, 0.1, 3)
  const payload = {
    added: `{"note_id": ${note}, "note_text": "see \\"step 2\\"", "tags": ["exam"], "truncated": [], "highlighted_content": "x", "units": [], "component_usage_id": "${block}"}`,
    edited: `{"note_id": ${note}, "note_text": "new", "old_note_text": "old", "tags": [], "old_tags": [], "truncated": [], "component_usage_id": "${block}"}`,
    deleted: `{"note_id": ${note}, "note_text": "new", "tags": [], "truncated": [], "component_usage_id": "${block}"}`,
    viewed: `{"notes": [{"note_id": ${note}}, {"note_id": ${note + 1}}]}`,
    searched: `{"search_string": "step", "number_of_results": ${random.below(9)}}`,
    notes_page_viewed: '{"view": "Recent Activity"}',
  }[action]
  const notes =
    action === 'searched' || action === 'notes_page_viewed' ? [] : action === 'viewed' ? [note, note + 1] : [note]
  tellFact(visit, 'browser', `edx.course.student_notes.${action}`, { payload, fact: { about: 'note', notes } })
}

/** Searches the course: the question and, mostly, what was found. */
export function searchCourse(visit: Visit): void {
  const { random } = visit
  const query = random.pick(['graphene', 'Övning 2', 'life cycle', 'how to "pass"'])
  const asked = `{"search_term": ${asciiJson(query)}}`
  const initiated = { about: 'search', query, results: null } as const
  tellFact(visit, 'browser', 'edx.course.search.initiated', { payload: asked, fact: initiated })
  if (random.chance(0.2)) return
  pass(visit, 0.2, 2)
  const results = random.below(60)
  const payload = `{"search_term": ${asciiJson(query)}, "results_count": ${results}, "page_size": 20, "page_number": 0}`
  const fact = { about: 'search', query, results } as const
  tellFact(visit, 'browser', 'edx.course.search.results_displayed', { payload, fact })
}
