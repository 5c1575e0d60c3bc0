// The days of a site that wait to be sent. Between two sweeps the coordinator asks for the next of them at every hint that
// a job ended: without a place to go on from, each hint would cost a look at every day of twenty years.
import type { PlannedDay } from '../contracts/plan_record.ts'

export class Backlog {
  readonly #days: readonly PlannedDay[]
  #from = 0

  /** `days` are in the order of dispatch. */
  constructor(days: readonly PlannedDay[]) {
    this.#days = days
  }

  /**
   * Gives the next days, `count` at most, that are not `settled`: sent or done. Days before the first of them are not
   * looked at again: should one of them have to be sent once more, the next sweep makes a backlog that has it.
   */
  next(count: number, settled: (day: PlannedDay) => boolean): readonly PlannedDay[] {
    const found: PlannedDay[] = []
    for (let at = this.#from; at < this.#days.length && found.length < count; at++) {
      const day = this.#days[at]
      if (day !== undefined && !settled(day)) found.push(day)
      else if (found.length === 0) this.#from = at + 1
    }
    return found
  }
}
