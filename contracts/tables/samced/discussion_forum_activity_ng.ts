// Without it scripts that draw the network of who answered whom from the ChalmersX toolkit’s table would find none.
import type { View } from '../../table.ts'

export default {
  name: 'discussion_forum_activity_ng',
  kind: 'view',
  schema: 'samced',
  published: true,
  grain: 'one thread, response or comment whose creation is logged',
  doc: 'Posts in the order in which they were written, with running numbers for ids, as the ChalmersX toolkit makes them of the forum’s own database. Here they come from the events `edx.forum.*.created`, which edX logs since March 2015; posts that were deleted since are among them. A course with older days gets new numbers when such a day comes in.',
  from: ['forum_post'],
  columns: {
    course_id: { type: 'VARCHAR', doc: 'Course id as logged, case kept' },
    id: { type: 'BIGINT', doc: 'Running number from 1, by time of creation and post id' },
    poster: { type: 'BIGINT', doc: 'Who wrote it; negative when no account id is known for the name' },
    thread: {
      type: 'BIGINT',
      doc: 'Number of the thread that it belongs to, its own for a thread; NULL when the thread’s creation is not in the logs',
    },
    response_to: {
      type: 'BIGINT',
      doc: 'Number of the response that a comment is on; NULL for threads and responses, and when the response’s creation is not in the logs',
    },
  },
  sql: `
    with numbered as (
      select
        *,
        row_number() over (partition by course_id order by created, post_id) as number
      from forum_post
      where created is not null
    )
    select
      post.course_id,
      post.number as id,
      post.user_id as poster,
      thread.number as thread,
      response.number as response_to
    from numbered as post
    left join numbered as thread on thread.course_id = post.course_id and thread.post_id = post.thread_id
    left join numbered as response
      on response.course_id = post.course_id and response.post_id = post.parent_id and post.kind = 'comment'
  `,
} as const satisfies View
