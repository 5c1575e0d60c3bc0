// How far a thread is, readable by the main thread at any moment without asking it: a thread that is wedged could not
// answer, and that it no longer moves is exactly what must be seen.

const FIELDS = ['encrypted_bytes', 'raw_bytes', 'events', 'steps'] as const
type Field = (typeof FIELDS)[number]
const AT: Readonly<Record<Field, number>> = { encrypted_bytes: 0, raw_bytes: 1, events: 2, steps: 3 }

/** Counts of the job that a thread works on. `steps` grows with everything done that moves no other count. */
export type ProgressCounts = Readonly<Record<Field, number>>

/** A view of the shared memory; both threads make one over the same buffer. */
export class SharedProgress {
  readonly buffer: SharedArrayBuffer
  readonly #counts: BigInt64Array

  constructor(buffer = new SharedArrayBuffer(FIELDS.length * BigInt64Array.BYTES_PER_ELEMENT)) {
    this.buffer = buffer
    this.#counts = new BigInt64Array(buffer)
  }

  set(field: Field, value: number): void {
    Atomics.store(this.#counts, AT[field], BigInt(value))
  }

  /** Says that something was done. */
  step(): void {
    Atomics.add(this.#counts, AT.steps, 1n)
  }

  reset(): void {
    for (const field of FIELDS) this.set(field, 0)
  }

  read(): ProgressCounts {
    const count = (field: Field): number => Number(Atomics.load(this.#counts, AT[field]))
    return {
      encrypted_bytes: count('encrypted_bytes'),
      raw_bytes: count('raw_bytes'),
      events: count('events'),
      steps: count('steps'),
    }
  }
}

/** Tells whether two readings differ: the thread did something between them. */
export const moved = (before: ProgressCounts, after: ProgressCounts): boolean =>
  FIELDS.some((field) => before[field] !== after[field])
