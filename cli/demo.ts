// `millrace demo`: what `npm run demo` shows a newcomer. It makes a sample package, runs the real thing on it, and ends
// with queries to paste.
import { mkdir, readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { MillraceError } from '../contracts/errors.ts'
import { planRoot } from '../contracts/store_layout.ts'
import { sitesUnder } from '../coordinator/plan_records.ts'
import { createStop } from '../runtime/stop.ts'
import { publishedCourses } from './courses.ts'
import { durationText, type Output } from './output.ts'
import { openProject, openResults } from './project.ts'
import { run } from './run.ts'
import { runSample } from './sample_command.ts'

export async function demo(given: { readonly folder: string; readonly output: Output }): Promise<number> {
  const { output } = given
  const folder = resolve(given.folder)
  const started = performance.now()
  await refuseForeignFolder(folder)
  await sampleOnce(folder, output)
  output.line()
  const config_path = join(folder, 'millrace.yaml')
  const code = await run({ config_path, log_level: 'info', log_path: null, watch: false, http_port: 0, output })
  await printQueries(config_path, output)
  output.line(`The whole demo took ${durationText((performance.now() - started) / 1_000)}`)
  return code
}

/** The demo writes into a new folder or into its own one, so that it can be run again to see that nothing is left to do. */
async function refuseForeignFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const names = await readdir(folder)
  if (names.length > 0 && !names.includes('millrace.yaml'))
    throw new MillraceError('usage_invalid', `Cannot write the demo to "${folder}": it holds other things`)
}

async function sampleOnce(folder: string, output: Output): Promise<void> {
  if ((await readdir(folder)).includes('millrace.yaml')) {
    output.line(`Using the sample package in ${folder}`)
    return
  }
  const stop = createStop()
  using _listening = stop.listen()
  await runSample(
    {
      to: folder,
      organisation: 'DemoX',
      sites: ['edx', 'edge'],
      from: '2016-04-20',
      days: 30,
      events: 1_200,
      seed: '1',
      truth: false,
    },
    { print: (line) => output.line(line), signal: stop.soft },
  )
}

async function printQueries(config_path: string, output: Output): Promise<void> {
  const { signal } = new AbortController()
  const project = await openProject({ config_path })
  await using results = await openResults(project, { signal })
  const [course] = await publishedCourses(results, await sitesUnder(results, planRoot, { signal }), { signal })
  if (course === undefined) return
  output.line()
  output.line('Two queries to paste (the duckdb program opens the same files):')
  output.line()
  for (const sql of QUERIES) output.line(`  npx millrace query '${course.database}' "${sql}"`)
  output.line()
}

const QUERIES = [
  'select day, sum(events) as events, count(*) as learners from person_course_day group by day order by day',
  'select video_id, count(distinct user_id) as learners, count(*) as viewings from video_viewing group by 1 order by 2 desc limit 5',
] as const
