// Old trackers cut an event after so many characters, in the middle of anything. This file tells a text that ends before
// its JSON does from one that is broken, and closes it after its last complete value; without it a cut line, or a cut
// payload, could only be thrown away as damage.
//
// States (`expected`): value -> comma -> value or key …; key -> colon -> value. `first_key` and `first_value` also let
// the container close at once.

type Expected = 'value' | 'first_value' | 'key' | 'first_key' | 'colon' | 'comma'

const CUT = -1
const BROKEN = -2

/** Closes JSON that was cut: its complete values and nothing of the last one. Null when it is whole, or broken before its end. */
export function closeCutJson(text: string): string | null {
  const scan = new Scan(text)
  for (;;) {
    const at = scan.step()
    if (at === CUT) return scan.closed()
    if (at === BROKEN || scan.whole) return null
  }
}

class Scan {
  readonly #text: string
  readonly #closers: ('}' | ']')[] = []
  #expected: Expected = 'value'
  #at = 0
  /** After the last complete value, or after the `{` or `[` of an open container. */
  #safe = 0
  whole = false

  constructor(text: string) {
    this.#text = text
  }

  closed(): string {
    return this.#text.slice(0, this.#safe) + this.#closers.toReversed().join('')
  }

  /** Reads one token; gives CUT, BROKEN, or the position after it. */
  step(): number {
    while (isSpace(this.#text.charCodeAt(this.#at))) this.#at++
    const sign = this.#text[this.#at]
    if (sign === undefined) return CUT
    switch (this.#expected) {
      case 'colon':
        return sign === ':' ? this.#advance('value') : BROKEN
      case 'comma':
        if (sign === ',') return this.#advance(this.#closers.at(-1) === '}' ? 'key' : 'value')
        return this.#close(sign)
      case 'first_key':
        if (sign === '}') return this.#close(sign)
        return sign === '"' ? this.#string('colon') : BROKEN
      case 'key':
        return sign === '"' ? this.#string('colon') : BROKEN
      case 'first_value':
        return sign === ']' ? this.#close(sign) : this.#value(sign)
      case 'value':
        return this.#value(sign)
    }
  }

  #advance(expected: Expected): number {
    this.#expected = expected
    return ++this.#at
  }

  #value(sign: string): number {
    if (sign === '"') return this.#string('comma')
    if (sign === '{' || sign === '[') {
      this.#closers.push(sign === '{' ? '}' : ']')
      this.#safe = this.#at + 1
      return this.#advance(sign === '{' ? 'first_key' : 'first_value')
    }
    let end = this.#at
    while (isTokenSign(this.#text.charCodeAt(end))) end++
    const token = this.#text.slice(this.#at, end)
    if (end === this.#text.length && this.#closers.length > 0) return isTokenBeginning(token) ? CUT : BROKEN
    return isToken(token) ? this.#complete(end) : BROKEN
  }

  #string(then: 'colon' | 'comma'): number {
    const end = endOfString(this.#text, this.#at)
    if (end < 0) return end
    if (then === 'comma') return this.#complete(end)
    this.#expected = then
    this.#at = end
    return end
  }

  #close(sign: string): number {
    if (this.#closers.at(-1) !== sign) return BROKEN
    this.#closers.pop()
    return this.#complete(this.#at + 1)
  }

  #complete(end: number): number {
    this.#at = end
    this.#safe = end
    this.#expected = 'comma'
    this.whole = this.#closers.length === 0
    return end
  }
}

const isSpace = (code: number): boolean => code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/
const NUMBER_BEGINNING = /^-?(?:(?:0|[1-9]\d*)(?:\.\d*|(?:\.\d+)?[eE][-+]?\d*)?)?$/
const WORDS = ['true', 'false', 'null', 'NaN', 'Infinity', '-Infinity'] as const

const isTokenSign = (code: number): boolean => code > 0x20 && code !== QUOTE && !PUNCTUATION.has(code)
const PUNCTUATION = new Set([...',:[]{}'].map((sign) => sign.charCodeAt(0)))

const isToken = (token: string): boolean => NUMBER.test(token) || WORDS.some((word) => word === token)

const isTokenBeginning = (token: string): boolean =>
  NUMBER_BEGINNING.test(token) || WORDS.some((word) => word.startsWith(token))

const ESCAPED = new Set([...'"\\/bfnrt'].map((sign) => sign.charCodeAt(0)))
const BACKSLASH = 0x5c
const QUOTE = 0x22
const LETTER_U = 0x75

/** Finds the position after the string whose quote stands at `at`; CUT, or BROKEN by an escape or control character. */
function endOfString(text: string, at: number): number {
  for (let next = at + 1; next < text.length; next++) {
    const code = text.charCodeAt(next)
    if (code === QUOTE) return next + 1
    if (code < 0x20) return BROKEN
    if (code !== BACKSLASH) continue
    const escaped = text.charCodeAt(++next)
    if (escaped === LETTER_U) {
      const digits = text.slice(next + 1, next + 5)
      if (!/^[0-9a-fA-F]*$/.test(digits)) return BROKEN
      next += 4
    } else if (next < text.length && !ESCAPED.has(escaped)) return BROKEN
  }
  return CUT
}
