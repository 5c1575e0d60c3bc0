// What a newcomer copies from README.md and docs/ must work. Commands and config snippets there are read like code, so
// that a renamed option or a page that moved fails here and not in somebody's first hour.
import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { z } from 'zod'
import { EXIT_HELP } from '../cli/exit_codes.ts'
import { parseConfig } from '../config/load.ts'
import { TABLES } from '../contracts/registry.ts'
import { publishedColumns, quoted } from '../contracts/table_sql.ts'
import { openDatabase } from '../runtime/duckdb.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(root, path)))

interface Block {
  readonly page: string
  readonly text: string
}

/** Lists the fenced blocks of a language; every `sh` block is meant to be run. */
const blocks = (language: string): readonly Block[] =>
  pages.flatMap((page) =>
    [...read(page).matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
      .filter(([, of]) => of === language)
      .map(([, , text = '']) => ({ page, text })),
  )

const commands = blocks('sh').flatMap(({ page, text }) =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => ({ page, line })),
)

test('every command in an sh block is one of ours', () => {
  const foreign = commands.filter(({ line }) => !/^(npx )?millrace [a-z]|^npm (test$|run \w+( -- .+)?$)/.test(line))
  assert.deepEqual(foreign, [])
})

test('every npm script that a page names exists', () => {
  const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(read('package.json')))
  for (const { page, line } of commands) {
    const name = line === 'npm test' ? 'test' : /^npm run (\w+)( -- .+)?$/.exec(line)?.[1]
    if (name !== undefined) assert.ok(name in scripts, `${page}: ${line}`)
  }
})

test('every millrace command that a page names exists, with its options', async () => {
  const named = commands.flatMap(({ page, line }) => {
    const words = /^(?:npx )?millrace (\S+)(.*)$/.exec(line)
    const options = (words?.[2] ?? '').replace(/"[^"]*"/g, '').match(/(?<=\s)--?[a-z][a-z-]*/g) ?? []
    return words?.[1] === undefined ? [] : [{ page, line, name: words[1], options }]
  })
  assert.ok(named.length > 10, 'the pages show commands')
  const helps = new Map<string, Promise<string>>()
  for (const { page, line, name, options } of named) {
    if (!helps.has(name)) helps.set(name, helpOf(name))
    const help = (await helps.get(name)) ?? ''
    assert.match(help, new RegExp(`^Usage: millrace ${name}\\b`), `${page}: ${line}`)
    for (const option of options)
      assert.match(help, new RegExp(`^  (-\\w, )?${option}\\b`, 'm'), `${page}: ${line}: ${option}`)
  }
})

async function helpOf(name: string): Promise<string> {
  const main = join(root, 'cli/main.ts')
  return (await promisify(execFile)(process.execPath, [main, name, '--help'])).stdout
}

test('every query that a page shows can be asked of a course database', async () => {
  await using database = await openDatabase({ path: ':memory:', threads: 1, memory_mb: 256 })
  for (const table of TABLES.filter(({ published }) => published)) {
    const columns = publishedColumns(table).map(([name, { type }]) => `${quoted(name)} ${type}`)
    await database.run(`create table ${quoted(table.name)} (${columns.join(', ')})`)
  }
  const queries = commands.flatMap(({ line }) => /^(?:npx )?millrace query \S+ "([^"]+)"$/.exec(line)?.[1] ?? [])
  assert.ok(queries.length >= 3, 'README.md shows three queries')
  for (const query of queries) assert.deepEqual(await database.rows(query), [], query)
})

test('every config snippet is valid, with the keys that it leaves out added', () => {
  const least = { organisation: 'yourorg', source: './logs', results: './results' }
  const snippets = blocks('yaml')
  assert.ok(snippets.length > 0, 'the pages show config snippets')
  for (const { page, text } of snippets) {
    const missing = Object.entries(least).filter(([key]) => !new RegExp(`^${key}:`, 'm').test(text))
    const whole = text + missing.map(([key, value]) => `${key}: ${value}\n`).join('')
    const { warnings } = parseConfig(whole, page)
    assert.deepEqual(warnings, [], page)
  }
})

test('README.md documents the exit codes of the program', () => {
  const documented = [...read('README.md').matchAll(/^\| (\d+) \| (.+) \|$/gm)].map(
    ([, code, meaning]) => `${code} ${meaning?.replaceAll('`', '')}`,
  )
  const real = [...EXIT_HELP.matchAll(/^ {2}(\d+) +(.+)$/gm)].map(([, code, meaning]) => `${code} ${meaning}`)
  assert.deepEqual(documented, real)
})

test('every link of a page leads somewhere', () => {
  const dead = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^https?:/.test(target) && !existsSync(join(root, dirname(page), target)))
      .map((target) => `${page}: ${target}`),
  )
  assert.deepEqual(dead, [])
})

test('every file of the project that a page names is there', () => {
  const named = /`((?:cli|config|contracts|coordinator|deploy|docs|runtime|test|workers)\/[\w./-]*\w)`/g
  const absent = pages.flatMap((page) =>
    [...read(page).matchAll(named)]
      .map(([, path = '']) => path)
      .filter((path) => !existsSync(join(root, path)))
      .map((path) => `${page}: ${path}`),
  )
  assert.deepEqual(absent, [])
})
