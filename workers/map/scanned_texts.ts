// What the numbers of the scan's texts mean: each text is understood once, by the functions of the careful reader, and each
// batch gets it once. When the scan forgets its texts, this forgets what they meant.
import type { TextColumn } from './batch_column.ts'
import { courseOfUrl, readCourseId } from './course_id.ts'
import type { EventBatch } from './event_batch.ts'
import { isLoginAddress } from './event_course.ts'
import { type EventType, eventTypeOf } from './event_type.ts'
import { readText } from './fields.ts'
import { readName } from './identity.ts'
import type { LineScanner } from './line_scanner.ts'
import { moduleIdOf } from './module_id.ts'
import { blockOf, displayNameOf, successOf } from './payload_columns.ts'
import { placeOf, type RequestedPlace } from './requested_place.ts'
import { TextCodes } from './text_codes.ts'
import { isUrlShaped } from './url_parts.ts'
import { lastComponentOf } from './usage_key.ts'
import { userTagsOf } from './user_tags.ts'
import type { WantedPayloads } from './wanted_payloads.ts'

/** A type of event as logged, and what follows from it. */
interface LoggedType extends EventType, RequestedPlace {
  /** It is the address of a login: the payload may name the course. */
  readonly is_login: boolean
  /** Some table reads the payload. */
  readonly is_payload_wanted: boolean
}

/** Columns of one batch for the texts of one scanner. */
export class ScannedTexts {
  readonly event_type: TextCodes
  readonly family: TextCodes
  readonly event_source: TextCodes
  readonly username: TextCodes
  readonly actor_name: TextCodes
  readonly subject_name: TextCodes
  readonly course_id: TextCodes
  /** Course that the address in an event type names, by the number of the type. */
  readonly course_of_request: TextCodes
  readonly block: TextCodes
  readonly block_id: TextCodes
  readonly mode: TextCodes
  /** By the number of the JSON of `context.module`. */
  readonly display_name: TextCodes
  readonly module_id: TextCodes
  /** By the number of the JSON of `context.course_user_tags`. */
  readonly user_tags: TextCodes
  /** By the number of an event type. */
  readonly page_key: TextCodes
  readonly forum_action: TextCodes
  readonly logged_type: TextCodes
  readonly #scanner: LineScanner
  readonly #wants: WantedPayloads
  readonly #all: readonly TextCodes[]
  readonly #types: (LoggedType | null | undefined)[] = []
  readonly #successes: (boolean | null | undefined)[] = []
  #fresh_starts: number

  constructor(scanner: LineScanner, { columns }: EventBatch, wants: WantedPayloads) {
    const all: TextCodes[] = []
    const codes = (column: TextColumn, meaningOf: (number: number) => string | null): TextCodes => {
      const made = new TextCodes(column, meaningOf)
      all.push(made)
      return made
    }
    const text = (number: number): string => scanner.text(number)
    this.event_type = codes(columns.event_type, (number) => this.typeOf(number)?.canonical ?? null)
    this.family = codes(columns.family, (number) => this.typeOf(number)?.family ?? null)
    this.event_source = codes(columns.event_source, (number) => readText(text(number)))
    this.username = codes(columns.username, (number) => readName(text(number)))
    this.actor_name = codes(columns.actor_name, (number) => this.username.meaning(number))
    this.subject_name = codes(columns.subject_name, (number) => this.username.meaning(number))
    this.course_id = codes(columns.course_id, (number) => readCourseId(text(number)))
    this.course_of_request = codes(columns.course_id, (number) => courseOfRequest(readText(text(number))))
    this.block = codes(columns.block, (number) => blockOf(text(number)))
    this.block_id = codes(columns.block_id, (number) => {
      const block = this.block.meaning(number)
      return block === null ? null : lastComponentOf(block)
    })
    this.mode = codes(columns.mode, (number) => readText(text(number)))
    this.display_name = codes(columns.display_name, (number) => displayNameOf(scanner.json(number)))
    this.module_id = codes(columns.module_id, (number) => moduleIdOf(scanner.json(number)))
    this.user_tags = codes(columns.user_tags, (number) => userTagsOf(scanner.json(number)))
    this.page_key = codes(columns.page_key, (number) => this.typeOf(number)?.page_key ?? null)
    this.forum_action = codes(columns.forum_action, (number) => this.typeOf(number)?.forum_action ?? null)
    this.logged_type = codes(columns.logged_type, (number) => readText(text(number)))
    this.#scanner = scanner
    this.#wants = wants
    this.#all = all
    this.#fresh_starts = scanner.fresh_starts
  }

  /** Classifies an event type by its number; null when it is no text after all. */
  typeOf(number: number): LoggedType | null {
    const known = this.#types[number]
    if (known !== undefined) return known
    const logged = readText(this.#scanner.text(number))
    const type = logged === null ? null : loggedType(logged, this.#wants)
    this.#types[number] = type
    return type
  }

  /** Reads whether a submission was right as a whole, by the number of what it says. */
  successOf(number: number): boolean | null {
    const known = this.#successes[number]
    if (known !== undefined) return known
    const success = number === 0 ? null : successOf(this.#scanner.text(number))
    this.#successes[number] = success
    return success
  }

  /** Tells that the batch was cleared. */
  forgetBatch(): void {
    for (const codes of this.#all) codes.forgetCodes()
  }

  /** Forgets what texts meant whose numbers begin anew; to be called before the numbers of a line are used. */
  follow(): void {
    if (this.#scanner.fresh_starts === this.#fresh_starts) return
    this.#fresh_starts = this.#scanner.fresh_starts
    this.#types.length = 0
    this.#successes.length = 0
    for (const codes of this.#all) codes.forgetTexts()
  }
}

const courseOfRequest = (address: string | null): string | null =>
  address !== null && isUrlShaped(address) ? courseOfUrl(address) : null

function loggedType(logged: string, wants: WantedPayloads): LoggedType {
  const type = eventTypeOf(logged)
  const { canonical } = type
  return {
    ...type,
    ...placeOf(logged, canonical),
    is_login: isLoginAddress(logged),
    is_payload_wanted: wants(canonical),
  }
}
