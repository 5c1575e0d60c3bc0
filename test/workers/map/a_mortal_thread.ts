// A thread program for the tests of the worker: it dies, waits or hangs where the key of the log file says so, and is the
// usual program otherwise.
import { once } from 'node:events'
import { SharedProgress } from '../../../workers/map/shared_progress.ts'
import usual from '../../../workers/map/thread.ts'
import { ThreadTask } from '../../../workers/map/thread_input.ts'
import type { ThreadResult } from '../../../workers/map/thread_output.ts'
import { DIES, DIES_ONCE, WAITS } from './day_fixture.ts'

export default async function run(input: unknown): Promise<ThreadResult> {
  const task = ThreadTask.parse(input)
  const date: string = task.job.log_file.day.date
  switch (date) {
    case DIES_ONCE:
      return task.attempt === 1 ? process.exit(1) : usual(input)
    case DIES:
      return process.exit(1)
    case WAITS: {
      new SharedProgress(task.progress).step()
      await once(task.port, 'message')
      const traffic = { requests: [], retries: [], bytes_in: 0, bytes_out: 0 }
      return { kind: 'failed', code: 'aborted', reason: 'Cannot go on: told to stop', traffic }
    }
    default:
      return usual(input)
  }
}
