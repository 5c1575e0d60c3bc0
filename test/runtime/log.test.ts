// The log: one JSON line per event, in one shape, with errors reduced to what may be told.
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { MillraceError } from '../../contracts/errors.ts'
import { createLog, type Log } from '../../runtime/log.ts'
import type { LogLevel } from '../../runtime/log_level.ts'

/** Returns the lines that `write` logs. */
async function logged(write: (log: Log) => void, level?: LogLevel): Promise<readonly Record<string, unknown>[]> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-log-'))
  try {
    const destination = join(folder, 'deeper', 'worker.log')
    write(createLog({ role: 'worker', destination, ...(level === undefined ? {} : { level }) }))
    const text = await readFile(destination, 'utf8')
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line))
  } finally {
    await rm(folder, { recursive: true })
  }
}

test('info() writes one line with time, level, role, event and fields', async () => {
  const [line, ...more] = await logged((log) => log.info('day_done', { site: 'edx', date: '2014-01-01' }))
  assert.deepEqual(more, [])
  const { time, ...rest } = line ?? {}
  assert.deepEqual(rest, { level: 'info', role: 'worker', site: 'edx', date: '2014-01-01', event: 'day_done' })
  assert(typeof time === 'string' && Number.isFinite(Date.parse(time)) && time.endsWith('Z'))
})

test('the level decides what is written', async () => {
  const all = (log: Log) => {
    log.error('a')
    log.warn('b')
    log.info('c')
    log.debug('d')
  }
  const events = async (level?: LogLevel) => (await logged(all, level)).map(({ event }) => event)
  assert.deepEqual(await events(), ['a', 'b', 'c'])
  assert.deepEqual(await events('error'), ['a'])
  assert.deepEqual(await events('debug'), ['a', 'b', 'c', 'd'])
})

test('an expected error is its code, sentence and causes; an unexpected one brings its stack', async () => {
  const cause = new TypeError('broken')
  const error = new MillraceError('gzip_corrupt', 'Cannot read "x.gz": it is cut', { cause })
  const [line] = await logged((log) => log.error('day_quarantined', { error }))
  assert.deepEqual(line?.error, {
    code: 'gzip_corrupt',
    message: 'Cannot read "x.gz": it is cut',
    cause: { message: 'broken', stack: cause.stack },
  })
})
