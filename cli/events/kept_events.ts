// Which of a course's kept events are wanted, and how they look in a file: one place for the conditions and the formats, so
// that a count and a file can never be about different events.
import { MillraceError } from '../../contracts/errors.ts'
import { literal } from '../../contracts/table_sql.ts'
import type { Database } from '../../runtime/duckdb.ts'
import type { Relation } from '../export/relation.ts'
import { writeRelation } from '../export/write_relation.ts'

export const EVENT_FORMATS = ['ndjson', 'csv', 'parquet'] as const
export type EventFormat = (typeof EVENT_FORMATS)[number]

export interface EventChoice {
  /** An account id or, unless it is made of digits, a user name; null for everybody. */
  readonly user: string | null
  /** A user name, whatever it is made of; null for everybody. */
  readonly user_name: string | null
  /** Canonical types or types as logged; `*` stands for any characters. Empty for all. */
  readonly type: readonly string[]
  /** Days of the events' time, inclusive. */
  readonly from: string | null
  readonly to: string | null
}

/** Columns of a file, the time first: files are sorted by them from the left. */
const COLUMNS: Relation['columns'] = [
  ['time', 'TIMESTAMP'],
  ['course_id', 'VARCHAR'],
  ['user_id', 'BIGINT'],
  ['username', 'VARCHAR'],
  ['event_source', 'VARCHAR'],
  ['event_type', 'VARCHAR'],
  ['logged_type', 'VARCHAR'],
  ['concerned_user_id', 'BIGINT'],
  ['block_id', 'VARCHAR'],
  ['page_key', 'VARCHAR'],
  ['rescued', 'BOOLEAN'],
  ['bytes', 'BIGINT'],
  ['payload', 'VARCHAR'],
].map(([name = '', type = '']) => ({ name, type, doc: null }))

const CHOSEN: Relation = { schema: 'temp', name: 'chosen_event', kind: 'view', doc: null, columns: COLUMNS }

/** Writes the wanted events of an open course database to a file, in order of time; tells how many. */
export async function writeEvents(
  database: Database,
  given: { readonly choice: EventChoice; readonly format: EventFormat; readonly path: string },
): Promise<number> {
  const { choice, format, path } = given
  const names = COLUMNS.map(({ name }) => `"${name}"`).join(', ')
  await database.run(`
    create or replace temp view chosen_event as
    select ${names}
    from main.logged_event
    where ${conditionsOf(choice).join(' and ')}
  `)
  if (format !== 'ndjson') return await writeRelation(database, { relation: CHOSEN, format, path })
  return await database.run(`
    copy (
      select * replace (
        strftime(time, '%Y-%m-%dT%H:%M:%S.%fZ') as time,
        payload::json as payload
      )
      from (select ${names} from chosen_event order by all)
    )
    to ${literal(path)} (format json)
  `)
}

/** Tells whether the course's events are kept at all. */
export async function hasEvents(database: Database): Promise<boolean> {
  const [found] = await database.rows<{ is_there: boolean }>(`
    select count(*) > 0 as is_there
    from duckdb_tables()
    where database_name = current_database() and schema_name = 'main' and table_name = 'logged_event'
      and estimated_size > 0
  `)
  return found?.is_there ?? false
}

function conditionsOf({ user, user_name, type, from, to }: EventChoice): readonly string[] {
  const conditions = ['true']
  if (user !== null) conditions.push(isOf(user))
  if (user_name !== null) conditions.push(isNamed(user_name))
  if (type.length > 0) {
    const patterns = type.map((pattern) => literal(likePattern(pattern)))
    const fits = patterns.map((like) => `event_type like ${like} escape '\\' or logged_type like ${like} escape '\\'`)
    conditions.push(`(${fits.join(' or ')})`)
  }
  if (from !== null) conditions.push(`time >= date ${literal(from)}`)
  if (to !== null) conditions.push(`time < date ${literal(to)} + 1`)
  return conditions
}

function isOf(user: string): string {
  if (/^-?\d+$/.test(user)) {
    if (BigInt(user) > 9_223_372_036_854_775_807n || BigInt(user) < -9_223_372_036_854_775_808n)
      throw new MillraceError(
        'usage_invalid',
        `Cannot look for the user "${user}": no account id is that long; say --user-name for a name`,
      )
    return `user_id = ${user}`
  }
  return isNamed(user)
}

/** A name is looked up among the learners too: their other events may carry the id alone. */
function isNamed(user_name: string): string {
  const name = literal(user_name)
  return `(username = ${name} or user_id in (select user_id from main.learner where username = ${name}))`
}

const likePattern = (pattern: string): string => pattern.replace(/[\\%_]/g, (sign) => `\\${sign}`).replaceAll('*', '%')
