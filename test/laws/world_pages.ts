// What learners do around the content of a course: pages, moves, links, books, and the forum in both of its languages.
import fc from 'fast-check'
import type { EventRow } from '../../contracts/event.ts'

type Told = Partial<EventRow>

const page: fc.Arbitrary<Told> = fc.record({
  event_type: fc.constantFrom('page:courseware', 'page:tab', 'page:info', 'page:root'),
  event_source: fc.constantFrom('server', 'server', 'browser'),
  page_key: fc.constantFrom(null, 'week1', 'week1/intro'),
})

const tab = fc.constantFrom<unknown>(1, 2, '4', null, 'x')
const old_or_new = fc.constantFrom(null, 1n, 2n, 4n)

const move: fc.Arbitrary<Told> = fc.record({
  event_type: fc.constantFrom('seq_next', 'seq_prev', 'seq_goto'),
  event_source: fc.constant('browser'),
  family: fc.constant('sequence' as const),
  block_id: fc.constantFrom(null, 's'),
  old_tab: old_or_new,
  new_tab: old_or_new,
})

const link: fc.Arbitrary<Told> = fc
  .record({
    target_url: fc.constantFrom('https://a.org/', 'https://b.org:80', '/x', null),
    host: fc.constantFrom('a', 'b'),
  })
  .map(({ target_url, host }) => ({
    event_type: 'edx.ui.lms.link_clicked',
    event_source: 'browser',
    payload: JSON.stringify({ target_url, current_url: `https://${host}.org/courses` }),
  }))

const book: fc.Arbitrary<Told> = fc
  .record({
    event_type: fc.constantFrom('book', 'textbook.pdf.page.navigated'),
    fields: fc.record({ chapter: fc.constantFrom('c', ''), page: tab, new: tab }, { requiredKeys: [] }),
  })
  .map(({ event_type, fields }) => ({
    event_type,
    event_source: 'browser',
    family: 'text',
    payload: JSON.stringify(fields),
  }))

const post: fc.Arbitrary<Told> = fc
  .record({
    kind: fc.constantFrom('thread', 'response', 'comment'),
    verb: fc.constantFrom('created', 'edited', 'deleted', 'voted', 'voted', 'viewed'),
    fields: fc.record(
      {
        id: fc.constantFrom('p', 'q'),
        discussion: fc.constantFrom<unknown>({ id: 't' }, { id: 'u' }, null),
        response: fc.constantFrom<unknown>({ id: 'r' }, []),
        body: fc.constantFrom('Hej', 'på dig', ''),
        vote_value: fc.constantFrom('up', 'down'),
        undo_vote: fc.boolean(),
      },
      { requiredKeys: ['id'] },
    ),
  })
  .map(({ kind, verb, fields }) => ({
    event_type: `edx.forum.${kind}.${verb}`,
    family: 'forum',
    payload: JSON.stringify(fields),
  }))

const request: fc.Arbitrary<Told> = fc
  .constantFrom(
    null,
    'created_thread',
    'created_response',
    'voted_thread',
    'vote_undone',
    'viewed_thread',
    'viewed_forum',
  )
  .map((forum_action) => ({ event_type: 'page:forum', family: 'forum', forum_action }))

const odd = fc
  .record({
    event_type: fc.constantFrom('seq_goto', 'edx.ui.lms.link_clicked', 'book', 'edx.forum.thread.voted'),
    payload: fc.constantFrom('[1]', '"old=1&new=2"', '7', '{"id": {"id": 1}, "new": [], "target_url": {}}', null),
  })
  .map(
    ({ event_type, payload }): Told => ({
      event_type,
      event_source: 'browser',
      family: event_type.startsWith('seq') ? 'sequence' : event_type === 'book' ? 'text' : null,
      payload,
    }),
  )

/** An event of the pages, the navigation, the textbooks or the forum of a course. */
export const paged: fc.Arbitrary<Told> = fc.oneof(page, move, link, book, post, post, request, odd).map((told) => ({
  ...told,
  block: null,
  block_id: null,
}))
