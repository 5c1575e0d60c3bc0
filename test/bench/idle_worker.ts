// `millrace worker` with threads that do nothing: the process, its connection, its pool and its loop are the real ones.
//
//   node test/bench/idle_worker.ts worker --config FILE --http-port 0 --log-level debug
import { parseArgs } from 'node:util'
import { openProject } from '../../cli/project.ts'
import { openRole } from '../../cli/role.ts'
import { createStop } from '../../runtime/stop.ts'
import { runWorker } from '../../workers/map/work.ts'

const { values } = parseArgs({
  allowPositionals: true,
  options: { config: { type: 'string' }, 'http-port': { type: 'string' }, 'log-level': { type: 'string' } },
})
if (values.config === undefined) throw new Error('Cannot work: no config is given')

const project = await openProject({ config_path: values.config })
const stop = createStop()
using _listening = stop.listen()
await using role = await openRole('worker', {
  project,
  servers: project.config.queue.servers ?? [],
  stop,
  log_level: 'info',
  http_port: 0,
})
await runWorker({ ...role, ...project, thread_program: new URL('./idle_thread.ts', import.meta.url) })
