// One round of a merge: some changed days of a site are loaded, the site's rows and the courses they touch are brought
// up to them, and the site's next head is created. A round that fails half way leaves some courses ahead, which the next
// one finds; the site's head never lists a day that a touched course lacks.
import { mkdir } from 'node:fs/promises'
import { courseMatcher } from '../../config/course_filter.ts'
import type { Site } from '../../contracts/day.ts'
import type { MillraceError } from '../../contracts/errors.ts'
import type { SiteHead } from '../../contracts/head.ts'
import { siteEditionKey, siteHeadKey } from '../../contracts/store_layout.ts'
import { sameFilter } from './course_set.ts'
import { mergeCourses } from './merge_courses.ts'
import type { MergeDeps } from './merge_deps.ts'
import { type LeftIntent, putIntent, removeIntents } from './merge_intents.ts'
import { mergedDays, type Round } from './pending.ts'
import { createHead, removeOldEditions, uploadEditionFile } from './publish.ts'
import type { NumberedPlan } from './site_base.ts'
import { makeSiteFiles, type SiteFiles } from './site_files.ts'
import type { SiteState } from './site_state.ts'

export interface RoundGiven {
  readonly site: Site
  readonly plan: NumberedPlan
  readonly state: SiteState
  readonly round: Round
  /** What earlier merges and rounds said they would change. */
  readonly left: readonly LeftIntent[]
  readonly check_all: boolean
  /** Private folder of this round. */
  readonly folder: string
}

export interface RoundResult {
  readonly state: SiteState
  readonly left: readonly LeftIntent[]
  /** Dates whose results could not be used, with the reason where a person must look at it (null: computed again). */
  readonly unusable: ReadonlyMap<string, string | null>
  /** Courses that could not be merged; with one of them the head stays as it was. */
  readonly failed: ReadonlyMap<string, MillraceError>
}

/** Does one round. */
export async function mergeRound(given: RoundGiven, deps: MergeDeps): Promise<RoundResult> {
  const { site, plan, state, folder } = given
  await mkdir(folder, { recursive: true })
  const made = await makeSiteFiles(given, deps)
  const { round, unusable, course_ids } = made
  deps.progress(`${site}: ${round.loaded.size} days loaded`)
  const number = (state.head?.number ?? 0) + 1
  const own: LeftIntent[] = []
  const courses = await mergeCourses(
    {
      site,
      head: state.head,
      course_ids,
      wanted: courseMatcher(plan.plan.courses),
      daysOf: made.daysOf,
      intend: async (changing) => {
        own.push(await putIntent(deps.results, { site, number, courses: changing }, deps))
      },
      batch_path: made.batch_path,
      names_path: made.names_path,
      in_batch: new Set(round.loaded.keys()),
      folder,
    },
    deps,
  )
  const { failed, numbers } = courses
  if (failed.size > 0 || isReached({ ...given, round }, numbers, deps))
    return { state, left: given.left, unusable, failed }
  const head = await publishSite({ ...given, round, made, numbers }, deps)
  await removeIntents(deps.results, { looked_at: given.left, number }, deps)
  return { state: { head, served: round.days, lost: false }, left: own, unusable, failed }
}

/** The head says already what a new one would: a look at courses found nothing to do. */
function isReached(
  { plan, state, round }: RoundGiven,
  numbers: ReadonlyMap<string, number>,
  { tables }: MergeDeps,
): boolean {
  const { head } = state
  if (head === null || state.lost || head.plan_number !== plan.number) return false
  if (head.declarations !== tables.declarations || !sameFilter(head.filter, plan.plan.courses)) return false
  const { added, replaced, removed } = round.differences
  if (added.length + replaced.length + removed.length > 0) return false
  return [...numbers].every(([course_id, number]) => head.courses[course_id] === number)
}

interface SiteEdition extends RoundGiven {
  readonly made: SiteFiles
  readonly numbers: ReadonlyMap<string, number>
}

async function publishSite(given: SiteEdition, deps: MergeDeps): Promise<SiteHead> {
  const { site, plan, state, round, made } = given
  const { results: store, tables, metrics, signal } = deps
  const number = (state.head?.number ?? 0) + 1
  const prefix = siteEditionKey(site, '')
  const upload = (name: string, path: string) => uploadEditionFile(store, { prefix, number, name, path }, { signal })
  const names = await upload('names', made.names_path)
  const file = made.run_path === null ? null : await upload('run', made.run_path)
  const runs = [...made.old_runs, ...(file === null ? [] : [{ number, file }])]
  const courses = { ...state.head?.courses, ...Object.fromEntries(given.numbers) }
  const days = mergedDays(round.days)
  const by = { plan_number: plan.number, declarations: tables.declarations, filter: plan.plan.courses }
  const head: SiteHead = { version: 2, number, site, ...by, runs, names, days, courses }
  const own = file === null ? [names] : [names, file]
  await createHead(store, { key: siteHeadKey(site, number), head, own }, { signal })
  metrics.head_updates_total.inc({ result: 'created' })
  for (const op of ['added', 'replaced', 'removed'] as const)
    metrics.merge_days_total.inc({ op }, round.differences[op].length)
  // The head before this one stays whole: whoever began with it can read its files to the end.
  const keep = [...runs, ...(state.head?.runs ?? [])].map((run) => run.file)
  await removeOldEditions(store, { prefix, number, keep }, { signal })
  const { added, replaced, removed } = round.differences
  deps.log.info('site_merged', {
    site,
    number,
    added: added.length,
    replaced: replaced.length,
    removed: removed.length,
    courses: given.numbers.size,
  })
  return head
}
