// Tests of the coordinator wait for a status, never for a time.
import assert from 'node:assert/strict'
import type { Coordinator } from '../../coordinator/coordinate.ts'
import type { CoordinatorStatus } from '../../coordinator/status.ts'

/** Waits until the coordinator's status has become what is asked for. */
export async function until(
  coordinator: Coordinator,
  holds: (status: CoordinatorStatus) => boolean,
): Promise<CoordinatorStatus> {
  const met = Promise.withResolvers<CoordinatorStatus>()
  const look = (): void => {
    const status = coordinator.status()
    if (holds(status)) met.resolve(status)
  }
  using _listening = coordinator.onChange(look)
  look()
  return await Promise.race([met.promise, coordinator.ended.then(() => assert.fail('the coordinator ended'))])
}
