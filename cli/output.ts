// How commands speak: prose and tables for people on standard output, or one JSON document with --json. Keeping both in
// one place makes sure that nothing is ever printed between the braces.
import Table from 'cli-table3'

export interface Output {
  readonly json: boolean
  /** Prints a line for people; nothing with --json. */
  line(text?: string): void
  /** Prints a table for people; nothing with --json. Numbers are right-aligned. */
  table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): void
  /** Prints the machine's answer; only with --json. */
  document(value: unknown): void
}

export function createOutput(given: { readonly json: boolean; readonly stream?: NodeJS.WritableStream }): Output {
  const stream = given.stream ?? process.stdout
  const write = (text: string): void => {
    stream.write(`${text}\n`)
  }
  return {
    json: given.json,
    line: (text = '') => {
      if (!given.json) write(text)
    },
    table: (head, rows) => {
      if (!given.json) write(drawTable(head, rows))
    },
    document: (value) => {
      if (given.json) write(JSON.stringify(value, null, 2))
    },
  }
}

/** Draws a table without lines: two blanks between columns, as `ls` and `kubectl` do. */
export function drawTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const numeric = head.map((_, index) => rows.length > 0 && rows.every((row) => isNumeric(row[index])))
  const none = { top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '' }
  const lines = { 'bottom-left': '', 'bottom-right': '', left: '', 'left-mid': '', mid: '', 'mid-mid': '' }
  const table = new Table({
    head: [...head],
    colAligns: numeric.map((is) => (is ? 'right' : 'left')),
    chars: { ...none, ...lines, right: '', 'right-mid': '', middle: '  ' },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  })
  for (const row of rows) table.push([...row])
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}

const isNumeric = (cell: string | number | undefined): boolean =>
  typeof cell === 'number' || /^[\d.,]+( ?[kMGT]?i?B)?$/.test(cell ?? '') || cell === '–'

/** Writes a count with thin groups: 1,234,567. */
export const grouped = (count: number): string => count.toLocaleString('en-US')

/** Writes bytes in binary units with three digits: 1.21 GiB. */
export function bytesText(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit += 1
  }
  const digits = unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2
  return `${value.toFixed(digits)} ${units[unit] ?? ''}`
}

/** Writes a duration the way people say it: 42 s, 3 min 05 s, 2 h 10 min, 3 d 4 h. */
export function durationText(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'unknown'
  if (seconds > 0 && seconds < 1) return 'under 1 s'
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const pad = (value: number): string => String(value).padStart(2, '0')
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`
  if (whole < 86_400) return `${Math.floor(whole / 3_600)} h ${pad(Math.floor((whole % 3_600) / 60))} min`
  return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3_600)} h`
}
