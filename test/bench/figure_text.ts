// How a figure is written for people: enough digits to compare it, and none that were not measured.
import { bytesText, grouped } from '../../cli/output.ts'
import type { Figure, Unit } from './section.ts'
import { spreadText } from './spread.ts'

/** Writes a figure as "median (least – most) unit". */
export const figureText = ({ unit, spread }: Figure): string => `${spreadText(spread, writers[unit])}${suffixOf(unit)}`

const whole = (value: number): string => grouped(Math.round(value))
const short = (value: number): string => (Math.abs(value) >= 100 ? whole(value) : value.toFixed(2))

const writers: Readonly<Record<Unit, (value: number) => string>> = {
  s: short,
  'CPU s': short,
  ms: short,
  'CPU ms': short,
  'MB/s': whole,
  'MB per CPU s': whole,
  'events/s': whole,
  'jobs/s': whole,
  bytes: bytesText,
  times: (value) => `${value.toFixed(2)}×`,
  rows: whole,
  days: short,
  $: (value) => value.toFixed(2),
}

/** Some writers say the unit themselves. */
const suffixOf = (unit: Unit): string => (unit === 'bytes' || unit === 'times' || unit === 'rows' ? '' : ` ${unit}`)
