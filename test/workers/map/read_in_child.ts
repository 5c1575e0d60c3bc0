// The program of a process that reads one log file and tells how much memory that took at its peak: in the process of a
// test, the garbage of everything else would be measured.
//
//   node read_in_child.ts FILE WRAPPING [SESSION_KEY_REPLY]
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { gzipSync } from 'node:zlib'
import { MillraceError } from '../../../contracts/errors.ts'
import { SessionKeyReply } from '../../../contracts/key_exchange.ts'
import { EventBatch } from '../../../workers/map/event_batch.ts'
import { extract } from '../../../workers/map/extract.ts'
import { LineScanner } from '../../../workers/map/line_scanner.ts'
import { readEvents } from '../../../workers/map/read_events.ts'
import { chunksOf, DAY, logFile } from './extract_fixture.ts'

/** What the process says, as JSON. */
export interface Reading {
  /** Of the error that ended it; null when there was none. */
  readonly code: string | null
  readonly raw_bytes: number
  readonly lines: number
  readonly rejected_by_reason: Readonly<Record<string, number>>
  /** What the process grew by, from before the file to its largest. */
  readonly grown_bytes: number
}

const [path = '', wrapping = 'gzip', reply = 'null'] = process.argv.slice(2)
const scanner = new LineScanner()
const batch = new EventBatch()

// Programs are loaded, and memory that every file needs is taken.
await read(gzipSync('{"event_type":"page_close"}\n'), 'gzip')

const file = await readFile(path)
const before_bytes = process.memoryUsage.rss()
const said = await read(file, wrapping === 'gpg' ? 'gpg' : 'gzip')
const reading: Reading = { ...said, grown_bytes: process.resourceUsage().maxRSS * 1024 - before_bytes }
console.log(JSON.stringify(reading))

async function read(bytes: Uint8Array, as: 'gpg' | 'gzip'): Promise<Omit<Reading, 'grown_bytes'>> {
  const { signal } = new AbortController()
  let raw_bytes = 0
  try {
    const opened = await extract(chunksOf(bytes, 262_144), logFile(bytes, as), {
      sessionKey: () => Promise.resolve(SessionKeyReply.parse(JSON.parse(reply))),
      allow_unauthenticated: false,
      observe: (progress) => {
        raw_bytes = progress.raw_bytes
      },
      signal,
    })
    const events = readEvents(opened.bytes, {
      date: DAY.date as Parameters<typeof readEvents>[1]['date'],
      rules: { duplicates: 'drop', organisations: [DAY.organisation], keep_events: [] },
      scanner,
      batch,
      scratch: tmpdir(),
      rejected: () => undefined,
      signal,
    })
    for (;;) {
      const next = await events.next()
      if (next.done === true) {
        const { lines, rejected_by_reason } = next.value
        return { code: null, raw_bytes, lines, rejected_by_reason }
      }
      next.value.clear()
    }
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error
    return { code: error.code, raw_bytes, lines: 0, rejected_by_reason: {} }
  }
}
