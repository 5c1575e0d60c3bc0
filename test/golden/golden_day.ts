// Runs the product on a golden day and holds its tables to the rows that stand beside the story.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { TABLES, VIEWS } from '../../contracts/registry.ts'
import { quoted } from '../../contracts/table_sql.ts'
import { type ComputedFiles, computeFiles } from '../fixtures/compute_files.ts'
import { tellStory } from './story.ts'

export interface GoldenDay {
  readonly title: string
  readonly date: string
  readonly course: string
  /** Lines of each file, by its date. */
  readonly files: Readonly<Record<string, readonly string[]>>
  /** Ids of names that some lines carry without an id. */
  readonly people: Readonly<Record<string, number>>
  /**
   * Table -> its rows of the course: a line of column names, then a line a row, with `|` between cells. Columns not named
   * are not looked at; `-` is NULL; times of the story's date go without it.
   */
  readonly expected: Readonly<Record<string, string>>
}

/** Declares the tests of a golden day. */
export function goldenDay(day: GoldenDay): void {
  describe(day.title, () => {
    let computed: ComputedFiles
    before(async () => {
      const files = Object.entries(day.files).map(([date, lines]) => ({
        date,
        chunks: [Buffer.from(`${[...lines, ...crowd(date)].join('\n')}\n`)],
      }))
      const people = Object.fromEntries(Object.entries(day.people).map(([name, id]) => [name, String(id)]))
      computed = await computeFiles({ organisation: 'GoldX', files, people: () => people })
    })
    after(async () => {
      await computed?.database[Symbol.asyncDispose]()
    })
    const declared = new Set([
      ...TABLES.map(({ name }) => name),
      ...VIEWS.map(({ name, schema }) => (schema === 'main' ? name : `${schema}.${name}`)),
    ])
    for (const [table, rows] of Object.entries(day.expected))
      if (declared.has(table.replace(/ where .*/, '')))
        test(`${table} has the rows that follow from the story`, async () => {
          await compareRows(computed, day, table, rows)
        })
    test('the crowd around it is counted in its own course', async () => {
      const files = Object.keys(day.files).length
      const rows = await computed.database.rows(`
        select
          count(*) as learners,
          sum(events)::bigint as events,
          min(events) as fewest
        from learner
        where course_id = 'CrowdX/C1/Run'
      `)
      assert.deepEqual(rows, [{ learners: 20n, events: BigInt(200 * files), fewest: BigInt(10 * files) }])
    })
  })
}

async function compareRows(computed: ComputedFiles, day: GoldenDay, table: string, rows: string): Promise<void> {
  const [header = '', ...meant] = rows
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const columns = cellsOf(header)
  const [name = '', condition] = table.split(' where ')
  const found = await computed.database.rows<Readonly<Record<string, unknown>>>(`
    select ${columns.map((column) => `${quoted(column)}::varchar as ${quoted(column)}`).join(', ')}
    from ${name.split('.').map(quoted).join('.')}
    where course_id = '${day.course}' and (${condition ?? 'true'})
  `)
  const told = found.map((row) => columns.map((column) => cellText(row[column], day.date)).join(' | '))
  assert.deepEqual(told.sort(), meant.map((line) => cellsOf(line).join(' | ')).sort())
}

const cellsOf = (line: string): readonly string[] => line.split('|').map((cell) => cell.trim())

function cellText(cell: unknown, date: string): string {
  if (cell === null) return '-'
  const text = String(cell)
  const number = /^-?\d+\.0$/.test(text) ? text.slice(0, -2) : text
  return number.startsWith(`${date} `) ? number.slice(date.length + 1) : number
}

/** Two hundred page views of twenty people in another course: a day that is not made of its two heroes alone. */
function crowd(date: string): readonly string[] {
  const story = tellStory({ date, course: 'CrowdX/C1/Run', context: true, names: false, offset: '' })
  for (let view = 0; view < 200; view++) {
    const who = { id: 9000 + (view % 20), name: `crowd${view % 20}` }
    const minute = String(Math.floor(view / 10)).padStart(2, '0')
    story.page(`18:${minute}:${String((view % 10) * 6).padStart(2, '0')}`, who, `/courseware/w${view % 7}/`)
  }
  return story.lines
}
