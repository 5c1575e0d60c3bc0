// Without it who answered whom, and what others thought of it, could not be had without the forum's own database.
import type { DerivedTable } from '../../table.ts'

export default {
  name: 'forum_post',
  kind: 'derived',
  scope: 'course',
  published: true,
  grain: 'one thread, response or comment of the forum',
  doc: 'Posts that an event `edx.forum.*` speaks of as created, edited, deleted or voted on. edX logs these since March 2015 at the earliest; older posts have a row once somebody edits, deletes or votes on them, without author and text. Texts and titles are not kept.',
  from: ['forum_event'],
  columns: {
    course_id: { type: 'VARCHAR', doc: 'Course id as logged, case kept' },
    post_id: { type: 'VARCHAR', doc: 'The post’s id in the forum (`id`)' },
    kind: { type: 'VARCHAR', doc: '`thread`, `response` (to a thread) or `comment` (on a response)' },
    user_id: {
      type: 'BIGINT',
      doc: 'Who wrote it: the actor of `created`, also of an anonymous post; negative when no account id is known for the name; NULL when its creation is not in the logs',
    },
    thread_id: {
      type: 'VARCHAR',
      doc: 'The thread that it belongs to (`discussion.id`), a thread’s own id; NULL when no event of the post tells it',
    },
    parent_id: {
      type: 'VARCHAR',
      doc: 'What it answers: a response its thread, a comment its response (`response.id`); NULL for threads, and when no event of the post tells it',
    },
    created: { type: 'TIMESTAMP', doc: 'Time of its creation, UTC; NULL when it is not in the logs' },
    edits: { type: 'BIGINT', doc: 'Events `edited`, by whomever' },
    deleted: { type: 'TIMESTAMP', doc: 'Time of its first deletion, UTC; NULL without one' },
    votes_up: {
      type: 'BIGINT',
      doc: 'Votes for it (`vote_value` `up`) less those undone; below 0 when a vote of before the logs was undone',
    },
    votes_down: { type: 'BIGINT', doc: 'Votes against it (`vote_value` `down`) less those undone' },
    body_length: {
      type: 'BIGINT',
      doc: 'Characters of its text in the latest event that has it; edX logs the first 2,000; NULL when none has',
    },
  },
  sql: `
    with summed as (
      select
        course_id,
        post_id,
        min({'time': time, 'hash': hash, 'kind': kind}) as first_event,
        min({'time': time, 'hash': hash, 'user_id': user_id}) filter (verb = 'created') as creation,
        min({'time': time, 'hash': hash, 'thread_id': thread_id}) filter (thread_id is not null) as in_thread,
        min({'time': time, 'hash': hash, 'parent_id': parent_id}) filter (parent_id is not null) as on_response,
        max({'time': time, 'hash': hash, 'body_length': body_length}) filter (body_length is not null) as written,
        count(*) filter (verb = 'edited') as edits,
        min(time) filter (verb = 'deleted') as deleted,
        count(*) filter (verb = 'voted' and vote = 'up' and not is_undone)
          - count(*) filter (verb = 'voted' and vote = 'up' and is_undone) as votes_up,
        count(*) filter (verb = 'voted' and vote = 'down' and not is_undone)
          - count(*) filter (verb = 'voted' and vote = 'down' and is_undone) as votes_down
      from forum_event
      where post_id is not null
        and kind in ('thread', 'response', 'comment')
        and verb in ('created', 'edited', 'deleted', 'voted')
      group by course_id, post_id
    )
    select
      course_id,
      post_id,
      first_event.kind as kind,
      creation.user_id as user_id,
      case when first_event.kind = 'thread' then post_id else in_thread.thread_id end as thread_id,
      case first_event.kind
        when 'response' then in_thread.thread_id
        when 'comment' then on_response.parent_id
      end as parent_id,
      creation.time as created,
      edits,
      deleted,
      votes_up,
      votes_down,
      written.body_length as body_length
    from summed
  `,
} as const satisfies DerivedTable
