// `millrace sample`: gives whoever has no logs at hand, or may not show them, a package like edX's to try everything on,
// with a config that is ready to run. The same seed gives the same events; only keys and ciphertext differ.
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { CalendarDate, Organisation, siteOfToken } from '../contracts/day.ts'
import { MillraceError } from '../contracts/errors.ts'
import { createStop } from '../runtime/stop.ts'
import { EXIT_DONE } from './exit_codes.ts'
import type { Output } from './output.ts'
import { writeSamplePackage } from './sample/package.ts'
import { makeSampleKeys } from './sample/sample_keys.ts'
import type { Truth } from './sample/truth.ts'

export interface SampleOptions {
  readonly to: string
  /** As it stands in course ids; file names have it in lower case. */
  readonly organisation: string
  readonly sites: readonly string[]
  readonly from: string
  readonly days: number
  /** About so many a day, all sites together. */
  readonly events: number
  readonly seed: string
  /** Also write truth.json: what the databases must say. */
  readonly truth: boolean
}

export interface SampleSummary {
  readonly folder: string
  readonly config: string
  readonly truth: string | null
  readonly files: number
  readonly bytes: number
  readonly lines: number
  readonly events: number
  readonly courses: number
}

/** Runs the command and gives its exit code; Ctrl-C ends it between two files. */
export async function sample(options: SampleOptions, output: Output): Promise<number> {
  const stop = createStop()
  using _listening = stop.listen()
  output.document(await runSample(options, { print: (line) => output.line(line), signal: stop.soft }))
  return EXIT_DONE
}

/** Writes a sample package; usage_invalid when an option is wrong or the folder holds one already. */
export async function runSample(
  options: SampleOptions,
  given: { readonly print: (line: string) => void; readonly signal: AbortSignal },
): Promise<SampleSummary> {
  const { print, signal } = given
  const { from, organisation, sites } = checked(options)
  const folder = resolve(options.to)
  const config = join(folder, 'millrace.yaml')
  for (const path of [config, join(folder, 'logs'), join(folder, 'keys')])
    if (await exists(path))
      throw new MillraceError('usage_invalid', `Cannot write a sample to "${folder}": "${path}" is there already`)
  await mkdir(folder, { recursive: true })

  print('Making the keys of the data czar and of edX …')
  await using keys = await makeSampleKeys('rsa2048')
  print(`Telling ${options.days} days of ${sites.join(', ')} and encrypting them …`)
  const { days, events, seed } = options
  const made = await writeSamplePackage({
    folder,
    organisation,
    sites,
    from,
    days,
    events_per_day: events,
    seed,
    keys,
    signal,
  })
  const truth = options.truth ? join(folder, 'truth.json') : null
  if (truth !== null) await writeFile(truth, JSON.stringify(made.truth))
  await writeFile(config, configOf(organisation, from))
  const summary = {
    folder,
    config,
    truth,
    files: made.files.length,
    bytes: sum(made.files.map((file) => file.bytes)),
    ...totalsOf(made.truth),
  }
  print(
    `Wrote ${summary.files} log files with ${summary.events} events of ${summary.courses} courses to ${made.logs_directory}`,
  )
  print(`Next: millrace run --config ${config}`)
  return summary
}

function checked(options: SampleOptions): {
  readonly from: string
  readonly organisation: string
  readonly sites: readonly string[]
} {
  const from = CalendarDate.safeParse(options.from)
  if (!from.success) throw refused('--from', options.from, 'expected a date such as 2019-03-01')
  if (!/^[A-Za-z]/.test(options.organisation) || !Organisation.safeParse(options.organisation.toLowerCase()).success)
    throw refused('--organisation', options.organisation, 'expected letters, digits, ".", "_" and "-"')
  const sites = new Set<string>()
  for (const token of options.sites) {
    const site = siteOfToken(token.trim())
    if (site === null) throw refused('--sites', token, 'expected sites such as edx,edge')
    sites.add(site)
  }
  if (sites.size === 0) throw refused('--sites', '', 'expected at least one site')
  return { from: from.data, organisation: options.organisation, sites: [...sites] }
}

const refused = (option: string, value: string, why: string): MillraceError =>
  new MillraceError('usage_invalid', `Cannot write a sample with ${option} "${value}": ${why}`)

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null
}

const configOf = (
  organisation: string,
  from: string,
): string => `# A sample: the logs in it are made up, the keys open nothing else.
organisation: ${JSON.stringify(organisation)}
source: ./logs
results: ./results
from: ${from}
keys:
  directory: ./keys
`

function totalsOf(truth: Truth): { readonly lines: number; readonly events: number; readonly courses: number } {
  const sites = Object.values(truth.sites)
  const files = sites.flatMap((site) => Object.values(site.files))
  return {
    lines: sum(files.map((file) => file.lines)),
    events: sum(files.map((file) => file.events)),
    courses: sum(sites.map((site) => Object.keys(site.courses).length)),
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
