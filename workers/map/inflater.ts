// The door to the inflater, which is compiled from the AssemblyScript in inflate_wasm/. It inflates in the thread that asks,
// into memory that it uses again and again: zlib's streams would cost a trip to another thread, an allocation and some
// garbage for every block (docs/decisions/0010_own_inflater.md).
import { readFileSync } from 'node:fs'

/** What the module exports, under its own names: inflate_wasm/inflate_stream.ts. */
interface InflaterExports {
  readonly memory: { readonly buffer: ArrayBuffer }
  inputAddress(): number
  inputBytes(): number
  outputAddress(): number
  inputAt(): number
  outputAt(): number
  setInput(at: number, end: number, is_last: boolean): void
  begin(): void
  slide(): void
  run(): number
  adler32(checksum: number, from: number): number
}

// What of the WebAssembly interface is used here: the types of Node leave it out.
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object, imports: object) => { readonly exports: object }
}

const program = new WebAssembly.Module(readFileSync(new URL('./inflate_wasm/inflate.wasm', import.meta.url)))

/** What a run came to; the order is that of the constants in inflate_wasm/stream_memory.ts. */
const RESULTS = ['needs_input', 'output_full', 'stream_end', 'damaged'] as const

/** Inflaters that nobody uses at present; a thread has as many as it ever used at one time, which is two. */
const idle: Inflater[] = []

/** Hands out an inflater that has nothing of anybody in it, to be given back by disposing of it. */
export function borrowInflater(): Inflater {
  const inflater = idle.pop() ?? new Inflater()
  inflater.empty()
  return inflater
}

/** Raw deflate streams (RFC 1951) and the bytes between them. All views are valid until the next call. */
export class Inflater implements Disposable {
  readonly #wasm: InflaterExports
  readonly #memory: Uint8Array
  readonly #input: number
  readonly #input_bytes: number
  readonly #output: number
  #end = 0
  #ended = false

  constructor() {
    // The exports are those of inflate_wasm/inflate_stream.ts: both are built from one tree.
    this.#wasm = new WebAssembly.Instance(program, {}).exports as InflaterExports
    this.#memory = new Uint8Array(this.#wasm.memory.buffer)
    this.#input = this.#wasm.inputAddress()
    this.#input_bytes = this.#wasm.inputBytes()
    this.#output = this.#wasm.outputAddress()
  }

  /** Forgets input and text. */
  empty(): void {
    this.#end = this.#input
    this.#ended = false
    this.#wasm.setInput(this.#input, this.#end, false)
    this.#wasm.slide()
  }

  /** Takes compressed bytes as far as there is room, and tells how many. */
  feed(bytes: Uint8Array): number {
    const at = this.#wasm.inputAt()
    this.#memory.copyWithin(this.#input, at, this.#end)
    const held = this.#end - at
    const taken = Math.min(bytes.length, this.#input_bytes - held)
    this.#memory.set(bytes.subarray(0, taken), this.#input + held)
    this.#end = this.#input + held + taken
    this.#wasm.setInput(this.#input, this.#end, false)
    return taken
  }

  /** Tells that no more bytes will come. */
  end(): void {
    this.#ended = true
    this.skip(0)
  }

  /** Bytes that were fed and not consumed. */
  get unread(): Uint8Array {
    return this.#memory.subarray(this.#wasm.inputAt(), this.#end)
  }

  /** Consumes bytes that belong to no stream. */
  skip(bytes: number): void {
    this.#wasm.setInput(this.#wasm.inputAt() + bytes, this.#end, this.#ended)
  }

  /** Begins a stream; its text comes behind that of the stream before. */
  begin(): void {
    this.#wasm.begin()
  }

  /** Inflates until more input is wanted, the text has to be taken, the stream ends, or damage shows. */
  run(): (typeof RESULTS)[number] {
    return RESULTS[this.#wasm.run()] ?? 'damaged'
  }

  /** Bytes of text. */
  get text_bytes(): number {
    return this.#wasm.outputAt() - this.#output
  }

  /** The text from an offset on. */
  text(from: number): Uint8Array {
    return this.#memory.subarray(this.#output + from, this.#wasm.outputAt())
  }

  /** Gives all the text and makes room for more, which overwrites it at the next run. */
  take(): Uint8Array {
    const text = this.text(0)
    this.#wasm.slide()
    return text
  }

  /** Goes on with an Adler-32 over the text from an offset on. */
  adler32(checksum: number, from: number): number {
    return this.#wasm.adler32(checksum, this.#output + from) >>> 0
  }

  [Symbol.dispose](): void {
    idle.push(this)
  }
}
