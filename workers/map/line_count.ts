// Counts what became of every line of a file. The ledger is the promise that nothing is dropped silently: its schema
// refuses counts that do not add up.
import { LineLedger, type RejectReason } from '../../contracts/ledger.ts'
import { organisationOf } from './course_id.ts'
import { isoOfMicroseconds } from './event_time.ts'
import type { LineOutcome } from './normalise.ts'

/** No course, one of our organisations, or one of another. */
export type CourseStanding = 'none' | 'ours' | 'foreign'

/** The running ledger of one log file. */
export class LineCount {
  lines = 0
  events = 0
  blank = 0
  duplicates = 0
  readonly #organisations: ReadonlySet<string>
  #rejected = 0
  readonly #rejected_by_reason: Partial<Record<RejectReason, number>> = {}
  #rescued = 0
  #prefixed = 0
  #truncated_payload = 0
  #no_course = 0
  #foreign_org = 0
  #min_time_us = Number.POSITIVE_INFINITY
  #max_time_us = Number.NEGATIVE_INFINITY

  /** `organisations` are our own, in lower case. */
  constructor(organisations: readonly string[]) {
    this.#organisations = new Set(organisations)
  }

  countRejected(reason: RejectReason): void {
    this.#rejected++
    this.#rejected_by_reason[reason] = (this.#rejected_by_reason[reason] ?? 0) + 1
  }

  countEvent({ row, prefixed, truncated_payload }: LineOutcome & { readonly kind: 'event' }): void {
    if (row.rescued) this.#rescued++
    if (prefixed) this.#prefixed++
    if (truncated_payload) this.countTruncated()
    this.countPlain(row.time_us, this.standingOf(row.course_id))
  }

  /** Tells whose course an event counts for; it follows from the course id alone. */
  standingOf(course_id: string | null): CourseStanding {
    if (course_id === null) return 'none'
    return this.#organisations.has(organisationOf(course_id)) ? 'ours' : 'foreign'
  }

  /** Counts, beside its event, a payload that was cut. */
  countTruncated(): void {
    this.#truncated_payload++
  }

  /** Counts an event with nothing odd about it. */
  countPlain(time_us: number, course: CourseStanding): void {
    this.events++
    if (course === 'none') this.#no_course++
    else if (course === 'foreign') this.#foreign_org++
    if (time_us < this.#min_time_us) this.#min_time_us = time_us
    if (time_us > this.#max_time_us) this.#max_time_us = time_us
  }

  /** Gives the ledger so far. */
  ledger(): LineLedger {
    return LineLedger.parse({
      lines: this.lines,
      events: this.events,
      blank: this.blank,
      duplicates: this.duplicates,
      rejected: this.#rejected,
      rejected_by_reason: { ...this.#rejected_by_reason },
      rescued: this.#rescued,
      prefixed: this.#prefixed,
      truncated_payload: this.#truncated_payload,
      no_course: this.#no_course,
      foreign_org: this.#foreign_org,
      min_time: this.events === 0 ? null : isoOfMicroseconds(this.#min_time_us),
      max_time: this.events === 0 ? null : isoOfMicroseconds(this.#max_time_us),
    } satisfies LineLedger)
  }
}
