// One JSON line per thing that happened, in one shape for every process. Events are named `noun_done` with ids as fields;
// no line of a learner's data ever goes in here.
import { type DestinationStream, destination, pino, stdTimeFunctions } from 'pino'
import { MillraceError } from '../contracts/errors.ts'
import type { LogLevel } from './log_level.ts'

/** Plain values; a field named `error` may be any thrown thing. */
export type LogFields = Readonly<Record<string, unknown>>

export interface Log {
  /** Data is lost or a person must act. */
  error(event: string, fields?: LogFields): void
  /** We recovered. */
  warn(event: string, fields?: LogFields): void
  /** What an operator asked for was done. */
  info(event: string, fields?: LogFields): void
  /** For us. */
  debug(event: string, fields?: LogFields): void
}

interface LogOptions {
  readonly role: string
  readonly level?: LogLevel
  /** 'stderr' by default, because stdout belongs to what a command prints; else a path to append to. */
  readonly destination?: 'stdout' | 'stderr' | (string & {})
}

/** Opens the log of a process. Writing is synchronous: the last lines before a crash are the ones that matter. */
export function createLog({ role, level = 'info', destination: to = 'stderr' }: LogOptions): Log {
  const logger = pino(
    {
      level,
      base: { role },
      messageKey: 'event',
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: describeError },
    },
    streamTo(to),
  )
  return {
    error: (event, fields) => logger.error(fields ?? {}, event),
    warn: (event, fields) => logger.warn(fields ?? {}, event),
    info: (event, fields) => logger.info(fields ?? {}, event),
    debug: (event, fields) => logger.debug(fields ?? {}, event),
  }
}

function streamTo(to: string): DestinationStream {
  if (to === 'stdout') return destination({ dest: 1, sync: true })
  if (to === 'stderr') return destination({ dest: 2, sync: true })
  return destination({ dest: to, sync: true, mkdir: true })
}

/** Reduces an error to code, sentence and causes; only the unexpected ones bring their stack. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error)
  return {
    ...('code' in error ? { code: error.code } : {}),
    message: error.message,
    ...(error instanceof MillraceError ? {} : { stack: error.stack }),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  }
}
