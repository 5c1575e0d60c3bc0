// Opens the tables of a log file when the first row comes. A day without a line, and archives of small sites are full of
// them, would otherwise pay for a dozen tables that nothing is ever put into.
import type { RejectedLine } from '../../contracts/ledger.ts'
import type { Aggregate, Aggregator } from './aggregate.ts'
import type { EventBatch } from './event_batch.ts'

/** What a file without a row comes to. */
const NOTHING: Aggregate = { pieces: [], courses: [] }

/** An aggregator that is opened by what it is first given of a file. */
export class LateAggregate {
  readonly #open: () => Promise<Aggregator>
  #opened: Aggregator | null = null
  /** Lines rejected before it was opened; the reader gives it a turn before they become many. */
  #rejected: RejectedLine[] = []

  constructor(open: () => Promise<Aggregator>) {
    this.#open = open
  }

  reject(line: RejectedLine): void {
    if (this.#opened === null) this.#rejected.push(line)
    else this.#opened.reject(line)
  }

  async add(batch: EventBatch): Promise<void> {
    await (await this.#aggregator()).add(batch)
  }

  async finish(): Promise<Aggregate> {
    if (this.#opened === null && this.#rejected.length === 0) return NOTHING
    return await (await this.#aggregator()).finish()
  }

  async #aggregator(): Promise<Aggregator> {
    if (this.#opened !== null) return this.#opened
    this.#opened = await this.#open()
    for (const line of this.#rejected) this.#opened.reject(line)
    this.#rejected = []
    return this.#opened
  }
}
