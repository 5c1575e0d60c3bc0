// What the catalogue says that no course database can: which courses there are, and where every day of every site stands.
import { CATALOG_PERIODS } from './catalog_periods.ts'
import { declarationsHash } from './declarations.ts'
import { EVENT_TABLES, LEDGER_TABLES } from './registry.ts'
import type { Column, DerivedTable, LedgerTable } from './table.ts'

const SITE: Column = { type: 'VARCHAR', doc: 'Site: `edx`, `edge` …; sites are separate account spaces' }

/** Courses with a database. */
export const CATALOG_COURSE = {
  name: 'course',
  kind: 'ledger',
  scope: 'file',
  published: true,
  grain: 'one course of one site that has a database',
  doc: 'All course databases of the organisation. Two spellings of one id are two courses; `look_alike` points them out.',
  columns: {
    site: SITE,
    course_id: { type: 'VARCHAR', doc: 'Course id as logged, case kept' },
    organisation: { type: 'VARCHAR', doc: 'Organisation in the course id' },
    foreign: { type: 'BOOLEAN', doc: 'True when that is neither your organisation nor one of its aliases' },
    events: { type: 'BIGINT', doc: 'Events of the course, anonymous ones included' },
    learners: { type: 'BIGINT', doc: 'Rows of its table `learner`' },
    enrolled: { type: 'BIGINT', doc: 'Learners enrolled after the last logged change' },
    enrolled_ever: { type: 'BIGINT', doc: 'Learners who were ever enrolled' },
    passed: { type: 'BIGINT', doc: 'Learners who ever passed (`grade.passed_first`); edX logs it since 2017 only' },
    certificates: { type: 'BIGINT', doc: 'Learners with a certificate created, revoked since or not' },
    days: { type: 'BIGINT', doc: 'Log files that fed it' },
    first_time: { type: 'TIMESTAMP', doc: 'Time of the first event of a known learner, UTC; NULL without one' },
    last_time: { type: 'TIMESTAMP', doc: 'Time of the last event of a known learner, UTC; NULL without one' },
    edition: { type: 'VARCHAR', doc: 'Hash of all that decides the content of the database' },
    bytes: { type: 'BIGINT', doc: 'Bytes of the database file' },
    rows_bytes: { type: 'BIGINT', doc: 'Bytes of the file that the next edition is built from' },
    database: { type: 'VARCHAR', doc: 'Key of the database file in the results store; it never changes' },
    figures: {
      type: 'VARCHAR',
      doc: 'Key of the file with the course’s figures by week and month; NULL when an older release built the course',
    },
    figures_sha256: { type: 'VARCHAR', doc: 'SHA-256 of that file; NULL without it' },
    head: { type: 'BIGINT', doc: 'Number of the head record that names the edition' },
    look_alike: {
      type: 'VARCHAR',
      doc: 'Other course ids of the site that differ only in upper and lower case, separated by spaces; NULL without any',
    },
  },
} as const satisfies LedgerTable

/** Every day of the coverage calendar, and every file that was passed over. */
export const CATALOG_DAY = {
  name: 'day',
  kind: 'ledger',
  scope: 'file',
  published: true,
  grain: 'one site and date, and one log file where a date has several',
  doc: 'Where every day stands. A date has one row, and one more for each log file of it that another replaced.',
  columns: {
    site: SITE,
    date: { type: 'DATE', doc: 'Date of the log file’s name' },
    state: {
      type: 'VARCHAR',
      doc: '`merged`: in the course databases; `done`: computed, to be merged next; `waiting`: to be computed; `quarantined`: cannot be computed; `missing`: no log file; `empty`: a log file of no bytes; `superseded`: another log file of the date counts',
    },
    object_key: { type: 'VARCHAR', doc: 'Key of the log file’s object; NULL when it is missing' },
    size: { type: 'BIGINT', doc: 'Bytes of the object as stored; NULL when it is missing' },
    etag: { type: 'VARCHAR', doc: 'Version of the object; NULL when it is missing' },
    fingerprint: { type: 'VARCHAR', doc: 'Address of the result that is wanted; NULL when nothing is' },
    quarantine_class: { type: 'VARCHAR', doc: 'Kind of the failure; NULL unless quarantined' },
    quarantine_reason: { type: 'VARCHAR', doc: 'The failure in a sentence; NULL unless quarantined' },
  },
} as const satisfies LedgerTable

/** The ledger tables of a course database, here of all files. */
export const CATALOG_LEDGER: readonly LedgerTable[] = LEDGER_TABLES

/** Events without a course, by type. */
export const CATALOG_EVENT_TYPE_DAY: LedgerTable = eventsWithoutCourse()

function eventsWithoutCourse(): LedgerTable {
  const [table] = EVENT_TABLES.filter((declared) => declared.name === 'event_type_day')
  if (table?.kind !== 'summed') throw new Error('The catalogue needs the summed table event_type_day')
  return {
    name: table.name,
    kind: 'ledger',
    scope: 'file',
    published: true,
    grain: 'one site, UTC day, event source and event type',
    doc: 'Events that belong to no course. Those of courses stand in the tables of the same name of the course databases.',
    columns: {
      site: SITE,
      course_id: { type: 'VARCHAR', doc: 'Always NULL: so the table can be put beside those of the courses' },
      ...table.keys,
      ...table.measures,
    },
  }
}

export const CATALOG_TABLES: readonly (LedgerTable | DerivedTable)[] = [
  CATALOG_COURSE,
  CATALOG_DAY,
  ...CATALOG_LEDGER,
  CATALOG_EVENT_TYPE_DAY,
  ...CATALOG_PERIODS,
]

/** Names the declarations of the catalogue. */
export const CATALOG_DECLARATIONS = declarationsHash(CATALOG_TABLES)
