// What an analyst hears of their tables: those of the documentation are right as they stand there, and each way of being wrong
// is told in a sentence.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const main = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url))
const page = readFileSync(new URL('../../../docs/own_tables.md', import.meta.url), 'utf8')
/** The tables of the page, by name. */
const EXAMPLES: ReadonlyMap<string, string> = new Map(
  [...page.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, sql = '']) => [/name: (\w+)/.exec(sql)?.[1] ?? '', sql]),
)
const exampleOf = (name: string): string => EXAMPLES.get(name) ?? assert.fail(`the page has no ${name}`)

const Checked = z.strictObject({
  tables: z.array(
    z.strictObject({ path: z.string(), name: z.string(), kind: z.string(), rows: z.number(), seconds: z.number() }),
  ),
  faults: z.array(z.strictObject({ path: z.string(), line: z.number().nullable(), message: z.string() })),
})

let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-tables-'))
  await mkdir(join(folder, 'tables'))
  for (const [name, sql] of EXAMPLES) await writeFile(join(folder, 'tables', `${name}.sql`), sql)
  await writeFile(
    join(folder, 'millrace.yaml'),
    'organisation: x\nsource: ./logs\nresults: ./results\ntables: ./tables\n',
  )
})
after(() => rm(folder, { recursive: true, force: true }))

interface Said {
  readonly code: number
  readonly out: string
  readonly err: string
}

function millrace(...args: readonly string[]): Promise<Said> {
  const { promise, resolve } = Promise.withResolvers<Said>()
  execFile(process.execPath, [main, ...args], { cwd: folder }, (error, out, err) => {
    resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err })
  })
  return promise
}

/** Checks files of a folder of their own; gives the exit code and the sentences. */
async function check(files: Readonly<Record<string, string>>): Promise<readonly [code: number, ...faults: string[]]> {
  const place = await mkdtemp(join(folder, 'bad-'))
  for (const [name, text] of Object.entries(files)) await writeFile(join(place, `${name}.sql`), text)
  const { code, out } = await millrace(
    'tables',
    'check',
    ...Object.keys(files).map((name) => join(place, `${name}.sql`)),
    '--json',
  )
  return [code, ...Checked.parse(JSON.parse(out)).faults.map(({ message }) => message)]
}

test('the tables of docs/own_tables.md are right as they stand there, and a made-up day gives them rows', async () => {
  assert.equal(EXAMPLES.size, 2)
  const { code, out } = await millrace('tables', 'check', '--json')
  assert.equal(code, 0, out)
  const { tables, faults } = Checked.parse(JSON.parse(out))
  assert.deepEqual(faults, [])
  assert.deepEqual(tables.map(({ name }) => name).sort(), [...EXAMPLES.keys()].sort())
  for (const { name, rows } of tables) assert.ok(rows > 10, `${name} has ${rows} rows`)
})

test('millrace tables lists ours and own ones by section, and shows what one says', async () => {
  const { out } = await millrace('tables')
  assert.match(out, /^session +derived +Learners and activity +one stretch/m)
  assert.match(out, /^late_learner +derived +Own tables +one learner who moves between units$/m)
  const shown = await millrace('tables', 'show', 'late_learner')
  assert.match(shown.out, /^One row: one learner who moves between units\.$/m)
  assert.match(shown.out, /^\| `night_share` \| DOUBLE \| Share of the moves/m)
  const { code, err } = await millrace('tables', 'show', 'nobody')
  assert.equal(code, 64)
  assert.match(err, /^Cannot show "nobody": there is no such table/)
})

const steps = exampleOf('unit_step_hour')
const late = exampleOf('late_learner')
const changed = (text: string, from: string, to: string): string => {
  assert.ok(text.includes(from), from)
  return text.replace(from, to)
}

const wrong: readonly (readonly [what: string, files: Readonly<Record<string, string>>, expected: RegExp])[] = [
  [
    'a header that says nothing of the grain',
    { unit_step_hour: changed(steps, 'grain: one learner, UTC day and hour with moves between units\n', '') },
    /"grain" is missing/,
  ],
  [
    'SQL that does not parse',
    { unit_step_hour: changed(steps, 'from event', 'fram event') },
    /syntax error at or near/,
  ],
  [
    'SQL that reads a file',
    { unit_step_hour: changed(steps, 'from event', "from read_csv('/etc/passwd')") },
    /may not read from read_csv\(\)/,
  ],
  [
    'a column of another type',
    { unit_step_hour: changed(steps, 'hour(time) as hour', "strftime(time, '%H') as hour") },
    /gives "hour" as VARCHAR, and it must be BIGINT: cast it/,
  ],
  [
    'SQL that fails on a value',
    { unit_step_hour: changed(steps, 'hour(time) as hour', 'event_type::bigint as hour') },
    /it fails on the sample day: .*Conversion Error/,
  ],
  [
    'a count that cannot be merged',
    {
      unit_step_hour: changed(
        changed(steps, '1 as steps', 'row_number() over (order by time, hash) as steps'),
        'merge: sum',
        'merge: max',
      ),
    },
    /other rows when its lines come in two files \(first in steps/,
  ],
  [
    'keys that do not tell rows apart',
    { unit_step_hour: steps, late_learner: changed(late, 'keys: [course_id, user_id]', 'keys: [course_id]') },
    /its keys \(course_id\) do not tell its rows apart: \d+ of \d+ repeat those of another/,
  ],
]
for (const [what, files, expected] of wrong)
  test(`millrace tables check tells of ${what}, with exit code 64`, async () => {
    const [code, ...faults] = await check(files)
    assert.equal(code, 64)
    assert.equal(faults.length, 1, faults.join('\n'))
    assert.match(faults[0] ?? '', expected)
  })

test('millrace tables check tells in words what is wrong, and where', async () => {
  const path = join(folder, 'unit_step_hour.sql')
  await writeFile(path, changed(steps, 'time::date', 'tame::date'))
  const { code, out } = await millrace('tables', 'check', path)
  assert.equal(code, 64)
  assert.match(out, /unit_step_hour.sql" line 20: Referenced column "tame" not found/)
  assert.match(out, /^One thing is wrong$/m)
})

test('millrace plan refuses own tables whose SQL is wrong, as all that would run it do, and takes right ones', async () => {
  const place = await mkdtemp(join(folder, 'planned-'))
  const config = join(place, 'millrace.yaml')
  await mkdir(join(place, 'logs'))
  await mkdir(join(place, 'tables'))
  await writeFile(config, 'organisation: x\nsource: ./logs\nresults: ./results\ntables: ./tables\n')
  await writeFile(join(place, 'tables', 'unit_step_hour.sql'), changed(steps, 'time::date', 'tame::date'))
  const { code, err } = await millrace('plan', '--config', config)
  assert.equal(code, 64)
  assert.match(err, /unit_step_hour.sql" line 20: Referenced column "tame" not found/)
  await writeFile(join(place, 'tables', 'unit_step_hour.sql'), steps)
  assert.equal((await millrace('plan', '--config', config)).code, 0)
})

test('millrace tables check needs a file or a folder in the config', async () => {
  const { code, err } = await millrace('tables', 'check', '--config', 'nowhere.yaml')
  assert.equal(code, 64)
  assert.match(err, /^Cannot check tables: no file is named/)
})
