// Who did what in the forum and when: without it neither could a request be told from the event that says the same, nor votes
// be added up over years.
import type { KeptTable } from '../../table.ts'

export default {
  name: 'forum_event',
  kind: 'kept',
  scope: 'course',
  published: false,
  learner: true,
  grain: 'one explicit event of the forum',
  doc: 'Events `edx.forum.*`. Those of nobody are kept too, with a NULL user_id: they end the time in which requests count.',
  columns: {
    time: { type: 'TIMESTAMP', doc: 'Time of the event, UTC' },
    hash: { type: 'UBIGINT', doc: 'Orders events of equal time' },
    action: { type: 'VARCHAR', doc: 'Verb and object, such as `created_thread`, or `vote_undone`' },
    kind: { type: 'VARCHAR', doc: 'Object: `thread`, `response` or `comment`; NULL for a search' },
    verb: { type: 'VARCHAR', doc: '`created`, `voted` and so on' },
    post_id: { type: 'VARCHAR', doc: 'Id of the post (`id`); NULL when not logged' },
    thread_id: { type: 'VARCHAR', doc: 'Id of the thread that a response or comment is in; NULL when not logged' },
    parent_id: { type: 'VARCHAR', doc: 'Id of the response that a comment is on; NULL when not logged' },
    vote: { type: 'VARCHAR', doc: '`up` or `down`' },
    is_undone: { type: 'BOOLEAN', doc: 'The vote was taken back' },
    body_length: { type: 'BIGINT', doc: 'Characters of the text; NULL when not logged' },
  },
  types: ['edx.forum.*'],
  payload: true,
  sql: `
    with told as (
      select
        course_id,
        actor_id,
        actor_name,
        time,
        hash,
        rescued,
        string_split(replace(event_type, 'edx.forum.', ''), '.') as words,
        json_extract_string(
          payload::varchar,
          ['$.id', '$.discussion.id', '$.response.id', '$.vote_value', '$.undo_vote', '$.body']
        ) as fields
      from event
      where event_type like 'edx.forum.%'
        and course_id is not null
    ),
    worded as (
      select
        *,
        words[-1] as verb,
        case when len(words) > 1 then words[-2] end as kind,
        coalesce(lower(fields[5]) = 'true', false) as is_undone
      from told
    )
    select
      course_id,
      actor_id as user_id,
      actor_name as user_name,
      time,
      hash,
      case
        when verb = 'voted' and is_undone then 'vote_undone'
        else concat_ws('_', verb, kind)
      end as action,
      kind,
      verb,
      nullif(fields[1], '') as post_id,
      nullif(fields[2], '') as thread_id,
      nullif(fields[3], '') as parent_id,
      fields[4] as vote,
      is_undone,
      length(fields[6]) as body_length
    from worded
    -- whether a vote was cast or undone stands behind the cut
    where not (rescued and verb = 'voted')
  `,
} as const satisfies KeptTable
