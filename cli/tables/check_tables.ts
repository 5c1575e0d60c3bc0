// `millrace tables check`: all that is wrong with an analyst's tables in one answer, before a worker meets them.
import { dirname, resolve } from 'node:path'
import { readConfig } from '../../config/load.ts'
import { faultText, type OwnTableFault } from '../../config/own_table_file.ts'
import { ownTableFiles, readOwnTables } from '../../config/own_tables.ts'
import { MillraceError } from '../../contracts/errors.ts'
import { OUR_CHOICES } from '../../contracts/rule_choices.ts'
import { createStop } from '../../runtime/stop.ts'
import { ownTableFaults } from '../../workers/own_tables/check_statements.ts'
import { EXIT_DONE, EXIT_USAGE } from '../exit_codes.ts'
import { grouped, type Output } from '../output.ts'
import { sampleDay, tryTable } from './trial.ts'

interface Tried {
  readonly path: string
  readonly name: string
  readonly kind: string
  readonly rows: number
  readonly seconds: number
}

/** Runs the command: checks the files that are named, or the folder of the config. */
export async function checkTables(given: {
  readonly config_path: string
  readonly files: readonly string[]
  readonly output: Output
}): Promise<number> {
  const { output } = given
  const stop = createStop()
  using _listening = stop.listen()
  const config = await configOf(given.config_path)
  const asked = given.files.length > 0 ? given.files.map((file) => resolve(file)) : await filesOf(config)
  // A table may read its neighbours, so they are read and looked at too.
  const neighbours = await Promise.all([...new Set(asked.map(dirname))].map(ownTableFiles))
  const paths = [...new Set([...neighbours.flatMap((files) => files ?? []), ...asked])].sort()
  const { own, tables, faults } = await readOwnTables(paths, config?.config.rules ?? OUR_CHOICES)
  const in_sql = await ownTableFaults(own, tables)
  const found: OwnTableFault[] = [...faults, ...in_sql]
  const tried: Tried[] = []
  // What is wrong in itself cannot be tried, nor what reads it.
  if (found.length === 0) {
    const lines = sampleDay()
    output.line(`Trying ${own.length === 1 ? 'it' : 'them'} on a made-up day of ${grouped(lines.length)} lines …`)
    for (const table of own.filter(({ path }) => asked.includes(path))) {
      const { path, declaration } = table
      const { rows, seconds, faults: shown } = await tryTable(table, { tables, lines, signal: stop.soft })
      for (const message of shown) found.push({ path, line: null, message })
      tried.push({ path, name: declaration.name, kind: declaration.kind, rows, seconds })
    }
  }
  print(tried, found, output)
  return found.length > 0 ? EXIT_USAGE : EXIT_DONE
}

function print(tried: readonly Tried[], faults: readonly OwnTableFault[], output: Output): void {
  if (tried.length > 0) {
    output.table(
      ['table', 'kind', 'rows', 'seconds'],
      tried.map(({ name, kind, rows, seconds }) => [name, kind, rows, seconds.toFixed(2)]),
    )
    output.line()
  }
  for (const { name } of tried.filter(({ rows }) => rows === 0))
    output.line(`Nothing of the made-up day gives ${name} a row, so its rows were not tried`)
  for (const each of faults) output.line(faultText(each))
  const things = faults.length === 1 ? 'One thing is' : `${faults.length} things are`
  output.line(faults.length === 0 ? 'Nothing is wrong with them' : `${things} wrong`)
  output.document({ tables: tried, faults })
}

type Config = Awaited<ReturnType<typeof readConfig>>

/** Files can be checked where there is no config. */
async function configOf(path: string): Promise<Config | null> {
  try {
    return await readConfig(path)
  } catch (error) {
    if (error instanceof MillraceError && error.code === 'config_missing') return null
    throw error
  }
}

async function filesOf(loaded: Config | null): Promise<readonly string[]> {
  const folder = loaded?.config.tables
  if (loaded === null || folder === undefined)
    throw new MillraceError(
      'usage_invalid',
      'Cannot check tables: no file is named, and no folder under `tables` in the config',
    )
  const files = await ownTableFiles(resolve(loaded.base, folder))
  if (files === null) throw new MillraceError('usage_invalid', `Cannot check tables: there is no folder "${folder}"`)
  return files
}
