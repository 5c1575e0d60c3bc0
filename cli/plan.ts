// `millrace plan`: what a run would do and why, from the listing of the source and the records in the results store. It
// writes nothing and needs no queue.
import { whyText } from '../coordinator/day_state.ts'
import { type DryRun, dryRun, type SiteDryRun } from '../coordinator/dry_run.ts'
import type { Totals } from '../coordinator/totals.ts'
import { createStop } from '../runtime/stop.ts'
import { workerThreads } from '../runtime/worker_threads.ts'
import { EXIT_DONE, EXIT_WORK } from './exit_codes.ts'
import { bytesText, durationText, grouped, type Output } from './output.ts'
import { openProject, openResults, openSource } from './project.ts'

/** Stored bytes a second of one thread that an estimate reckons with before anything was measured here. */
const ASSUMED_BYTES_PER_SECOND = 3_000_000

export async function plan(given: {
  readonly config_path: string
  readonly list_days: boolean
  readonly output: Output
}): Promise<number> {
  const { output } = given
  const stop = createStop()
  using _listening = stop.listen()
  const signal = stop.soft
  const project = await openProject(given)
  const threads = workerThreads(project.config)

  await using source = await openSource(project, { signal })
  await using results = await openResults(project, { signal })
  const found = await dryRun({ ...project, source, results, threads, signal })
  output.line(`${project.config.organisation}: ${source.url} → ${results.url}`)
  output.line()
  output.table(
    HEAD,
    [...found.sites].flatMap(([site, run]) => rowsOf(site, run, threads)),
  )
  output.line()
  for (const line of remarksOf(found)) output.line(line)
  if (given.list_days) listDays(found, output)
  output.line(found.work ? 'Run it with: millrace run' : 'Nothing to do: every day is merged')
  output.document(documentOf(found, threads))
  return found.work ? EXIT_WORK : EXIT_DONE
}

const HEAD = ['site', 'year', 'present', 'missing', 'done', 'quarantined', 'wanted', 'bytes', 'time', 'why']

function rowsOf(site: string, run: SiteDryRun, threads: number): (string | number)[][] {
  return [...run.survey.years].map(([year, totals]) => {
    const { days } = totals
    const time = totals.wanted === 0 ? '–' : durationText(secondsOf(totals, threads).seconds)
    const why = Object.entries(totals.wanted_why).map(([kind, count]) => `${kind} ${count}`)
    const size = totals.wanted === 0 ? '–' : bytesText(totals.wanted_bytes)
    const done = days.done + days.merged
    return [
      site,
      year,
      totals.present,
      days.missing + days.empty,
      done,
      days.quarantined,
      totals.wanted,
      size,
      time,
      why.join(', '),
    ]
  })
}

function secondsOf(totals: Totals, threads: number): { readonly seconds: number; readonly measured: boolean } {
  if (totals.estimated_seconds !== null) return { seconds: totals.estimated_seconds, measured: true }
  return { seconds: totals.wanted_bytes / (ASSUMED_BYTES_PER_SECOND * threads), measured: false }
}

function remarksOf(found: DryRun): readonly string[] {
  const lines: string[] = []
  const runs = [...found.sites]
  const wanted = runs.reduce((sum, [, run]) => sum + run.survey.totals.wanted, 0)
  if (wanted > 0) lines.push(`${grouped(wanted)} ${wanted === 1 ? 'day' : 'days'} to compute`)
  const reasons = new Set(
    runs.flatMap(([, { survey }]) =>
      survey.days.flatMap((day) => (day.why?.kind === 'reprocess' ? [whyText(day.why)] : [])),
    ),
  )
  for (const reason of reasons) lines.push(`  ${reason}`)
  for (const [site, run] of runs) {
    if (run.held > 0)
      lines.push(
        `${site}: ${run.held} days vanished from the source and are kept; set allow_shrink: true if that is meant`,
      )
    if (run.superseded > 0)
      lines.push(`${site}: ${run.superseded} log files are superseded by another one of the same day`)
    if (run.survey.totals.wanted > 0 || !(run.merge || run.catalog)) continue
    const what = run.merge ? 'course databases have' : 'the catalogue has'
    lines.push(`${site}: ${what} to be brought up to date; no day has to be computed`)
  }
  const foreign = Object.entries(found.inventory.foreign).filter(([, { count }]) => count > 0)
  for (const [reason, { count, samples }] of foreign)
    lines.push(`Not a log file of ours (${reason.replaceAll('_', ' ')}): ${grouped(count)}, such as ${samples[0]}`)
  return lines
}

function listDays(found: DryRun, output: Output): void {
  const why = new Map(
    [...found.sites].flatMap(([site, run]) => run.survey.days.map((day) => [`${site}/${day.date}`, day.why] as const)),
  )
  output.table(
    ['site', 'date', 'bytes', 'why', 'log file'],
    found.next.map(({ log_file }) => {
      const reason = why.get(`${log_file.day.site}/${log_file.day.date}`)
      return [
        log_file.day.site,
        log_file.day.date,
        bytesText(log_file.size),
        reason ? whyText(reason) : '',
        log_file.key,
      ]
    }),
  )
  output.line()
}

function documentOf(found: DryRun, threads: number): unknown {
  const totals = (of: Totals) => {
    const { seconds, measured } = secondsOf(of, threads)
    return { ...of, estimated_seconds: of.wanted === 0 ? 0 : seconds, estimate_is_measured: measured }
  }
  return {
    work: found.work,
    foreign: found.inventory.foreign,
    sites: [...found.sites].map(([site, run]) => ({
      site,
      plan_number: run.plan_number,
      changed: run.changed,
      superseded: run.superseded,
      held: run.held,
      merge: run.merge,
      catalog: run.catalog,
      ...totals(run.survey.totals),
      years: Object.fromEntries([...run.survey.years].map(([year, of]) => [year, totals(of)])),
      days: run.survey.days
        .filter((day) => day.why !== null)
        .map((day) => ({
          date: day.date,
          state: day.state,
          bytes: day.bytes,
          why: day.why,
          fingerprint: day.planned?.fingerprint,
        })),
    })),
    next: found.next.map((day) => ({
      site: day.log_file.day.site,
      date: day.log_file.day.date,
      fingerprint: day.fingerprint,
    })),
  }
}
