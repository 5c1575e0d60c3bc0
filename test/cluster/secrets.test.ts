// I12: the private key, its passphrase, a session key or a line of a learner's data never comes to rest anywhere, whether
// a day goes well, has lines that cannot be read, or breaks off in the middle.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { CZAR } from '../../cli/sample/sample_keys.ts'
import { storeLogFile } from '../../cli/sample/write_day.ts'
import { LogFile } from '../../contracts/log_file.ts'
import { loadKeys } from '../../coordinator/key_ring.ts'
import { answerSessionKey } from '../../coordinator/key_service.ts'
import { extract } from '../../workers/map/extract.ts'
import { type Cluster, withCluster } from '../fixtures/a_cluster.ts'
import { aPackage, type TestPackage } from '../fixtures/a_package.ts'
import { findNeedles, formsOf, type Needles } from '../fixtures/resting_places.ts'
import { until } from '../fixtures/until.ts'
import { gather } from '../workers/map/extract_fixture.ts'

/** Stands in the parts of a line that no table keeps: agent, address, answers, free text. */
const MARKER = 'Lampyridae-7f3a91'
const EVENTS = 3_000

let made: TestPackage
before(async () => {
  made = await aPackage({ days: 2, sites: ['edx'], busy: true })
})
after(() => made?.[Symbol.asyncDispose]())

/** Lines of learners, and among them every kind that cannot be read. */
function* markedLines(date: string): Generator<Buffer> {
  for (let n = 0; n < EVENTS; n++) {
    const event = {
      username: `learner_${n % 50}`,
      event_type: n % 2 === 0 ? 'problem_check' : 'edx.forum.thread.created',
      ip: MARKER,
      agent: `Mozilla/5.0 ${MARKER} ${n}`,
      host: 'courses.edx.org',
      referer: `https://courses.edx.org/${MARKER}`,
      accept_language: 'en',
      event: {
        problem_id: `block-v1:TinyX+Fire+2019+type@problem+block@p${n % 9}`,
        answers: { a: MARKER },
        body: MARKER,
      },
      event_source: 'server',
      context: { course_id: 'course-v1:TinyX+Fire+2019', user_id: (n % 50) + 1, org_id: 'TinyX', path: '/event' },
      time: `${date}T10:${String(n % 60).padStart(2, '0')}:00.${String(n).padStart(6, '0')}+00:00`,
      page: null,
    }
    const line = JSON.stringify(event)
    const damaged = [line, line.slice(0, 200), line.replace('"time"', '"tome"'), `${line.slice(0, -9)}\\`, `x${MARKER}`]
    yield Buffer.from(`${damaged[n % 50] ?? line}\n`)
  }
}

async function addMarkedDay({ project }: Cluster, date: string): Promise<string> {
  const name = `tinyx-edx-events-${date}.log.gz.gpg`
  const path = join(project.logs, 'tinyx', 'edx', 'events', '2019', name)
  await storeLogFile(path, markedLines(date), { keys: made.keys, expired_key: false, two_members: false })
  return path
}

/** Opens a file as a worker does, and gives its text and the session key that the key holder answered with. */
async function openAs(cluster: Cluster, path: string, date: string): Promise<{ text: string; session_key: Buffer }> {
  const ring = await loadKeys(cluster.project.keys, { log: { warn: () => undefined } })
  const bytes = await readFile(path)
  const day = { organisation: 'tinyx', site: 'edx', date }
  const facts = { etag: 'e', size: bytes.length, last_modified: '2019-03-02T04:00:00Z', wrapping: 'gpg' }
  const log_file = LogFile.parse({ day, key: path, ...facts })
  let session_key = Buffer.alloc(0)
  const sessionKey = async (packets: Uint8Array) => {
    const request = { day: log_file.day, packets: Buffer.from(packets).toString('base64') }
    const reply = await answerSessionKey(ring, request)
    if (reply.kind === 'session_key') session_key = Buffer.from(reply.key, 'base64')
    return reply
  }
  const { signal } = new AbortController()
  const file = await extract(once(bytes), log_file, { sessionKey, allow_unauthenticated: false, signal })
  return { text: (await gather(file.bytes)).toString('utf8'), session_key }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

async function keyNeedles(keys: string): Promise<Needles> {
  const armored = (await readFile(join(keys, `${CZAR}.asc`), 'utf8')).trim().split('\n')
  const passphrase = (await readFile(join(keys, `${CZAR}.passphrase`), 'utf8')).trim()
  const middle = armored[Math.floor(armored.length / 2)]
  assert.ok(middle !== undefined && middle.length > 40)
  return {
    'a private key': [Buffer.from('BEGIN PGP PRIVATE'), Buffer.from(middle)],
    'a passphrase': [Buffer.from(passphrase)],
  }
}

test('no key and no line of a learner is ever at rest in results, logs, queue or temporary files', async () => {
  // Little memory, so that whatever spills does.
  const settings = { workers: { threads: 2, thread_memory_mb: 192 }, reducers: { memory_mb: 256 } }
  await withCluster({ ...made, settings }, async (cluster) => {
    const { project } = cluster
    const whole = await addMarkedDay(cluster, '2019-03-10')
    const broken = await addMarkedDay(cluster, '2019-03-11')
    const { text, session_key } = await openAs(cluster, whole, '2019-03-10')
    assert.ok(text.split(MARKER).length > EVENTS && session_key.length >= 16)
    const needles: Needles = {
      ...(await keyNeedles(project.keys)),
      'a line': [Buffer.from(MARKER), Buffer.from('"agent"')],
      'a session key': [...formsOf(session_key), ...formsOf((await openAs(cluster, broken, '2019-03-11')).session_key)],
    }
    assert.equal((await findNeedles(project.keys, needles)).length, 3, 'what is there is found')
    await project.replace(broken, (bytes) => bytes.fill(0x55, bytes.length - 200, bytes.length - 100))

    const found: string[] = []
    let settled = false
    const watched = until('everything has settled', async () => {
      found.push(...(await findNeedles(join(project.folder, 'tmp'), needles)))
      return settled
    })
    await cluster.startAll('coordinator', 'worker', 'reducer')
    await cluster.settled()
    settled = true
    await watched
    const [quarantined] = await Promise.all(cluster.processes.map((each) => each.events('day_quarantined')).slice(1, 2))
    assert.deepEqual(
      quarantined?.map(({ date, class: kind }) => [date, kind]),
      [['2019-03-11', 'decrypt']],
    )
    await cluster.stopAll()
    for (const place of ['tmp', 'results', 'log', 'nats'])
      found.push(...(await findNeedles(join(project.folder, place), needles)))
    assert.deepEqual(found, [], 'I12')
  })
})
