// Decompression of a stream of pieces. A decryption error must win over the nonsense that it makes of the data before it,
// so whatever shows, the source is read to its very end.
import { type Compression, InflatedText } from './inflated_text.ts'
import { borrowInflater } from './inflater.ts'

/**
 * Yields what `source` holds compressed; a piece is valid until the next is asked for. An error of the source is thrown
 * as it is; damage is thrown as `damaged(why)`, but only once the source was read to its end without an error.
 */
export async function* inflate(
  source: AsyncIterable<Uint8Array>,
  options: { readonly compression: Compression; readonly damaged: (why: string) => Error },
): AsyncGenerator<Uint8Array, void> {
  using inflater = borrowInflater()
  const text = new InflatedText(options.compression, inflater)
  let bytes = 0
  for await (const piece of source) {
    bytes += piece.length
    for (let at = 0; at < piece.length; ) {
      at += text.feed(piece.subarray(at))
      for (let next = text.next(); next !== null; next = text.next()) yield next
    }
  }
  if (bytes === 0) throw options.damaged('there is no compressed data')
  for (let next = text.end(); next !== null; next = text.end()) yield next
  if (text.fault !== null) throw options.damaged(text.fault)
}
