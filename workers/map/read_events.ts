// The boundary from bytes to rows: everything before it handles files, everything behind it asks questions of rows. It is
// kept this narrow so that how lines are read can change without anybody noticing.
import type { CalendarDate } from '../../contracts/day.ts'
import type { PartialRules } from '../../contracts/fingerprint.ts'
import type { LineLedger, RejectedLine, RejectReason } from '../../contracts/ledger.ts'
import { OUR_TABLES } from '../../contracts/registry.ts'
import type { TableSet } from '../../contracts/table_set.ts'
import { isBlankLine } from './blank_line.ts'
import { type CountryOf, NO_COUNTRIES } from './countries.ts'
import type { EventBatch } from './event_batch.ts'
import { windowOf } from './event_time.ts'
import { type KeptCourses, keptCourses } from './kept_courses.ts'
import { LineCount } from './line_count.ts'
import type { LineScanner, ScannedLine } from './line_scanner.ts'
import { type LineOutcome, normaliseLine } from './normalise.ts'
import { ScannedEvents } from './scanned_events.ts'
import { SeenLines } from './seen_lines.ts'
import { type WantedPayloads, wantedPayloads } from './wanted_payloads.ts'
import { prepareXxh64 } from './xxh64.ts'

/** Rejected lines after which the consumer gets its turn even if the batch is not full: it holds what was noted of them. */
const REJECTED_MAX = 16_384

interface Reading {
  /** Of the log file: the window of believable times hangs on it. */
  readonly date: CalendarDate
  readonly rules: Pick<PartialRules, 'duplicates' | 'organisations' | 'keep_events'>
  /** Whose payloads are carried; ours unless told otherwise. */
  readonly tables?: TableSet
  /** Reads one file at a time. */
  readonly scanner: LineScanner
  /** The one buffer that is filled again and again. */
  readonly batch: EventBatch
  readonly rejected: (line: RejectedLine) => void
  /** Folder for what is remembered of the lines when they are many. */
  readonly scratch: string
  /** Without it no event has a country. */
  readonly countryOf?: CountryOf
  /** Told after every chunk: bytes and events so far. */
  readonly progress?: (raw_bytes: number, events: number) => void
  readonly signal: AbortSignal
}

/**
 * Reads the events of a log file into `given.batch`, which it yields whenever it is full, when many lines were rejected,
 * and, with rows in it, at the end; the consumer clears it before it asks for more. Returns the ledger of all lines.
 */
export async function* readEvents(
  bytes: AsyncIterable<Uint8Array>,
  given: Reading,
): AsyncGenerator<EventBatch, LineLedger> {
  const { batch, scanner, signal } = given
  await prepareXxh64()
  scanner.begin(windowOf(given.date))
  using seen = given.rules.duplicates === 'drop' ? new SeenLines(given) : null
  const reader = new LineReader(given, seen)
  let raw_bytes = 0
  for await (const chunk of bytes) {
    signal.throwIfAborted()
    scanner.feed(chunk)
    for (let line = scanner.next(); line !== null; line = scanner.next()) {
      reader.read(line)
      if (!batch.full && reader.rejected < REJECTED_MAX) continue
      yield batch
      reader.forgetBatch()
    }
    raw_bytes += chunk.length
    given.progress?.(raw_bytes, reader.count.events)
  }
  const last = scanner.end()
  if (last !== null) reader.read(last)
  if (batch.rows > 0) yield batch
  return reader.count.ledger()
}

/** Decides about one line after the other, in the order of the rules: blank, duplicate, rejected, event. */
class LineReader {
  readonly count: LineCount
  /** Lines rejected since the last turn of the consumer. */
  rejected = 0
  readonly #given: Reading
  readonly #window
  readonly #keeps: KeptCourses
  readonly #wants: WantedPayloads
  readonly #countryOf: CountryOf
  readonly #seen: SeenLines | null
  readonly #scanned: ScannedEvents

  constructor(given: Reading, seen: SeenLines | null) {
    this.#given = given
    this.count = new LineCount(given.rules.organisations)
    this.#window = windowOf(given.date)
    this.#seen = seen
    this.#keeps = keptCourses(given.rules.keep_events)
    this.#wants = wantedPayloads(given.tables ?? OUR_TABLES)
    this.#countryOf = given.countryOf ?? NO_COUNTRIES
    const asked = { window: this.#window, keeps: this.#keeps, wants: this.#wants, countryOf: this.#countryOf }
    this.#scanned = new ScannedEvents({ ...given, ...asked, count: this.count })
  }

  read(line: ScannedLine): void {
    this.count.lines++
    if (this.#isBlank(line)) {
      this.count.blank++
      return
    }
    if (this.#seen !== null && !this.#seen.add(line.hash_low, line.hash_high)) {
      this.count.duplicates++
      return
    }
    if (line.kind === 'overlong') this.#reject(line, 'too_long')
    else if (line.kind === 'unsure') this.#take(line, this.#readCarefully(line))
    else if (!this.#scanned.append(line)) this.#take(line, this.#scanned.read(line) ?? this.#readCarefully(line))
  }

  /** Tells that the consumer has taken and cleared the batch. */
  forgetBatch(): void {
    this.rejected = 0
    this.#scanned.forgetBatch()
  }

  #isBlank(line: ScannedLine): boolean {
    switch (line.kind) {
      case 'event':
        return false
      case 'unsure':
        return isBlankLine(this.#given.scanner.bytes())
      case 'overlong':
        return line.blank
    }
  }

  #readCarefully({ hash_low, hash_high }: ScannedLine): LineOutcome {
    const hash = (BigInt(hash_high) << 32n) | BigInt(hash_low)
    return normaliseLine(this.#given.scanner.bytes(), {
      window: this.#window,
      hash,
      keeps: this.#keeps,
      wants: this.#wants,
      countryOf: this.#countryOf,
    })
  }

  #take(line: ScannedLine, outcome: LineOutcome): void {
    switch (outcome.kind) {
      case 'event':
        this.count.countEvent(outcome)
        this.#given.batch.append(outcome.row)
        return
      case 'rejected':
        this.#reject(line, outcome.reason)
        return
      case 'blank':
        this.count.blank++
        return
    }
  }

  #reject(line: ScannedLine, reason: RejectReason): void {
    this.count.countRejected(reason)
    this.rejected++
    const { line_no, byte_offset, length } = line
    this.#given.rejected({ line_no, byte_offset, length, reason })
  }
}
