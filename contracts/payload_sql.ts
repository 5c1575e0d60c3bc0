// Payloads are strangers' JSON: a number may stand in a text, a key may hold a list, and a cast that fails ends the job. The
// SQL expressions by which declarations read `event.payload` are written here once, so that all tables take the same for
// a number, an id or a time, and none fails on anything.

/** Reads a field as a finite number, also from a text of one; NULL for anything else. */
export const numberIn = (path: string): string => {
  const text = `payload ->> '${path}'`
  return `case
    when regexp_full_match(${text}, '\\s*[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?\\s*')
      and isfinite(try_cast(${text} as double))
    then try_cast(${text} as double)
  end`
}

/** Reads a field as text; NULL for anything else and for an empty one. */
export const textIn = (path: string): string =>
  `case when json_type(payload, '${path}') = 'VARCHAR' then nullif(payload ->> '${path}', '') end`

/** Reads a field as an id: text, or a whole number as its digits; NULL for anything else and for an empty text. */
export const idIn = (path: string): string =>
  `case
    when json_type(payload, '${path}') in ('VARCHAR', 'BIGINT', 'UBIGINT', 'HUGEINT', 'UHUGEINT')
    then nullif(trim(payload ->> '${path}', e' \\t\\r\\n'), '')
  end`

/** Reads a field as a time, ISO 8601 with an offset or in UTC; NULL for anything else. */
export const timeIn = (path: string): string => {
  const text = `payload ->> '${path}'`
  return `case
    when regexp_full_match(
      ${text},
      '\\d{4}-\\d{2}-\\d{2}[T ]\\d{2}:\\d{2}(:\\d{2}(\\.\\d+)?)?(Z|[-+]\\d{2}(:?\\d{2})?)?'
    )
    then make_timestamp(epoch_us(try_cast(${text} as timestamptz)))
  end`
}

/** Reads a field as the last component of a usage key: what joins a block's events to each other. */
export const blockIn = (path: string): string => {
  const key = idIn(path)
  return `nullif(
    case
      when contains(${key}, 'block-v1:') and contains(${key}, 'block@') then string_split(${key}, 'block@')[-1]
      else regexp_extract(rtrim(${key}, '/'), '[^/]*$')
    end,
    ''
  )`
}
