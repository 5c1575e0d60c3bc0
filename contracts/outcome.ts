// Handlers answer with an outcome and never touch the queue; runtime/bus/settle.ts alone turns it into ack or nak.
import type { QuarantineClass } from './quarantine.ts'

export type Outcome =
  /** The work is in the object store, made now or by somebody before. */
  | { readonly kind: 'done'; readonly how: 'computed' | 'deduplicated' | 'superseded' }
  /** The job may work later: a store or queue that does not answer, a stop. */
  | { readonly kind: 'retry'; readonly after_ms: number; readonly code: string; readonly reason: string }
  /** The job cannot work as it is; the record of it was written. */
  | { readonly kind: 'quarantine'; readonly class: QuarantineClass; readonly code: string; readonly reason: string }
