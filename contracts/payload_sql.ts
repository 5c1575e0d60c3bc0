// Payloads are strangers' JSON: a number may stand in a text, a key may hold a list, and a cast that fails ends the job. The
// SQL by which declarations read `event.payload` is written here once, so that all tables take the same for a number, an id
// or a time, and none fails on anything. A payload is parsed once for all its fields, and each value is worked out once, in
// steps: repeated in one expression they cost ten times as much, and the memory of as many parsed payloads.

import type { EventColumnName } from './event.ts'

/**
 * How a field is read; whatever it is not is NULL.
 *
 *   number   a finite number, also from a text of one
 *   text     a text that is not empty
 *   id       a text that is not empty, stripped, or a whole number as its digits
 *   block    the last component of a usage key, which is what joins a block's events to each other
 *   time     ISO 8601 with an offset or in UTC
 */
export type PayloadType = 'number' | 'text' | 'id' | 'block' | 'time'

/** Columns by name: how each is read, and the JSON path of its field. */
type PayloadColumns = Readonly<Record<string, readonly [PayloadType, string]>>

/**
 * Makes the common table expression `told`: the rows of `event` that `where` holds for, with what tables of payloads need of
 * their columns (CARRIED) and columns out of their payloads, whose names must be others. Its limit is none: it keeps DuckDB from moving a condition on such a column
 * into the steps below, where it would work out the column once more for each time that its name occurs.
 */
export function eventsTold(where: string, columns: PayloadColumns): string {
  const entries = Object.entries(columns)
  const paths = entries.map(([, [, path]]) => `'${path}'`)
  const read = entries.map(([name, [type]], index) => `${READ[type](index + 1)} as ${name}`)
  const named = (...types: readonly PayloadType[]): readonly string[] =>
    entries.flatMap(([name, [type]]) => (types.includes(type) ? [name] : []))
  const blocks = named('block').map((name) => `${blockOf(name)} as ${name}`)
  const ids = named('block', 'id').map((name) => `nullif(${name}, '') as ${name}`)
  const numbers = named('number').map((name) => `${numberOf(name)} as ${name}`)
  return `told as (
    select *${replaced([...ids, ...numbers])}
    from (
      select *${replaced(blocks)}
      from (
        select * exclude (fields), ${read.join(', ')}
        from (
          select ${CARRIED.join(', ')}, json_extract(payload, [${paths.join(', ')}])::varchar[] as fields
          from event
          where ${where}
        )
      )
    )
    limit ${LIMIT}
  )`
}

/** Columns of `event` that `told` has too: one that nobody reads costs something in every step. */
const CARRIED = [
  'course_id',
  'time',
  'hash',
  'event_type',
  'actor_id',
  'actor_name',
  'subject_id',
  'subject_name',
  'block_id',
  'module_id',
  'payload',
] as const satisfies readonly EventColumnName[]

const replaced = (columns: readonly string[]): string =>
  columns.length === 0 ? '' : ` replace (${columns.join(', ')})`

/** More rows than a slice has. */
const LIMIT = 1_000_000_000

/**
 * `fields` are JSON as DuckDB writes it, whatever a payload looked like, and only what is a text is read once more. Such a text
 * without an escape has no white space but blanks, and hardly one has blanks around it: to trim costs more than all the rest,
 * because DuckDB looks up each letter. What is empty becomes NULL in the last step.
 */
const id = (at: number): string => `case
  when not starts_with(fields[${at}], '"')
  then case when translate(fields[${at}], '-0123456789', '') = '' then fields[${at}] end
  when contains(fields[${at}], '\\') or starts_with(fields[${at}], '" ') or ends_with(fields[${at}], ' "')
  then trim(fields[${at}] ->> '$', e' \\t\\r\\n')
  else fields[${at}] ->> '$'
end`

const READ: Readonly<Record<PayloadType, (at: number) => string>> = {
  number: (at) => `case when starts_with(fields[${at}], '"') then fields[${at}] ->> '$' else fields[${at}] end`,
  text: (at) => `case when starts_with(fields[${at}], '"') and fields[${at}] <> '""' then fields[${at}] ->> '$' end`,
  id,
  block: id,
  time: (at) => `case
    when regexp_full_match(
      fields[${at}],
      '"\\d{4}-\\d{2}-\\d{2}[T ]\\d{2}:\\d{2}(:\\d{2}(\\.\\d+)?)?(Z|[-+]\\d{2}(:?\\d{2})?)?"'
    )
    then make_timestamp(epoch_us(try_cast(fields[${at}] ->> '$' as timestamptz)))
  end`,
}

// DuckDB would take 1_000 for a number
const numberOf = (text: string): string => `case
  when isfinite(try_cast(${text} as double)) and not contains(${text}, '_')
  then try_cast(${text} as double)
end`

const blockOf = (key: string): string => `case
  when contains(${key}, 'block-v1:') and contains(${key}, 'block@') then string_split(${key}, 'block@')[-1]
  else string_split(rtrim(${key}, '/'), '/')[-1]
end`
