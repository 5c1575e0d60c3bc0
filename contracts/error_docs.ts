// docs/errors.md lists every expected failure and what to do about it, made from the catalogue that the code throws from.
import { ERROR_CODES, isRetryable, remedyOf } from './errors.ts'

/** Writes the page of all error codes. */
export function errorsPage(): string {
  return [
    '# Errors',
    '',
    'Generated from [contracts/errors.ts](../contracts/errors.ts) by `npm run docs`; change it there.',
    '',
    'Every expected failure has a code. It ends one day or one command, never the run. What is tried again needs nobody: the next attempt may work.',
    '',
    '| code | tried again | what to do |',
    '|---|---|---|',
    ...ERROR_CODES.map(
      (code) => `| \`${code}\` | ${isRetryable(code) ? 'yes' : 'no'} | ${remedyOf(code).replaceAll('|', '\\|')} |`,
    ),
    '',
  ].join('\n')
}
