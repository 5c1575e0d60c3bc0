// DuckDB's messages cite the values they fail on. Here they lose them: an error may end in a log, a record or a console,
// and a learner's data must not.

/** A statement failed. The message names the kind of failure and never a value of a row. */
export class DatabaseError extends Error {
  /** DuckDB's name of the failure, e.g. `Out of Memory Error`. */
  readonly kind: string

  constructor(kind: string, message: string) {
    super(message)
    this.name = 'DatabaseError'
    this.kind = kind
  }
}

/** Failures whose text cites our own statements, paths or settings, but never a cell. */
const SPEAKING_KINDS = [
  'Binder',
  'Catalog',
  'Parser',
  'Not implemented',
  'Out of Memory',
  'IO',
  'Permission',
  'INTERRUPT',
]
const MESSAGE_CHARACTERS_MAX = 2_000

/** Makes an error that may be shown to anybody of one that DuckDB threw; there is no cause, for the cause would tell. */
export function safeError(error: unknown): DatabaseError {
  if (error instanceof DatabaseError) return error
  const message = error instanceof Error ? error.message : String(error)
  const kind = /^([A-Za-z ]{2,40}?) Error: /.exec(message)?.[1] ?? 'Unknown'
  const told = SPEAKING_KINDS.includes(kind)
    ? message.slice(0, MESSAGE_CHARACTERS_MAX)
    : `${kind} Error (its text may hold data)`
  return new DatabaseError(`${kind} Error`, `Cannot run a statement in DuckDB: ${told}`)
}
