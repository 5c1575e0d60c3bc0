// Columns that come out of a payload, filled from the fields that the scan found in it. The same rules as in
// payload_columns.ts, said in numbers: a test holds the two to each other, line by line.
import type { EventBatch } from './event_batch.ts'
import { readNumber } from './fields.ts'
import type { LineScanner } from './line_scanner.ts'
import { tabOf } from './payload_columns.ts'
import {
  ABSENT,
  ATTEMPTS,
  BLOCK_KEY,
  CURRENT_TAB,
  CURRENT_TIME,
  DOUBLE,
  DURATION,
  GRADE,
  HAS_PARTS,
  MAX_GRADE,
  MOBILE_CURRENT_TIME,
  MODE,
  MODULE_ID,
  NEW_SPEED,
  NEW_TAB,
  NEW_TIME,
  NULL,
  OLD_TAB,
  OLD_TIME,
  PARTS,
  PARTS_CORRECT,
  PROBLEM,
  PROBLEM_ID,
  SPEED,
  SUCCESS,
  TARGET_TAB,
} from './scan/record.ts'
import type { ScannedTexts } from './scanned_texts.ts'

/** Fills the payload columns of a batch for the payload that the scanner has read last. */
export class ScannedPayload {
  readonly #scanner: LineScanner
  readonly #columns: EventBatch['columns']
  readonly #texts: ScannedTexts

  constructor(scanner: LineScanner, { columns }: EventBatch, texts: ScannedTexts) {
    this.#scanner = scanner
    this.#columns = columns
    this.#texts = texts
  }

  fillVideo(at: number, event_type: string): void {
    const columns = this.#columns
    const payload = this.#scanner.payload
    this.#fillBlock(at, BLOCK_KEY, MODULE_ID)
    columns.position_s.set(at, this.#number(this.#isThere(CURRENT_TIME) ? CURRENT_TIME : MOBILE_CURRENT_TIME))
    const is_absent = payload.word(CURRENT_TIME) === ABSENT
    columns.position_missing.set(at, is_absent && payload.word(MOBILE_CURRENT_TIME) === ABSENT)
    columns.old_position_s.set(at, this.#number(OLD_TIME))
    columns.new_position_s.set(at, this.#number(NEW_TIME))
    columns.speed.set(at, this.#number(event_type === 'speed_change_video' ? NEW_SPEED : SPEED))
    columns.duration_s.set(at, this.#number(DURATION))
  }

  fillProblem(at: number, has_result: boolean): void {
    const columns = this.#columns
    const { payload } = this.#scanner
    this.#fillBlock(at, PROBLEM_ID, MODULE_ID, PROBLEM)
    if (!has_result) return
    const attempts = this.#number(ATTEMPTS)
    const is_count = attempts !== null && Number.isSafeInteger(attempts) && attempts >= 0
    columns.attempt.set(at, is_count ? BigInt(attempts) : null)
    columns.grade.set(at, this.#number(GRADE))
    columns.max_grade.set(at, this.#number(MAX_GRADE))
    columns.success.set(at, this.#texts.successOf(payload.word(SUCCESS)))
    if (payload.word(HAS_PARTS) === 0) return
    columns.parts.setHalves(at, payload.word(PARTS), 0)
    columns.parts_correct.setHalves(at, payload.word(PARTS_CORRECT), 0)
  }

  fillSequence(at: number): void {
    const columns = this.#columns
    this.#fillBlock(at, BLOCK_KEY)
    columns.old_tab.set(at, tabOf(this.#number(this.#isThere(OLD_TAB) ? OLD_TAB : CURRENT_TAB)))
    columns.new_tab.set(at, tabOf(this.#number(this.#isThere(NEW_TAB) ? NEW_TAB : TARGET_TAB)))
  }

  fillMode(at: number): void {
    this.#columns.mode.codes[at] = this.#texts.mode.code(this.#scanner.payload.word(MODE))
  }

  /** Fills in the first of the texts at `places` that is a usage key. */
  #fillBlock(at: number, ...places: readonly number[]): void {
    const { block, block_id } = this.#texts
    for (const place of places) {
      const number = this.#scanner.payload.word(place)
      if (block.meaning(number) === null) continue
      this.#columns.block.codes[at] = block.code(number)
      this.#columns.block_id.codes[at] = block_id.code(number)
      return
    }
  }

  /** Tells whether a place has anything but null. */
  #isThere(place: number): boolean {
    const kind = this.#scanner.payload.word(place)
    return kind !== ABSENT && kind !== NULL
  }

  /** Reads a number by its place; null when there is none. */
  #number(place: number): number | null {
    const { payload } = this.#scanner
    const kind = payload.word(place)
    if (kind === DOUBLE) return payload.double(place)
    if (kind === ABSENT || kind === NULL) return null
    return readNumber(payload.value(place + 2))
  }
}
