// Where everything lies in the memory of one inflater, and where its stream stands. It is laid out once, by addresses,
// because an inflater that allocates would grow, and its caller's views of the memory would be lost.
//
// This folder is AssemblyScript, TypeScript's dialect for WebAssembly. `npm run build` makes inflate.wasm of it.

/** Compressed bytes that are held at one time. */
export const INPUT_BYTES: usize = 262144
/** Zeros behind the last compressed byte of all, which may be read as if they were data; that is noticed afterwards. */
export const PADDING_BYTES: usize = 64
/** How far back a match may reach. */
export const WINDOW_BYTES: usize = 32768
/** Text is handed out when there is so much of it, and up to 263 more: what one turn of decoding writes beyond it. */
export const PIECE_BYTES: usize = 262144

export const INPUT: usize = memory.data(262144 + 64, 16)
// The room behind the output is for six literals and a match that begin in its last byte, and for the step of its copy.
const WINDOW: usize = memory.data(32768 + 262144 + 352, 16)
export const OUTPUT: usize = WINDOW + WINDOW_BYTES

/** What comes next in the stream. */
export const IN_HEADER: u32 = 0
export const IN_STORED: u32 = 1
export const IN_CODES: u32 = 2

/** What a step came to. */
export const GO_ON: i32 = -1
export const NEEDS_INPUT: i32 = 0
export const OUTPUT_FULL: i32 = 1
export const STREAM_END: i32 = 2
export const DAMAGED: i32 = 3

/** The state of the stream between two steps. Of the bits taken from the input, fewer than 8 are then held. */
class Stream {
  input_at: usize = INPUT
  input_end: usize = INPUT
  /** No more input will come; padding stands behind what is there. */
  input_last: bool = false
  bits: u64 = 0
  bit_count: u32 = 0
  output_at: usize = OUTPUT
  /** No match may reach back beyond the first byte of its stream. */
  begins_at: usize = OUTPUT
  place: u32 = IN_HEADER
  last_block: bool = false
  stored_left: u32 = 0

  /** Begins another stream behind the text of the one before. */
  begin(): void {
    this.bits = 0
    this.bit_count = 0
    this.begins_at = this.output_at
    this.place = IN_HEADER
    this.last_block = false
  }

  /** Makes room for the next piece, and keeps what later matches may refer to. */
  slide(): void {
    const by = this.output_at - OUTPUT
    memory.copy(WINDOW, this.output_at - WINDOW_BYTES, WINDOW_BYTES)
    this.begins_at = max(this.begins_at, WINDOW + by) - by
    this.output_at = OUTPUT
  }
}

export const stream = new Stream()
