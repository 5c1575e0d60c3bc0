// The frames around compressed data: where a header, data and checksum begin and end, and whether the checksum is right.
// Whoever only inflates would take a damaged file for a whole one.
import { crc32 } from 'node:zlib'
import { gzipHeaderBytes } from './gzip_header.ts'
import type { Inflater } from './inflater.ts'

/** `gzip`: members one after another, zeros after the last; `zlib` and `deflate`: one stream and nothing after it. */
export type Compression = 'gzip' | 'zlib' | 'deflate'

const DAMAGED = 'the compressed data is damaged or cut'
const TRAILING = 'other data follows the compressed data'

/**
 * Takes compressed bytes and gives text. States: header -> data -> trailer -> between (gzip: a member may follow, leading
 * to header, or zeros, leading to padding) or over (nothing may follow); a fault ends everything.
 */
export class InflatedText {
  /** What is wrong, once something is. */
  fault: string | null = null
  readonly #compression: Compression
  readonly #inflater: Inflater
  #place: 'header' | 'data' | 'trailer' | 'between' | 'padding' | 'over'
  #checksum = 0
  /** Of the stream that is being read; those of the present text before `#checked` are counted. */
  #stream_bytes = 0
  #checked = 0

  constructor(compression: Compression, inflater: Inflater) {
    this.#compression = compression
    this.#inflater = inflater
    this.#place = 'header'
  }

  /** Takes bytes as far as there is room, and tells how many. */
  feed(bytes: Uint8Array): number {
    const taken = this.fault === null ? this.#inflater.feed(bytes) : bytes.length
    // What fills all the room and makes no stream is no header.
    if (taken === 0) this.fault = DAMAGED
    return taken
  }

  /** Gives a piece of text; null when more bytes are wanted or a fault was found. */
  next(): Uint8Array | null {
    while (this.fault === null) {
      const before = this.#place
      if (before === 'data' && this.#inflate() === 'full') return this.#take()
      if (before !== 'data') this.#readFrame()
      // Who stays where he is waits for bytes.
      if (this.#place === before) return null
    }
    return null
  }

  /** Gives the last piece after the last bytes; faulty unless a whole frame ended there. */
  end(): Uint8Array | null {
    this.#inflater.end()
    const piece = this.next()
    if (piece !== null) return piece
    if (this.#place === 'header' || this.#place === 'data' || this.#place === 'trailer') this.fault ??= DAMAGED
    return this.fault === null && this.#inflater.text_bytes > 0 ? this.#take() : null
  }

  #inflate(): 'full' | 'other' {
    switch (this.#inflater.run()) {
      case 'output_full':
        return 'full'
      case 'stream_end':
        this.#check()
        this.#place = 'trailer'
        return 'other'
      case 'damaged':
        this.fault = DAMAGED
        return 'other'
      case 'needs_input':
        return 'other'
    }
  }

  #readFrame(): void {
    const unread = this.#inflater.unread
    switch (this.#place) {
      case 'header':
        this.#readHeader(unread)
        return
      case 'trailer':
        this.#readTrailer(unread)
        return
      case 'between':
        if (unread.length > 0) this.#place = unread[0] === 0 ? 'padding' : 'header'
        return
      case 'padding':
        if (unread.some((byte) => byte !== 0)) this.fault = TRAILING
        this.#inflater.skip(unread.length)
        return
      case 'over':
        if (unread.length > 0) this.fault = TRAILING
        return
    }
  }

  #readHeader(unread: Uint8Array): void {
    const bytes = this.#headerBytes(unread)
    if (bytes === 'damaged') this.fault = DAMAGED
    if (typeof bytes === 'string') return
    this.#inflater.skip(bytes)
    this.#inflater.begin()
    this.#checksum = this.#compression === 'zlib' ? 1 : 0
    this.#stream_bytes = 0
    this.#checked = this.#inflater.text_bytes
    this.#place = 'data'
  }

  #headerBytes(unread: Uint8Array): number | 'cut' | 'damaged' {
    switch (this.#compression) {
      case 'gzip':
        return gzipHeaderBytes(unread)
      case 'zlib':
        return zlibHeaderBytes(unread)
      case 'deflate':
        return 0
    }
  }

  #readTrailer(unread: Uint8Array): void {
    const bytes = { gzip: 8, zlib: 4, deflate: 0 }[this.#compression]
    if (unread.length < bytes) return
    const { buffer, byteOffset } = unread
    const trailer = new DataView(buffer, byteOffset, bytes)
    const is_gzip = this.#compression === 'gzip'
    const same_checksum = bytes === 0 || trailer.getUint32(0, is_gzip) === this.#checksum
    const same_length = !is_gzip || trailer.getUint32(4, true) === this.#stream_bytes % 2 ** 32
    if (!same_checksum || !same_length) this.fault = DAMAGED
    this.#inflater.skip(bytes)
    this.#place = is_gzip ? 'between' : 'over'
  }

  /** Counts the text that the present stream gave since the last call. */
  #check(): void {
    const inflater = this.#inflater
    const text = inflater.text(this.#checked)
    if (this.#compression === 'gzip') this.#checksum = crc32(text, this.#checksum)
    if (this.#compression === 'zlib') this.#checksum = inflater.adler32(this.#checksum, this.#checked)
    this.#stream_bytes += text.length
    this.#checked += text.length
  }

  #take(): Uint8Array {
    if (this.#place === 'data') this.#check()
    this.#checked = 0
    return this.#inflater.take()
  }
}

/** A zlib header (RFC 1950 §2.2): deflate with a window of 32 KiB at most, no dictionary, and a check of itself. */
function zlibHeaderBytes(bytes: Uint8Array): number | 'cut' | 'damaged' {
  const [method, flags] = bytes
  if (method === undefined || flags === undefined) return 'cut'
  const good = (method & 15) === 8 && method >> 4 <= 7 && (flags & 32) === 0 && (256 * method + flags) % 31 === 0
  return good ? 2 : 'damaged'
}
