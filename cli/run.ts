// `millrace run`: the whole system on one machine, in one process with worker threads and a nats-server beside it. The
// roles are the very ones of a cluster; only their number differs.
import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import { MillraceError } from '../contracts/errors.ts'
import { currentCatalogKey, planRoot } from '../contracts/store_layout.ts'
import { type Coordinator, runCoordinator } from '../coordinator/coordinate.ts'
import { sitesUnder } from '../coordinator/plan_records.ts'
import type { CoordinatorStatus } from '../coordinator/status.ts'
import { startNatsServer } from '../runtime/bus/nats_server.ts'
import type { LogLevel } from '../runtime/log_level.ts'
import { storeObserver } from '../runtime/metrics.ts'
import { openScratch } from '../runtime/scratch.ts'
import { createStop, type Stop } from '../runtime/stop.ts'
import { printCourses, publishedCourses } from './courses.ts'
import { EXIT_DONE, EXIT_FAILED, EXIT_QUARANTINED, EXIT_STOPPED } from './exit_codes.ts'
import { durationText, type Output } from './output.ts'
import { aborted, reducerBody, workerBody } from './processes.ts'
import { showProgress } from './progress_display.ts'
import { openProject, openResults, openSource, type Project } from './project.ts'
import { printQuarantined, quarantinedNow } from './quarantined.ts'
import { openRole } from './role.ts'

/** Sweeps in a row that a problem may spoil before a run gives up: one that may pass by itself, and one that will not. */
const RETRYABLE_SWEEPS_MAX = 8
const FINAL_SWEEPS_MAX = 3

export interface RunOptions {
  readonly config_path: string
  readonly log_level: LogLevel
  /** Null: millrace.log beside the config. */
  readonly log_path: string | null
  /** Instead of the ports in the config; 0 takes free ones. */
  readonly http_port?: number
  /** Stay after everything is done, and take what comes. */
  readonly watch: boolean
  readonly output: Output
}

/** Runs until everything wanted is merged or quarantined, or until it is told to stop. */
export async function run(options: RunOptions): Promise<number> {
  const { output } = options
  const started = performance.now()
  const stop = createStop()
  using _listening = stop.listen()
  const project = await openProject(options)
  const log_path = resolve(project.base, options.log_path ?? 'millrace.log')
  let status: CoordinatorStatus | null
  try {
    status = await withRoles(project, { ...options, log_path, stop }, async (coordinator) => {
      using _shown = showProgress({ status: coordinator.status, stream: output.json ? null : process.stderr })
      return await untilSettled(coordinator, stop, options.watch)
    })
  } catch (error) {
    if (!stop.hard.aborted) throw error
    status = null
  }
  if (stop.hard.aborted) {
    process.stderr.write('Aborted; what was finished is kept, and the next run goes on from there\n')
    return EXIT_FAILED
  }
  return await conclude(project, { status, log_path, seconds: (performance.now() - started) / 1_000, output })
}

/** Waits for the end of the work or for the stop; null for the latter. */
async function untilSettled(coordinator: Coordinator, stop: Stop, watch: boolean): Promise<CoordinatorStatus | null> {
  if (watch) {
    await Promise.race([aborted(stop.soft), coordinator.ended])
    return null
  }
  const { promise: stuck, reject } = Promise.withResolvers<never>()
  using _watched = coordinator.onChange(() => {
    const lasting = lastingProblem(coordinator.status())
    if (lasting !== null) reject(lasting)
  })
  try {
    return await Promise.race([coordinator.settled(stop.soft), stuck])
  } catch (error) {
    if (stop.soft.aborted) return null
    throw error
  }
}

/** Finds what keeps a run from ever ending: a process of a cluster would wait for it to pass, a person should hear of it. */
function lastingProblem(status: CoordinatorStatus): MillraceError | null {
  const problem = status.problem ?? status.source_problem
  if (problem === null || status.outstanding > 0) return null
  const sweeps_max = problem.retryable ? RETRYABLE_SWEEPS_MAX : FINAL_SWEEPS_MAX
  return problem.sweeps < sweeps_max ? null : new MillraceError(problem.code, problem.message)
}

type Roles = Pick<RunOptions, 'log_level' | 'http_port'> & { readonly log_path: string; readonly stop: Stop }

/** Starts all roles, gives the coordinator to `body`, and stops them softly after it. */
async function withRoles(
  project: Project,
  given: Roles,
  body: (coordinator: Coordinator) => Promise<CoordinatorStatus | null>,
): Promise<CoordinatorStatus | null> {
  const { stop } = given
  await using stack = new AsyncDisposableStack()
  const servers = project.config.queue.servers ?? [await ownServer(stack, stop)]
  const role = { ...given, project, servers, log_destination: given.log_path }
  const coordinating = stack.use(await openRole('coordinator', role))
  const working = stack.use(await openRole('worker', role))
  const reducing = stack.use(await openRole('reducer', role))
  const source = stack.use(
    await openSource(project, { signal: stop.hard, observe: storeObserver(coordinating.metrics) }),
  )
  const coordinator = stack.use(await runCoordinator({ ...coordinating, ...project, source }))
  coordinating.onReconnect(() => coordinator.sweepNow())
  const bodies = [workerBody(working), reducerBody(reducing)]
  // A role that ends with an error ends the run; one that ends well was told to.
  const broken = Promise.all(bodies).then(() => Promise.withResolvers<never>().promise)
  try {
    return await Promise.race([body(coordinator), broken, coordinator.ended.then(() => null)])
  } finally {
    if (!stop.soft.aborted) stop.requestStop()
    await Promise.allSettled(bodies)
  }
}

/** Starts a nats-server on loopback whose store lives as long as the run: it holds nothing that cannot be derived. */
async function ownServer(stack: AsyncDisposableStack, stop: Stop): Promise<string> {
  const scratch = stack.use(await openScratch(tmpdir(), 'nats'))
  return stack.use(await startNatsServer({ store_dir: scratch.path, signal: stop.hard })).url
}

/** Tells what came of it: the databases, what is quarantined, and how long it took. */
async function conclude(
  project: Project,
  given: {
    readonly status: CoordinatorStatus | null
    readonly log_path: string
    readonly seconds: number
    readonly output: Output
  },
): Promise<number> {
  const { status, output } = given
  const { signal } = new AbortController()
  await using results = await openResults(project, { signal })
  const sites = await sitesUnder(results, planRoot, { signal })
  const courses = await publishedCourses(results, sites, { signal })
  const surveys = status?.sites.map((site) => site.survey) ?? []
  const quarantined = await quarantinedNow(results, surveys, { signal })
  const catalog = results.urlOf(currentCatalogKey)

  printQuarantined(quarantined, output)
  if (courses.length > 0) {
    printCourses(courses, output)
    output.line()
    output.line(`Course databases: ${results.urlOf('courses')}`)
    output.line(`Catalogue:        ${catalog}`)
  }
  output.line(`Log:              ${given.log_path}`)
  if (status === null) output.line('Stopped before everything was done; the next run goes on from here')
  else output.line(`Done in ${durationText(given.seconds)}`)
  output.document({
    settled: status !== null,
    seconds: given.seconds,
    quarantined,
    courses,
    catalog,
    log: given.log_path,
  })
  if (status === null) return EXIT_STOPPED
  return quarantined.length > 0 ? EXIT_QUARANTINED : EXIT_DONE
}
