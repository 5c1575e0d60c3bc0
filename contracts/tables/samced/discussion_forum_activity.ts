// Without it scripts that ask the ChalmersX toolkit’s table of this name would find none.
import type { View } from '../../table.ts'

export default {
  name: 'discussion_forum_activity',
  kind: 'view',
  schema: 'samced',
  published: true,
  grain: 'one author of posts',
  doc: 'Posts by author, as the ChalmersX toolkit counts them in the forum’s own database: threads, and responses and comments together. Here they come from the events `edx.forum.*.created`, which edX logs since March 2015; posts that were deleted since count too.',
  from: ['forum_post'],
  columns: {
    course_id: { type: 'VARCHAR', doc: 'Course id as logged, case kept' },
    author_id: { type: 'BIGINT', doc: 'Who wrote them; negative when no account id is known for the name' },
    CommentThread: { type: 'BIGINT', doc: 'Threads begun; NULL without one, as in the toolkit' },
    Comment: { type: 'BIGINT', doc: 'Responses and comments written; NULL without one, as in the toolkit' },
  },
  sql: `
    select
      course_id,
      user_id as author_id,
      nullif(count(*) filter (kind = 'thread'), 0) as "CommentThread",
      nullif(count(*) filter (kind <> 'thread'), 0) as "Comment"
    from forum_post
    where user_id is not null
    group by course_id, user_id
  `,
} as const satisfies View
