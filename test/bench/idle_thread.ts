// The threads of a worker whose jobs are nothing: each answers at once as if it had made the partial of a day without a
// line. What is left is what every job costs beside its work.
import { workerData } from 'piscina'
import { LoadedThreads } from '../../workers/map/loaded_threads.ts'
import { ThreadSettings, ThreadTask } from '../../workers/map/thread_input.ts'
import type { ThreadResult } from '../../workers/map/thread_output.ts'
import { noReceipt } from './no_receipt.ts'

/** Does one task; the pool calls it. */
export default async function run(input: unknown): Promise<ThreadResult> {
  const { job, attempt, worker, port } = ThreadTask.parse(input)
  port.close()
  const receipt = { ...noReceipt(job), worker, attempt }
  return { kind: 'made', receipt, first: true, traffic: { requests: [], retries: [], bytes_in: 0, bytes_out: 0 } }
}

new LoadedThreads(ThreadSettings.parse(workerData).loaded).add()
