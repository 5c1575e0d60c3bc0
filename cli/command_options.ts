// Options that several commands have are spelt once: a flag must not mean one thing here and another there.
import { InvalidArgumentError, Option } from 'commander'
import { LOG_LEVELS, type LogLevel } from '../runtime/log_level.ts'

export interface ConfigOption {
  readonly config: string
}
export interface JsonOption {
  readonly json: boolean
}
export interface LogOption {
  readonly logLevel: LogLevel
}

export const configOption = () =>
  new Option('-c, --config <file>', 'config file').default('millrace.yaml').env('MILLRACE_CONFIG')
export const jsonOption = () => new Option('--json', 'print one JSON document instead of text').default(false)
export const logOption = () => new Option('--log-level <level>', 'how much to log').choices(LOG_LEVELS).default('info')
export const portOption = () =>
  new Option('--http-port <port>', 'serve /metrics, /healthz and /readyz here; 0 takes any free port').argParser(
    portNumber,
  )

function portNumber(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError('Expected a number from 0 to 65535')
  return port
}

/** Reads a whole number from 1. */
export function positive(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('Expected a whole number from 1')
  return number
}
