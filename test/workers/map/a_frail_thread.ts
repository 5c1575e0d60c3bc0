// A thread program for the tests of the pool: what it does is named by the key of the job's log file. It ends, throws,
// hangs or runs out of memory where the usual program would make a partial.
import { once } from 'node:events'
import { workerData } from 'piscina'
import { LoadedThreads } from '../../../workers/map/loaded_threads.ts'
import { SharedProgress } from '../../../workers/map/shared_progress.ts'
import { failureOf } from '../../../workers/map/thread_failure.ts'
import { ThreadSettings, ThreadTask, ToThread } from '../../../workers/map/thread_input.ts'
import type { ThreadResult } from '../../../workers/map/thread_output.ts'

const NOTHING = { requests: [], retries: [], bytes_in: 0, bytes_out: 0 }

export default async function run(input: unknown): Promise<ThreadResult> {
  const { job, port, progress } = ThreadTask.parse(input)
  const failed = (error: unknown): ThreadResult => ({
    kind: 'failed',
    ...failureOf(error, 'the day'),
    traffic: NOTHING,
  })
  switch (job.log_file.key) {
    case 'exit':
      return process.exit(3)
    case 'throw':
      throw new RangeError('a line of a learner')
    case 'memory': {
      const hoard: string[][] = []
      for (;;) hoard.push(Array.from({ length: 100_000 }, (_, index) => `${hoard.length} ${index}`))
    }
    case 'hang':
      new SharedProgress(progress).step()
      for (;;);
    case 'fail':
      return failed(new RangeError('a line of a learner'))
    case 'ask': {
      port.postMessage({ kind: 'session_key_wanted', packets: new Uint8Array([1, 2, 3]) })
      const [answer] = await once(port, 'message')
      const heard = ToThread.parse(answer)
      return { kind: 'failed', code: heard.kind, reason: JSON.stringify(heard), traffic: NOTHING }
    }
    default: {
      new SharedProgress(progress).step()
      const [answer] = await once(port, 'message')
      return { kind: 'failed', code: 'aborted', reason: ToThread.parse(answer).kind, traffic: NOTHING }
    }
  }
}

new LoadedThreads(ThreadSettings.parse(workerData).loaded).add()
