// Without it whoever wants the events themselves would have to decrypt years of logs again for one course.
import type { KeptTable } from '../../table.ts'

export default {
  name: 'logged_event',
  kind: 'kept',
  scope: 'course',
  published: true,
  learner: true,
  payload: 'kept',
  grain: 'one event of the course, where `keep_events` of the config names the course; else the table is empty',
  doc: 'The events themselves, as they were understood: canonical type, learner, block and payload beside the type as logged. Anonymous events and lines cut in the middle are here too. `millrace events` writes them as NDJSON, CSV or Parquet. Payloads hold whatever learners wrote, so the table is as confidential as the logs.',
  needs: ['logged_type'],
  columns: {
    time: { type: 'TIMESTAMP', doc: 'Time of the event, UTC' },
    hash: { type: 'UBIGINT', doc: 'Orders events of equal time', hidden: true },
    event_source: { type: 'VARCHAR', doc: '`server`, `browser`, `mobile` or what the line says' },
    event_type: {
      type: 'VARCHAR',
      doc: 'Canonical event type; URL-shaped types are `page:KIND`, `xblock:HANDLER` or `api:other`',
    },
    logged_type: { type: 'VARCHAR', doc: 'The type as logged: a name, or the address of a request' },
    username: { type: 'VARCHAR', doc: 'User name as logged, without white space around it; NULL when there is none' },
    concerned_user_id: {
      type: 'BIGINT',
      doc: 'Account id of the one whose state the event changed, such as the one enrolled; NULL when it gives none',
    },
    block_id: {
      type: 'VARCHAR',
      doc: 'Last component of the usage key of the video or problem, or of the block that the event came from; NULL when it names none',
    },
    page_key: {
      type: 'VARCHAR',
      doc: 'Of a page: chapter and section, forum thread or tab; NULL for other events',
    },
    rescued: { type: 'BOOLEAN', doc: 'The line was cut in the middle and has no payload' },
    bytes: { type: 'BIGINT', doc: 'Bytes of the line, without its newline' },
    payload: {
      type: 'VARCHAR',
      doc: 'The payload (`event`) as JSON: an object, a list, or a text where it was a form or no JSON; NULL when it is empty, or nested in over 256 levels',
    },
  },
  sql: `
    select
      course_id,
      actor_id as user_id,
      actor_name as user_name,
      time,
      hash,
      event_source,
      event_type,
      logged_type,
      username,
      subject_id as concerned_user_id,
      coalesce(block_id, module_id) as block_id,
      page_key,
      rescued,
      bytes,
      payload
    from event
    where kept
  `,
} as const satisfies KeptTable
