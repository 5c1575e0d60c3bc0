// What the table of seen lines had no room for. A file of many millions of lines would otherwise need as much memory as it
// likes, and the day would die of it again and again.
//
// Hashes come in runs, which go to a scratch file, sorted. In memory stay a filter for all of them, which knows nearly every
// new hash for new, and of each run where each of its buckets begins: of 0.8 million hashes, a bucket has 12.
import assert from 'node:assert/strict'
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { threadId } from 'node:worker_threads'
import { HashFilter } from './hash_filter.ts'

/** The upper 16 bits of a hash are its bucket. */
const BUCKETS = 65_536
const BUCKET_SHIFT = 16
const HASH_BYTES = 8

interface Run {
  /** Which of the run's hashes is the first of each bucket; one more entry is the end. */
  readonly begins: Uint32Array
  /** Where the run begins in the file. */
  readonly offset: number
}

/** A set of 64-bit hashes, given in halves, to which many are added at once. Whoever made it disposes of it. */
export class SpilledHashes implements Disposable {
  readonly #scratch: string
  readonly #runs: Run[] = []
  #filter: HashFilter | null = null
  #bucket = new Uint32Array(128)
  /** Open for as long as there are runs. It has no name any more: it vanishes with this process, however that ends. */
  #file: number | null = null
  #bytes = 0

  /** Makes an empty set, which makes no file in `scratch` before it needs one. */
  constructor(scratch: string) {
    this.#scratch = scratch
  }

  has(low: number, high: number): boolean {
    if (this.#filter === null || !this.#filter.mayHave(low, high)) return false
    return this.#runs.some((run) => this.#isIn(run, low, high))
  }

  /** Adds the hashes of a table of low and high halves, in which zeros are no hashes. The table is used up by it. */
  spill(table: Uint32Array<ArrayBuffer>): void {
    const count = gather(table)
    // As numbers of 64 bits: the machines that Millrace runs on have the low half first.
    new BigUint64Array(table.buffer, 0, count).sort()
    this.#filter ??= new HashFilter()
    const begins = new Uint32Array(BUCKETS + 1)
    for (let n = 0; n < count; n++) {
      const high = table[2 * n + 1] ?? 0
      begins[(high >>> BUCKET_SHIFT) + 1] = n + 1
      this.#filter.add(table[2 * n] ?? 0, high)
    }
    for (let bucket = 1; bucket <= BUCKETS; bucket++)
      begins[bucket] = Math.max(begins[bucket] ?? 0, begins[bucket - 1] ?? 0)
    this.#runs.push({ begins, offset: this.#bytes })
    this.#write(new Uint8Array(table.buffer, 0, HASH_BYTES * count))
  }

  [Symbol.dispose](): void {
    this.#runs.length = 0
    this.#filter = null
    if (this.#file !== null) closeSync(this.#file)
    this.#file = null
  }

  #isIn({ begins, offset }: Run, low: number, high: number): boolean {
    const bucket = high >>> BUCKET_SHIFT
    const first = begins[bucket] ?? 0
    const count = (begins[bucket + 1] ?? 0) - first
    this.#read(offset + HASH_BYTES * first, count)
    for (let at = 0; at < 2 * count; at += 2) if (this.#bucket[at] === low && this.#bucket[at + 1] === high) return true
    return false
  }

  /** Reads so many hashes into the bucket. */
  #read(offset: number, count: number): void {
    assert(this.#file !== null, 'runs have a file')
    if (this.#bucket.length < 2 * count) this.#bucket = new Uint32Array(2 * count)
    const bytes = readSync(this.#file, this.#bucket, 0, HASH_BYTES * count, offset)
    assert(bytes === HASH_BYTES * count, 'a scratch file holds what was written')
  }

  #write(bytes: Uint8Array): void {
    this.#file ??= openNameless(this.#scratch)
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at, bytes.length - at, this.#bytes + at)
    this.#bytes += bytes.length
  }
}

/** Moves the hashes of a table to its front and tells how many they are. */
function gather(table: Uint32Array): number {
  let count = 0
  for (let at = 0; at < table.length; at += 2) {
    const low = table[at] ?? 0
    const high = table[at + 1] ?? 0
    if (low === 0 && high === 0) continue
    table[2 * count] = low
    table[2 * count + 1] = high
    count++
  }
  return count
}

function openNameless(folder: string): number {
  // Threads may share the folder; within one nothing happens between the opening and the unlinking.
  const path = join(folder, `seen_lines-${threadId}`)
  const file = openSync(path, 'wx+', 0o600)
  unlinkSync(path)
  return file
}
