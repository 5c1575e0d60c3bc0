// Cuts a stream of chunks into lines, wherever the chunks end, and tells of each what the scan found in it. Memory is
// bounded by the longest line that counts.
//
// States of an unfinished line: none -> kept (in the input, before the next chunk) -> overlong (over LINE_BYTES_MAX: only
// traces of it). A newline or the end of the file leads to none.
import { LINE_BYTES_MAX } from '../../contracts/limits.ts'
import type { TimeWindow } from './event_time.ts'
import { OverlongLine } from './overlong_line.ts'
import { PayloadFields } from './payload_fields.ts'
import { HASH, KIND, LINE, LINE_BYTES, PAYLOAD, RECORD_WORDS, SCANNED } from './scan/record.ts'
import { openScanModule, type ScanExports } from './scan_module.ts'

const NEWLINE = 0x0a
const NO_BYTES = new Uint8Array(0)

interface Place {
  /** From 1. */
  readonly line_no: number
  /** Offset of the first byte in the file. */
  readonly byte_offset: number
  /** Bytes without the newline. */
  readonly length: number
  /** XXH64 of the line, in halves: a bigint for every line would be too much garbage. */
  readonly hash_low: number
  readonly hash_high: number
}

export type ScannedLine =
  /** An event, all of whose fields the scanner has; or `unsure`: to be read by the careful reader. */
  | (Place & { readonly kind: 'event' | 'unsure' })
  /** A line of more than LINE_BYTES_MAX bytes, known only by what was taken while it passed. */
  | (Place & { readonly kind: 'overlong'; readonly blank: boolean })

/**
 * Scans the lines of one file after the other. `begin` a file, `feed` a chunk, take `next` until it is null, and so on; after the
 * last chunk take `end` once. A line, and what the scanner says of it, is valid until the next call.
 */
export class LineScanner {
  /** What `readPayload` found last. */
  readonly payload: PayloadFields
  readonly #scan: ScanExports
  readonly #memory: Buffer
  /** The records; `word` reads the present one. */
  readonly #words: Uint32Array
  readonly #input: number
  readonly #input_end: number
  /** Where the scan writes. */
  readonly #written: number
  /** Where it notes the numbers in it that it is not sure of. */
  readonly #asked: number
  readonly #line = new PresentLine()
  #chunk: Uint8Array = NO_BYTES
  /** Bytes of the chunk that are in the input already. */
  #taken = 0
  /** What is in the input and not scanned yet: from here to there. */
  #from = 0
  #to = 0
  #record = 0
  #records_end = 0
  #overlong: OverlongLine | null = null
  #fresh_starts = 0

  constructor() {
    this.#scan = openScanModule()
    const { buffer } = this.#scan.memory
    this.#memory = Buffer.from(buffer)
    this.#words = new Uint32Array(buffer)
    this.payload = new PayloadFields(buffer, this.#scan.payloadAddress())
    this.#input = this.#scan.inputAddress()
    this.#input_end = this.#input + this.#scan.inputBytes()
    this.#written = this.#scan.writtenAddress()
    this.#asked = this.#scan.askedAddress()
  }

  /** Rises whenever the numbers of texts begin anew: what was known of a number is void then. */
  get fresh_starts(): number {
    return this.#fresh_starts
  }

  /** Starts a file. */
  begin(window: TimeWindow): void {
    this.#scan.begin(BigInt(window.from_us), BigInt(window.before_us))
    this.#fresh_starts++
    this.#line.line_no = 0
    this.#line.next_offset = 0
    this.#chunk = NO_BYTES
    this.#taken = 0
    this.#from = this.#input
    this.#to = this.#input
    this.#record = 0
    this.#records_end = 0
    this.#overlong = null
  }

  /** Takes the next chunk; the one before must have been used up. */
  feed(chunk: Uint8Array): void {
    this.#chunk = chunk
    this.#taken = 0
  }

  /** Gives the next line that ends in the present chunk; null when another chunk is needed. */
  next(): ScannedLine | null {
    for (;;) {
      const next = this.#record + RECORD_WORDS
      if (next < this.#records_end) return this.#present(next)
      if (this.#scanMore()) return this.#present(this.#record)
      if (this.#taken === this.#chunk.length) return null
      const passed = this.#overlong === null ? null : this.#passOverlong(this.#overlong)
      if (passed !== null) return passed
      this.#refill()
    }
  }

  /** Gives the line after the last newline, if there is one. */
  end(): ScannedLine | null {
    if (this.#overlong !== null) return this.#endOverlong(this.#overlong, 0)
    if (this.#from === this.#to) return null
    this.#memory[this.#to++] = NEWLINE
    return this.#scanMore() ? this.#present(this.#record) : null
  }

  /** A word of what the scan says of the present line, by its name in scan/record.ts. */
  word(name: number): number {
    return this.#words[this.#record + name] ?? 0
  }

  /** The present line's bytes. */
  bytes(): Buffer {
    const at = this.word(LINE)
    return this.#memory.subarray(at, at + this.word(LINE_BYTES))
  }

  /** Reads the JSON of a value by the name of its address, whose bytes stand in the next word; undefined where there is none. */
  value(name: number): unknown {
    const at = this.word(name)
    const bytes = this.word(name + 1)
    return bytes === 0 ? undefined : JSON.parse(this.#memory.toString('utf8', at, at + bytes))
  }

  /** Reads an interned text by its number. */
  text(number: number): string {
    const text = this.#interned(number)
    return text.includes('\\') ? String(JSON.parse(`"${text}"`)) : text
  }

  /** Reads interned JSON by its number. */
  json(number: number): unknown {
    return JSON.parse(this.#interned(number))
  }

  /** Reads the present line's payload into `payload`; gives FIELDS, NO_FIELDS or DOUBTFUL. */
  readPayload(): number {
    return this.#scan.readPayload(this.word(PAYLOAD), this.word(PAYLOAD + 1))
  }

  /** Gives the present line's payload as payloadText() writes it; null when it is not sure of it. */
  payloadText(): string | null {
    const bytes = this.#scan.writePayloadText(this.word(PAYLOAD), this.word(PAYLOAD + 1))
    return bytes === 0 || !this.#namesNumbers()
      ? null
      : this.#memory.toString('utf8', this.#written, this.#written + bytes)
  }

  /** Tells whether JavaScript writes the numbers that the scan asks about as they stand. */
  #namesNumbers(): boolean {
    const asked = this.#asked / 4 + 1
    const end = asked + 2 * (this.#words[asked - 1] ?? 0)
    for (let number = asked; number < end; number += 2) {
      const at = this.#words[number] ?? 0
      const name = this.#memory.toString('latin1', at, at + (this.#words[number + 1] ?? 0))
      if (String(Number(name)) !== name) return false
    }
    return true
  }

  #interned(number: number): string {
    const place = this.#scan.textPlaces() / 4 + 2 * (number - 1)
    const at = this.#words[place] ?? 0
    return this.#memory.toString('utf8', at, at + (this.#words[place + 1] ?? 0))
  }

  #present(record: number): ScannedLine {
    this.#record = record
    const words = this.#words
    const line = this.#line
    line.advance(words[record + LINE_BYTES] ?? 0, 1)
    line.kind = words[record + KIND] === SCANNED ? 'event' : 'unsure'
    line.hash_low = words[record + HASH] ?? 0
    line.hash_high = words[record + HASH + 1] ?? 0
    if (line.length > LINE_BYTES_MAX) {
      const overlong = new OverlongLine()
      overlong.add(this.bytes())
      line.kind = 'overlong'
      line.blank = overlong.blank
    }
    return line
  }

  /** Scans what is in the input; false when no line of it is whole. The first new record becomes the present one. */
  #scanMore(): boolean {
    for (;;) {
      const count = this.#from === this.#to ? 0 : this.#scan.scan(this.#from, this.#to)
      this.#record = this.#scan.recordsAddress() / 4
      this.#records_end = this.#record + count * RECORD_WORDS
      if (count > 0) {
        this.#from = this.#scan.scannedAddress()
        return true
      }
      if (this.#scan.textsAreFull() === 0) return false
      this.#scan.forgetTexts()
      this.#fresh_starts++
    }
  }

  /** Moves the unfinished line to the front and brings in as much of the chunk as there is room for. */
  #refill(): void {
    this.#memory.copyWithin(this.#input, this.#from, this.#to)
    this.#to = this.#input + (this.#to - this.#from)
    this.#from = this.#input
    if (this.#to - this.#from > LINE_BYTES_MAX) {
      this.#overlong = new OverlongLine()
      this.#overlong.add(this.#memory.subarray(this.#from, this.#to))
      this.#to = this.#from
      return
    }
    const bytes = Math.min(this.#chunk.length - this.#taken, this.#input_end - this.#to)
    this.#memory.set(this.#chunk.subarray(this.#taken, this.#taken + bytes), this.#to)
    this.#taken += bytes
    this.#to += bytes
  }

  /** Follows an overlong line through the chunk; gives it when it ends there. */
  #passOverlong(overlong: OverlongLine): ScannedLine | null {
    const newline = this.#chunk.indexOf(NEWLINE, this.#taken)
    const end = newline === -1 ? this.#chunk.length : newline
    overlong.add(this.#chunk.subarray(this.#taken, end))
    this.#taken = newline === -1 ? end : newline + 1
    return newline === -1 ? null : this.#endOverlong(overlong, 1)
  }

  #endOverlong(overlong: OverlongLine, newline_bytes: number): ScannedLine {
    this.#overlong = null
    const line = this.#line
    const hash = overlong.digest()
    line.advance(overlong.length, newline_bytes)
    line.kind = 'overlong'
    line.blank = overlong.blank
    line.hash_low = Number(hash & 0xffff_ffffn)
    line.hash_high = Number(hash >> 32n)
    return line
  }
}

/** The one line object of a scanner: an object for every line would be too much garbage. */
class PresentLine {
  kind: ScannedLine['kind'] = 'unsure'
  line_no = 0
  byte_offset = 0
  length = 0
  hash_low = 0
  hash_high = 0
  blank = false
  next_offset = 0

  advance(length: number, newline_bytes: number): void {
    this.line_no++
    this.byte_offset = this.next_offset
    this.length = length
    this.next_offset += length + newline_bytes
  }
}
