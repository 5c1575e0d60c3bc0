// Writes a whole sample as a data czar finds it in edX's bucket: log files by organisation, site and year, and beside
// them the keys that open them. `millrace sample`, the demo and the tests of the whole product all start from it.
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { LINE_BYTES_MAX } from '../../contracts/limits.ts'
import { planDays, type SampleDay } from './calendar.ts'
import { Random } from './random.ts'
import { type DaysRequest, encoded, type Line, shuffled, tellDays, tellForgotten } from './sample_days.ts'
import type { SampleKeys } from './sample_keys.ts'
import type { Truth } from './truth.ts'
import { TruthRecorder } from './truth_recorder.ts'
import { makeSite } from './world.ts'
import { storeLogFile } from './write_day.ts'

export interface PackageRequest {
  readonly folder: string
  readonly organisation: string
  readonly sites: readonly string[]
  readonly from: string
  readonly days: number
  /** Of all sites together; the first site has most of them. */
  readonly events_per_day: number
  readonly seed: string
  readonly keys: SampleKeys
  /** Damage as a multiple of what is ordinary; by default so much that a small sample shows every kind. */
  readonly damage?: number
  /** All files plain `.log.gz`. */
  readonly plain?: boolean
  readonly signal: AbortSignal
}

export interface SampleFile {
  readonly site: string
  readonly date: string
  readonly path: string
  /** Bytes as stored. */
  readonly bytes: number
}

export interface SamplePackage {
  readonly truth: Truth
  readonly files: readonly SampleFile[]
  readonly logs_directory: string
  readonly keys_directory: string
  /** Publishes one day of the first site again, with lines that were missing; gives the truth from then on. */
  republish(): Promise<{ readonly truth: Truth; readonly file: SampleFile }>
}

const DAMAGE_SHOWN = 20

/** Lines mix over the whole of a small file. */
const WINDOW = 2_000

export async function writeSamplePackage(given: PackageRequest): Promise<SamplePackage> {
  const random = new Random(given.seed)
  const logs_directory = join(given.folder, 'logs')
  const keys_directory = join(given.folder, 'keys')
  await given.keys.writeTo(keys_directory)
  const sites = given.sites.map((site, index) => planSite(given, { site, index, random }))
  const files: SampleFile[] = []
  const running = new Set<Promise<void>>()
  for (const site of sites)
    for (const { day, lines } of tellDays(site.request)) {
      given.signal.throwIfAborted()
      const mixed: Line[] = [...shuffled(lines, WINDOW, random.derive(`order/${site.site}/${day.date}`))]
      if (day === site.long_line_day) {
        mixed.push('x'.repeat(LINE_BYTES_MAX + 1))
        site.request.truth.addLine(day.date, 'too_long')
      }
      // One by one: a big day has more lines than a call may have arguments.
      if (day === site.republished_day) for (const line of mixed) site.republished_lines.push(line)
      const work = store(given, site.site, day, mixed).then((file) => {
        files.push(file)
        running.delete(work)
      })
      running.add(work)
      if (running.size > availableParallelism()) await Promise.race(running)
    }
  await Promise.all(running)
  const truthNow = (): Truth => ({
    organisation: given.organisation.toLowerCase(),
    seed: given.seed,
    sites: Object.fromEntries(sites.map(({ site, request }) => [site, request.truth.finish()])),
  })
  return {
    truth: truthNow(),
    files: files.sort((left, right) => (left.path < right.path ? -1 : 1)),
    logs_directory,
    keys_directory,
    async republish() {
      const [site] = sites
      const day = site?.republished_day
      if (site === undefined || day === undefined) throw new Error('The sample has no day to publish again')
      site.republished_lines.push(...tellForgotten(site.request, day, FORGOTTEN_VIEWS))
      const file = await store(given, site.site, day, site.republished_lines)
      return { truth: truthNow(), file }
    },
  }
}

/** How many lines the first publication of a day lacked. */
const FORGOTTEN_VIEWS = 25

interface PlannedSite {
  readonly site: string
  readonly request: DaysRequest & { readonly truth: TruthRecorder }
  readonly republished_day: SampleDay | undefined
  /** In a week or more, one file has one line that is longer than any reader should hold. */
  readonly long_line_day: SampleDay | undefined
  readonly republished_lines: Line[]
}

function planSite(
  given: PackageRequest,
  own: { readonly site: string; readonly index: number; readonly random: Random },
): PlannedSite {
  const { site, index } = own
  const random = own.random.derive(site)
  const share = given.sites.length === 1 ? 1 : index === 0 ? 0.8 : 0.2 / (given.sites.length - 1)
  const events_per_day = given.events_per_day * share
  const learners = Math.max(24, Math.ceil((events_per_day * given.days) / 70))
  const world = makeSite({
    organisation: given.organisation,
    site,
    courses: index === 0 ? 4 : 2,
    learners,
    random: own.random,
  })
  const planned = planDays({ from: given.from, days: given.days, random })
  const days =
    given.plain === true
      ? planned.map((day) =>
          day.fate === 'missing' || day.fate === 'empty' ? day : { ...day, fate: 'plain' as const },
        )
      : planned
  const damage = given.damage ?? DAMAGE_SHOWN
  const request = { world, days, events_per_day, even: false, damage, random, truth: new TruthRecorder() }
  const republished_day =
    days.find((day, place) => place >= days.length / 2 && day.fate === (given.plain === true ? 'plain' : 'usual')) ??
    days[0]
  const long_line_day = index === 0 && days.length >= 7 ? days.findLast((day) => day.fate === 'usual') : undefined
  return { site, request, republished_day, long_line_day, republished_lines: [] }
}

async function store(given: PackageRequest, site: string, day: SampleDay, lines: readonly Line[]): Promise<SampleFile> {
  const organisation = given.organisation.toLowerCase()
  const plain = day.fate === 'plain'
  const name = `${organisation}-${site}-events-${day.date}.log.gz${plain ? '' : '.gpg'}`
  const path = join(given.folder, 'logs', organisation, site, 'events', day.date.slice(0, 4), name)
  const { bytes } = await storeLogFile(path, encoded(lines), {
    keys: plain ? null : given.keys,
    expired_key: day.fate === 'expired_key',
    two_members: day.date.endsWith('7'),
  })
  return { site, date: day.date, path, bytes }
}
