// Reads the queues' own sums at every sweep and heals a queue whose sums stay wrong, by the judgement of audit.ts.
import type { Bus, BusOptions, QueueState } from '../runtime/bus/bus.ts'
import type { Log } from '../runtime/log.ts'
import type { CoordinatorMetrics } from '../runtime/metrics_coordinator.ts'
import { type AuditState, judge, SOUND } from './audit.ts'

export class QueueAudit {
  readonly #bus: Bus
  readonly #limit_ms: number
  readonly #states = new Map<string, AuditState>()

  /** A difference is harmless until `ack_wait` has passed twice: a message between two states counts in neither. */
  constructor(bus: Bus, ack_wait_s: number) {
    this.#bus = bus
    this.#limit_ms = 2 * ack_wait_s * 1000
  }

  /** Audits both queues. */
  async run(
    given: { readonly now_ms: number; readonly log: Log; readonly metrics: CoordinatorMetrics },
    options: BusOptions,
  ): Promise<void> {
    const { log, metrics } = given
    for (const queue of [this.#bus.subjects.map, this.#bus.subjects.merge]) {
      const reading = await this.#bus.queueState(queue, options)
      if (queue.name === 'map') show(reading, metrics)
      const clock = { now_ms: given.now_ms, limit_ms: this.#limit_ms }
      const { state, heal } = judge(this.#states.get(queue.name) ?? SOUND, reading, clock)
      this.#states.set(queue.name, state)
      if (heal === null) continue
      log.warn('queue_healed', { queue: queue.name, how: heal, ...reading })
      metrics.queue_heals_total.inc({ action: heal })
      await this.#bus.heal(queue, heal, options)
    }
  }
}

function show(reading: QueueState, metrics: CoordinatorMetrics): void {
  metrics.queue_messages.set(reading.messages)
  metrics.queue_pending.set(reading.pending)
  metrics.queue_ack_pending.set(reading.ack_pending)
  metrics.queue_audit_mismatch.set(reading.messages - reading.pending - reading.ack_pending)
}
