// Without it a line that could not be read would be a number only, and nobody could look at what it was.
import type { LedgerTable } from '../../table.ts'

export default {
  name: 'rejected_line',
  kind: 'ledger',
  scope: 'file',
  published: true,
  grain: 'one line of a log file that could not be read',
  doc: 'Where such lines are and why, never their text. A line that cannot be read has no course, so a course lists those of all files that fed it.',
  columns: {
    course_id: {
      type: 'VARCHAR',
      doc: 'Course that the file fed, as in `log_file`; the line itself may be of another. NULL in the catalogue',
    },
    site: { type: 'VARCHAR', doc: 'Site that logged the file' },
    file_date: { type: 'DATE', doc: 'Date of the file’s name' },
    object_key: { type: 'VARCHAR', doc: 'Key of the log file’s object' },
    line_no: { type: 'BIGINT', doc: 'Number of the line in the extracted file, from 1' },
    byte_offset: { type: 'BIGINT', doc: 'Bytes of the extracted file before the line' },
    length: { type: 'BIGINT', doc: 'Bytes of the line, without the newline' },
    reason: {
      type: 'VARCHAR',
      doc: 'The first of these that holds: `too_long`, `no_object`, `bad_json`, `not_an_object`, `no_time`, `odd_time`, `no_type`, `no_source`',
    },
  },
} as const satisfies LedgerTable
