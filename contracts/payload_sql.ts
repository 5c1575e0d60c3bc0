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
