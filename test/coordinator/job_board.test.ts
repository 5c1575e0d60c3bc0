// What the coordinator believes to be in the queue. A job that it believes in for ever takes a place in the window; fifty of
// them, and nothing is sent any more before the next sweep.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { PlannedDay } from '../../contracts/plan_record.ts'
import type { Ended } from '../../contracts/progress.ts'
import { OUR_TABLES } from '../../contracts/registry.ts'
import { JobBoard } from '../../coordinator/job_board.ts'
import { makePlan, rulesOf } from '../../coordinator/plan.ts'
import type { Bus } from '../../runtime/bus/bus.ts'
import { settle } from '../../runtime/bus/settle.ts'
import { aServer, type TestServer } from '../runtime/bus/a_server.ts'
import { aConfig, aLogFile, aMeaning, aSite, dates, filesOf } from './a_plan.ts'

const RECIPE = 1
const config = aConfig()
const given = { recipe: RECIPE, rules: rulesOf(config, OUR_TABLES) }
/** Three days that nothing was sent of yet. */
const threeFrom = (date: string): readonly PlannedDay[] =>
  makePlan(aSite(), filesOf(dates(date, 3).map((each) => aLogFile({ date: each }))), config, aMeaning(RECIPE)).days
const endOf = ({ log_file: { day }, fingerprint }: PlannedDay): Ended => ({
  kind: 'map',
  site: day.site,
  date: day.date,
  fingerprint,
  result: 'done',
})

/** The same bus, where something happens between the server's taking a message and our hearing of it. */
const hurried = (bus: Bus, published: () => void): Bus =>
  new Proxy(bus, {
    get: (target, name) => {
      if (name !== 'publish') {
        const value: unknown = Reflect.get(target, name, target)
        return typeof value === 'function' ? value.bind(target) : value
      }
      return async (...args: Parameters<Bus['publish']>) => {
        const answer = await target.publish(...args)
        published()
        return answer
      }
    },
  })

describe('the job board', { timeout: 60_000 }, () => {
  const signal = AbortSignal.timeout(55_000)
  let server: TestServer
  let bus: Bus
  before(async () => {
    server = await aServer(signal)
    bus = await server.connect(signal)
  })
  after(async () => {
    await bus[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  it('holds what it sent until a hint tells that it ended', async () => {
    const days = threeFrom('2014-01-01')
    const board = new JobBoard(bus)
    await board.refresh({ signal })
    await board.send(days, given, { signal })
    assert.equal(board.size, 3)
    for (const day of days.slice(0, 2)) board.ended(endOf(day))
    assert.equal(board.size, 1)
    // The server still has all three: nobody took them.
    await board.refresh({ signal })
    assert.equal(board.size, 3)
    await bus.drop(bus.subjects.map, () => true, { signal })
  })

  it('sends many jobs in their order, and one that the server knows but has no more once again', async () => {
    const days = makePlan(
      aSite(),
      filesOf(dates('2017-01-01', 100).map((date) => aLogFile({ date }))),
      config,
      aMeaning(RECIPE),
    ).days
    await new JobBoard(bus).send(days, given, { signal })
    const first = await bus.next(bus.subjects.map, { signal })
    assert.equal(first.subject.split('.').at(-1), days[0]?.fingerprint)
    await settle(first, { kind: 'done', how: 'computed' }, { signal })
    assert.equal((await bus.outstanding(bus.subjects.map, { signal })).size, 99)
    // A coordinator that starts anew gives the same ids: 99 are there, and the one that is not is meant again.
    const board = new JobBoard(bus)
    await board.send(days, given, { signal })
    assert.equal((await bus.queueState(bus.subjects.map, { signal })).messages, 100)
    assert.equal(board.size, 100)
    await bus.drop(bus.subjects.map, () => true, { signal })
  })

  it('holds no job whose end it heard of before the queue’s word that it had it', async () => {
    const days = threeFrom('2015-01-01')
    let next = 0
    const board: JobBoard = new JobBoard(
      hurried(bus, () => {
        const day = days[next++]
        if (day !== undefined) board.ended(endOf(day))
      }),
    )
    await board.refresh({ signal })
    await board.send(days, given, { signal })
    assert.equal(next, 3)
    assert.equal(board.size, 0)
  })

  it('holds no merge whose end it heard of as early', async () => {
    const board: JobBoard = new JobBoard(
      hurried(bus, () => board.ended({ kind: 'merge', site: aSite(), result: 'done' })),
    )
    await board.refresh({ signal })
    await board.sendMerge({ kind: 'merge', site: aSite(), plan_number: 1, declarations: 'd' }, { signal })
    assert.equal(board.merges, 0)
  })

  it('holds no job that could not be sent', async () => {
    const board = new JobBoard(
      hurried(bus, () => {
        throw new Error('the connection went')
      }),
    )
    await board.refresh({ signal })
    const held = board.size
    await assert.rejects(board.send(threeFrom('2016-01-01'), given, { signal }), /the connection went/)
    assert.equal(board.size, held)
  })
})
