// The commands about tables: which there are, what one says, and what is wrong with those of one's own.
import type { Command } from 'commander'
import { type ConfigOption, configOption, type JsonOption, jsonOption } from './command_options.ts'
import { createOutput } from './output.ts'

/** Adds them to the program; `finish` receives a command's exit code. */
export function addTableCommands(program: Command, finish: (code: number) => void): void {
  const tables = program
    .command('tables')
    .description('list all tables, ours and your own')
    .addOption(configOption())
    .addOption(jsonOption())
    .action(async (options: ConfigOption & JsonOption) => {
      const { listTables } = await import('./tables/show_tables.ts')
      finish(await listTables({ config_path: options.config, output: createOutput(options) }))
    })
  tables
    .command('show')
    .description('tell what a table holds and what its columns mean')
    .argument('<name>', 'name of the table')
    .addOption(configOption())
    .addOption(jsonOption())
    .action(async (name: string, _: unknown, command: Command) => {
      const options = optionsOf(command)
      const { showTable } = await import('./tables/show_tables.ts')
      finish(await showTable({ config_path: options.config, name, output: createOutput(options) }))
    })
  tables
    .command('check')
    .description('find out what is wrong with tables of your own, and try them on a made-up day (exit code 64 if so)')
    .argument('[file...]', 'SQL files; without any, the folder under "tables" in the config')
    .addOption(configOption())
    .addOption(jsonOption())
    .action(async (files: readonly string[], _: unknown, command: Command) => {
      const options = optionsOf(command)
      const { checkTables } = await import('./tables/check_tables.ts')
      finish(await checkTables({ config_path: options.config, files, output: createOutput(options) }))
    })
  for (const command of tables.commands) command.exitOverride()
}

/** `tables` has the same options as its subcommands, and takes them wherever they stand. */
const optionsOf = (command: Command): ConfigOption & JsonOption => command.optsWithGlobals()
