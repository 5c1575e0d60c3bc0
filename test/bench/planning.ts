// How long `millrace plan` reckons over a whole history: twenty years of three sites. A plan that takes minutes would not be
// asked for before every run, and a coordinator computes the same in every sweep.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { loadConfig } from '../../config/load.ts'
import { SiteHead } from '../../contracts/head.ts'
import type { SitePlan } from '../../contracts/plan_record.ts'
import { RECIPE } from '../../contracts/recipe.ts'
import { OUR_TABLES } from '../../contracts/registry.ts'
import { planKey, receiptKey, siteHeadKey } from '../../contracts/store_layout.ts'
import { takeInventory } from '../../coordinator/inventory.ts'
import { makePlans } from '../../coordinator/plan.ts'
import { openObjectStore } from '../../runtime/object_store/open_object_store.ts'
import { MAIN } from '../fixtures/a_project.ts'
import { ORGANISATION } from './bench_day.ts'
import { madeHistory, SITES } from './history.ts'
import { noReceipt } from './no_receipt.ts'
import type { Bench, Figure, Section } from './section.ts'
import { spreadOf } from './spread.ts'
import { type Timed, timedCommand } from './timed_command.ts'

const CPU_SECONDS_MAX = 2
const YEARS = 20
const DAYS = Math.ceil(YEARS * 365.25)
const DAYS_QUICK = 20
/** Exit code of `millrace plan` when there is work; without any it is 0. */
const CODES = [0, 2]

/** `millrace plan --json` as a person runs it: before any day was computed, and when all are. */
export const planning: Section = {
  key: 'h',
  name: `A plan over ${YEARS} years of ${SITES.length} sites, listed and compared with what is done`,
  target: `under ${CPU_SECONDS_MAX} s of CPU, also when every day has its receipt`,
  laps: [],
  measure: async (bench) => {
    const history = await madeHistory(bench.folder, bench.quick ? DAYS_QUICK : DAYS)
    const folder = await mkdtemp(join(tmpdir(), 'millrace-plan-'))
    try {
      const config_path = join(folder, 'millrace.yaml')
      const settings = {
        organisation: ORGANISATION,
        source: history.logs_directory,
        results: './results',
        to: '2099-12-31',
      }
      await writeFile(config_path, JSON.stringify(settings))
      const fresh = await runs(config_path, bench, 'nothing is done', history.files)
      await storeAllDone(config_path, folder)
      const done = await runs(config_path, bench, 'all is done', 0)
      const worst = Math.max(...[fresh, done].map((each) => spreadOf(each.map((run) => run.cpu_seconds)).median))
      return {
        figures: [
          { name: 'objects', unit: 'rows', spread: spreadOf([history.files]) },
          ...figuresOf('nothing done', fresh),
          ...figuresOf('all done', done),
        ],
        met: worst < CPU_SECONDS_MAX,
        remarks: ['User and system time of the whole command, its start included; the stores are folders.'],
      }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}

const figuresOf = (name: string, timed: readonly Timed[]): readonly Figure[] => [
  { name: `CPU time, ${name}`, unit: 'CPU s', spread: spreadOf(timed.map((run) => run.cpu_seconds)) },
  { name: `time, ${name}`, unit: 's', spread: spreadOf(timed.map((run) => run.seconds)) },
]

const Said = z.object({ next: z.array(z.unknown()) })

/** Runs the command as often as was asked for; fails unless it finds so many days to compute. */
async function runs(config_path: string, bench: Bench, state: string, wanted: number): Promise<readonly Timed[]> {
  const timed: Timed[] = []
  for (let run = 1; run <= bench.runs; run++) {
    bench.tell(`A plan when ${state}, run ${run} of ${bench.runs} …`)
    const variables = { NODE: process.execPath, MAIN, CONFIG: config_path }
    const ran = await timedCommand('"$NODE" "$MAIN" plan --json --config "$CONFIG"', variables, CODES)
    const found = Said.parse(JSON.parse(ran.stdout)).next.length
    if (found !== wanted) throw new Error(`The plan wants ${found} days, not ${wanted}`)
    timed.push(ran)
  }
  return timed
}

/** Stores what a run would have left: plan records, receipts, heads. Written as files, because the store forces each to disk. */
async function storeAllDone(config_path: string, base: string): Promise<void> {
  const { signal } = new AbortController()
  const { config } = await loadConfig(config_path)
  await using source = await openObjectStore(config.source, { base, use: 'source', signal })
  const inventory = await takeInventory(source, { organisation: config.organisation, signal })
  const write = async (key: string, value: unknown): Promise<void> => {
    const path = join(base, 'results', key)
    await mkdir(join(path, '..'), { recursive: true })
    await writeFile(path, `${JSON.stringify(value)}\n`)
  }
  for (const [site, plan] of makePlans(inventory, config, { recipe: RECIPE, tables: OUR_TABLES })) {
    await write(planKey(site, 1), plan)
    await write(siteHeadKey(site, 1), headOf(plan))
    for (const day of plan.days) await write(receiptKey(site, day.log_file.day.date, day.fingerprint), noReceipt(day))
  }
}

/** Nobody opens the files that it names: a plan asks for the days alone. */
const headOf = (plan: SitePlan): SiteHead =>
  SiteHead.parse({
    version: 2,
    number: 1,
    site: plan.site,
    plan_number: 1,
    declarations: OUR_TABLES.declarations,
    filter: plan.courses,
    runs: [{ number: 1, file: NO_FILE }],
    names: NO_FILE,
    days: Object.fromEntries(plan.days.map((day) => [day.log_file.day.date, day.fingerprint])),
    courses: {},
  })

const NO_FILE = { key: 'none', bytes: 0, sha256: '0'.repeat(64) }
