// `millrace status`: where every day stands and which databases there are, read from the store alone.
import { dryRun } from '../coordinator/dry_run.ts'
import { createStop } from '../runtime/stop.ts'
import { workerThreads } from '../runtime/worker_threads.ts'
import { printCourses, publishedCourses } from './courses.ts'
import { EXIT_DONE, EXIT_QUARANTINED } from './exit_codes.ts'
import type { Output } from './output.ts'
import { openProject, openResults, openSource } from './project.ts'
import { printQuarantined, quarantinedNow } from './quarantined.ts'

export async function status(given: { readonly config_path: string; readonly output: Output }): Promise<number> {
  const { output } = given
  const stop = createStop()
  using _listening = stop.listen()
  const signal = stop.soft
  const project = await openProject(given)

  await using source = await openSource(project, { signal })
  await using results = await openResults(project, { signal })
  const found = await dryRun({
    ...project,
    source,
    results,
    threads: workerThreads(project.config),
    signal,
  })
  const sites = [...found.sites]
  const courses = await publishedCourses(results, [...found.sites.keys()], { signal })
  const surveys = sites.map(([, { survey }]) => survey)
  const quarantined = await quarantinedNow(results, surveys, { signal })

  output.table(
    ['site', 'present', 'missing', 'waiting', 'done', 'merged', 'quarantined'],
    sites.map(([site, { survey }]) => {
      const { present, days } = survey.totals
      return [
        site,
        present,
        days.missing + days.empty,
        days.waiting + days.stale,
        days.done,
        days.merged,
        days.quarantined,
      ]
    }),
  )
  output.line()
  printQuarantined(quarantined, output)
  if (courses.length > 0) printCourses(courses, output)
  else output.line('No course database yet')
  output.document({
    sites: sites.map(([site, { survey, plan_number, held }]) => ({ site, plan_number, held, ...survey.totals })),
    quarantined,
    courses,
  })
  return quarantined.length > 0 ? EXIT_QUARANTINED : EXIT_DONE
}
