// How a failure leaves a thread. Expected ones keep their code and sentence; of an unexpected one only the kind and the
// place are told, because its message may quote a line of the log.
import { MillraceError } from '../../contracts/errors.ts'
import { DatabaseError } from '../../runtime/duckdb.ts'

export interface Failure {
  readonly code: string
  readonly reason: string
}

/** Describes what a job failed with. */
export function failureOf(error: unknown, day: string): Failure {
  if (error instanceof MillraceError) return { code: error.code, reason: error.message }
  if (error instanceof DatabaseError) return { code: 'thread_lost', reason: `Cannot finish ${day}: ${error.message}` }
  if (!(error instanceof Error)) return { code: 'thread_lost', reason: `Cannot finish ${day}: something was thrown` }
  const place = /\n\s*at (?:.*\()?(?:file:\/\/)?([^()\n]+:\d+):\d+\)?/
    .exec(error.stack ?? '')?.[1]
    ?.split('/')
    .pop()
  return {
    code: 'thread_lost',
    reason: `Cannot finish ${day}: unexpected ${error.name}${place === undefined ? '' : ` at ${place}`}`,
  }
}
