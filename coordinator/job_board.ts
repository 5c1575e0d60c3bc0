// What the queue holds, as far as the coordinator knows: read from the server at every sweep, kept up to date between
// sweeps by what it publishes and by hints that jobs ended. Without it every job would wait for the next listing.
//
// States of a job: noted when it is published -> gone by a hint, or not to be found by the next refresh. A hint may come
// before the server's word that it has the message, never before the job is noted.
import type { Site } from '../contracts/day.ts'
import type { PartialRules } from '../contracts/fingerprint.ts'
import type { MergeJob } from '../contracts/job.ts'
import type { PlannedDay } from '../contracts/plan_record.ts'
import type { Ended } from '../contracts/progress.ts'
import type { Bus, BusOptions } from '../runtime/bus/bus.ts'
import { mapJobOf } from './dispatch.ts'

interface OutstandingJob {
  readonly site: string
  readonly date: string
}

/**
 * Messages that are on their way to the server at one time: one after the other, each would wait for a round trip, and on a
 * cluster for its copies too, which would be the limit of the whole installation. One connection keeps their order.
 */
const PUBLISHED_AT_ONCE = 32

export class JobBoard {
  readonly #bus: Bus
  readonly #jobs = new Map<string, OutstandingJob>()
  readonly #merges = new Set<string>()
  /** How often each message was accepted: part of its id, so that "again" is never taken for a repetition. */
  readonly #rounds = new Map<string, number>()
  #hints: Ended[] = []

  constructor(bus: Bus) {
    this.#bus = bus
  }

  /** Makes the queues where they are missing and reads what is in them. */
  async refresh(options: BusOptions): Promise<void> {
    const { map, merge } = this.#bus.subjects
    await this.#bus.ensureQueue(map, options)
    await this.#bus.ensureQueue(merge, options)
    // From here on, hints count for what is read next: a job that ends now may or may not be in the listings.
    this.#hints = []
    const jobs = await this.#bus.outstanding(map, options)
    const merges = await this.#bus.outstanding(merge, options)
    this.#jobs.clear()
    for (const subject of jobs.keys()) {
      const { fingerprint, ...job } = readSubject(subject)
      this.#jobs.set(fingerprint, job)
    }
    this.#merges.clear()
    for (const subject of merges.keys()) this.#merges.add(subject.slice(subject.lastIndexOf('.') + 1))
  }

  /** Fingerprints of the map jobs in the queue, those in hand included. */
  get outstanding(): ReadonlySet<string> {
    return new Set(this.#jobs.keys())
  }

  has(fingerprint: string): boolean {
    return this.#jobs.has(fingerprint)
  }

  countOf(site: Site): number {
    let count = 0
    for (const job of this.#jobs.values()) if (job.site === site) count += 1
    return count
  }

  get size(): number {
    return this.#jobs.size
  }

  hasMerge(site: Site): boolean {
    return this.#merges.has(site)
  }

  get merges(): number {
    return this.#merges.size
  }

  /** Hints that came since the last refresh, oldest first. */
  get hints(): readonly Ended[] {
    return this.#hints
  }

  /** Takes a hint that a job ended; one that will be tried again stays in the queue. */
  ended(hint: Ended): void {
    this.#hints.push(hint)
    if (hint.result === 'retry') return
    if (hint.kind === 'map') this.#jobs.delete(hint.fingerprint)
    else this.#merges.delete(hint.site)
  }

  /** Publishes jobs of one site, in order. */
  async send(
    days: readonly PlannedDay[],
    given: { readonly recipe: number; readonly rules: PartialRules },
    options: BusOptions,
  ): Promise<void> {
    const doubtful: PlannedDay[] = []
    for (let at = 0; at < days.length; at += PUBLISHED_AT_ONCE) {
      const some = days.slice(at, at + PUBLISHED_AT_ONCE)
      const answers = await Promise.allSettled(some.map((day) => this.#publishDay(day, given, options)))
      for (const [index, answer] of answers.entries()) {
        if (answer.status === 'rejected') throw answer.reason
        const day = some[index]
        if (answer.value === 'duplicate' && day !== undefined) doubtful.push(day)
      }
    }
    if (doubtful.length === 0) return
    // The server remembers ids for minutes, jobs that were acknowledged included: one that is not there was not meant.
    const there = new Set([...(await this.#bus.outstanding(this.#bus.subjects.map, options)).keys()].map(fingerprintOf))
    for (const day of doubtful) if (!there.has(day.fingerprint)) await this.#publishDay(day, given, options)
  }

  /** Publishes the merge job of a site. */
  async sendMerge(job: MergeJob, options: BusOptions): Promise<void> {
    const name = `merge:${job.site}:${job.plan_number}`
    const subject = this.#bus.subjects.mergeJob(job.site)
    this.#merges.add(job.site)
    try {
      if ((await this.#publish(subject, job, name, options)) === 'queued') return
      const there = await this.#bus.outstanding(this.#bus.subjects.merge, options)
      if (!there.has(subject)) await this.#publish(subject, job, name, options)
    } catch (error) {
      this.#merges.delete(job.site)
      throw error
    }
  }

  /** Takes jobs out of the queue whose fingerprint no plan names any more; tells how many. */
  async dropUnplanned(planned: ReadonlySet<string>, options: BusOptions): Promise<number> {
    const unplanned = new Set([...this.#jobs.keys()].filter((fingerprint) => !planned.has(fingerprint)))
    if (unplanned.size === 0) return 0
    const named = (subject: string): boolean => unplanned.has(fingerprintOf(subject))
    const dropped = await this.#bus.drop(this.#bus.subjects.map, named, options)
    for (const fingerprint of unplanned) this.#jobs.delete(fingerprint)
    return dropped
  }

  /** Forgets how often jobs were sent that nobody will send again. */
  forget(done: (fingerprint: string) => boolean): void {
    for (const name of this.#rounds.keys()) if (!name.startsWith('merge:') && done(name)) this.#rounds.delete(name)
  }

  async #publishDay(
    day: PlannedDay,
    given: { readonly recipe: number; readonly rules: PartialRules },
    options: BusOptions,
  ): Promise<'queued' | 'duplicate'> {
    const { site, date } = day.log_file.day
    const subject = this.#bus.subjects.mapJob(site, date, day.fingerprint)
    // Noted first: a worker may have done the job before we hear that the queue has it.
    this.#jobs.set(day.fingerprint, { site, date })
    try {
      return await this.#publish(subject, mapJobOf(day, given.recipe, given.rules), day.fingerprint, options)
    } catch (error) {
      this.#jobs.delete(day.fingerprint)
      throw error
    }
  }

  /** The round rises only when the server answered: trying again after a doubtful end must repeat the id. */
  async #publish(subject: string, body: unknown, name: string, options: BusOptions): Promise<'queued' | 'duplicate'> {
    const round = this.#rounds.get(name) ?? 1
    const answer = await this.#bus.publish(subject, body, { id: `${name}:${round}`, ...options })
    this.#rounds.set(name, round + 1)
    return answer
  }
}

function readSubject(subject: string): OutstandingJob & { readonly fingerprint: string } {
  const [site = '', date = '', fingerprint = ''] = subject.split('.').slice(-3)
  return { site, date, fingerprint }
}

const fingerprintOf = (subject: string): string => readSubject(subject).fingerprint
