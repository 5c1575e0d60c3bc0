// Two thirds of the lines are requests whose payload nobody reads. A payload is parsed when the first question needs it, and
// once however many ask.
import type { Fields } from './fields.ts'
import { readExactJson, readJson } from './json.ts'
import { isTruncatedPayload, type Payload, readPayload } from './payload.ts'
import { payloadText } from './payload_text.ts'

/** A payload that is read at most once. */
export class LazyPayload {
  readonly #event: unknown
  readonly #exact: boolean
  #payload: Payload | null = null

  /** `exact`: integers that a JavaScript number would round arrive as text. */
  constructor(event: unknown, given: { readonly exact: boolean }) {
    this.#event = event
    this.#exact = given.exact
  }

  /** Gives the fields; null when the payload is no object that can be read. */
  fields(): Fields | null {
    const payload = this.#read()
    return payload.kind === 'object' ? payload.fields : null
  }

  /** Gives it as JSON; null when it is empty. */
  text(): string | null {
    return payloadText(this.#read())
  }

  #read(): Payload {
    this.#payload ??= readPayload(this.#event, this.#exact ? readExactJson : readJson)
    return this.#payload
  }

  /** Tells whether a key may occur in it, without parsing: false is certain. Escapes and NUL can hide a key. */
  mayHave(key: string): boolean {
    const event = this.#event
    if (typeof event !== 'string') return event !== null && event !== undefined
    return event.includes(key) || event.includes('\\u') || event.includes('\0')
  }

  /** Tells whether it is text of JSON that was cut. */
  isTruncated(): boolean {
    return this.#payload === null ? isTruncatedPayload(this.#event) : this.#payload.kind === 'truncated'
  }
}
