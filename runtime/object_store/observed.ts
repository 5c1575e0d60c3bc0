// Measures one request to a store and tells the observer how it ended, so that no store can forget to.
import type { StoreObserver, StoreOp } from './object_store.ts'

/** Runs one request; an answer of 'exists' counts as a conflict. */
export async function observed<T>(
  observe: StoreObserver | undefined,
  op: StoreOp,
  request: () => Promise<T>,
): Promise<T> {
  if (observe === undefined) return await request()
  const started = performance.now()
  const ended = (result: 'ok' | 'error' | 'conflict') =>
    observe.request(op, (performance.now() - started) / 1000, result)
  try {
    const answer = await request()
    ended(answer === 'exists' ? 'conflict' : 'ok')
    return answer
  } catch (error) {
    ended('error')
    throw error
  }
}
