// The command line: names, options and help. What a command does stands in its own file; what its exit code means, in
// exit_codes.ts.
import { Command, CommanderError } from 'commander'
import { type ErrorCode, MillraceError, remedyOf } from '../contracts/errors.ts'
import manifest from '../package.json' with { type: 'json' }
import { sizeNativeThreads } from '../runtime/native_threads.ts'
import {
  type ConfigOption,
  configOption,
  type JsonOption,
  jsonOption,
  type LogOption,
  logOption,
  portOption,
  positive,
} from './command_options.ts'
import { EXIT_DONE, EXIT_FAILED, EXIT_HELP, EXIT_USAGE } from './exit_codes.ts'
import { createOutput } from './output.ts'
import { addResearchCommands } from './research_commands.ts'
import type { SampleOptions } from './sample_command.ts'
import { addTableCommands } from './table_commands.ts'

/** Builds the program; `finish` receives a command's exit code. */
function buildProgram(finish: (code: number) => void): Command {
  const program = new Command('millrace')
    .description('Turns years of encrypted edX event logs into exact, documented, per-course DuckDB databases')
    .version(manifest.version)
    .addHelpText('after', EXIT_HELP)
    .showHelpAfterError('Run "millrace --help" for what there is')
  addProjectCommands(program, finish)
  addRunCommands(program, finish)
  addResearchCommands(program, finish)
  addTableCommands(program, finish)
  addProcessCommands(program, finish)
  return program
}

function addProjectCommands(program: Command, finish: (code: number) => void): void {
  program
    .command('init')
    .description('write a commented config file')
    .argument('[file]', 'where to', 'millrace.yaml')
    .addOption(jsonOption())
    .action(async (path: string, options: JsonOption) => {
      const { init } = await import('./init.ts')
      finish(await init({ path, output: createOutput(options) }))
    })
  program
    .command('plan')
    .description('show what a run would do, and why; changes nothing (exit code 2 when there is work)')
    .addOption(configOption())
    .addOption(jsonOption())
    .option('--days', 'list every day that would be computed', false)
    .action(async (options: ConfigOption & JsonOption & { readonly days: boolean }) => {
      const { plan } = await import('./plan.ts')
      finish(await plan({ config_path: options.config, list_days: options.days, output: createOutput(options) }))
    })
  program
    .command('status')
    .description('show what is done, merged, quarantined and published')
    .addOption(configOption())
    .addOption(jsonOption())
    .action(async (options: ConfigOption & JsonOption) => {
      const { status } = await import('./status.ts')
      finish(await status({ config_path: options.config, output: createOutput(options) }))
    })
  program
    .command('retry')
    .description('release quarantined days, so that the next run tries them again')
    .addOption(configOption())
    .addOption(jsonOption())
    .option('--class <class>', 'only this class of failure, e.g. key')
    .option('--site <site>', 'only this site')
    .option('--from <date>', 'only from this day on')
    .option('--to <date>', 'only up to this day')
    .action(
      async (options: ConfigOption & JsonOption & Record<'class' | 'site' | 'from' | 'to', string | undefined>) => {
        const { retry } = await import('./retry.ts')
        finish(await retry({ config_path: options.config, filter: options, output: createOutput(options) }))
      },
    )
}

function addRunCommands(program: Command, finish: (code: number) => void): void {
  program
    .command('run')
    .description('do everything on this machine: coordinator, workers, reducer and, unless the config names one, NATS')
    .addOption(configOption())
    .addOption(jsonOption())
    .addOption(logOption())
    .option('--log <file>', 'log file (default: millrace.log beside the config)')
    .option('--watch', 'stay and keep the databases up to date until stopped', false)
    .action(
      async (options: ConfigOption & JsonOption & LogOption & { readonly log?: string; readonly watch: boolean }) => {
        const { run } = await import('./run.ts')
        finish(
          await run({
            config_path: options.config,
            log_level: options.logLevel,
            log_path: options.log ?? null,
            watch: options.watch,
            output: createOutput(options),
          }),
        )
      },
    )
  program
    .command('sample')
    .description('write a sample package: encrypted logs as edX delivers them, keys and a config')
    .requiredOption('--to <folder>', 'where to')
    .option('--organisation <name>', 'organisation in the file names', 'DemoX')
    .option('--sites <list>', 'sites, separated by commas', (text: string) => text.split(','), ['edx', 'edge'])
    .option('--from <date>', 'first day', '2016-04-20')
    .option('--days <number>', 'how many days', positive, 30)
    .option('--events <number>', 'events a day, all sites together, about', positive, 1_200)
    .option('--seed <text>', 'same seed, same events', '1')
    .option('--truth', 'also write what the databases should say, as truth.json', false)
    .addOption(jsonOption())
    .action(async (options: SampleOptions & JsonOption) => {
      const { sample } = await import('./sample_command.ts')
      finish(await sample(options, createOutput(options)))
    })
  program
    .command('demo')
    .description('make a sample package and run the whole job on it')
    .option('--to <folder>', 'where to', 'millrace-demo')
    .addOption(jsonOption())
    .action(async (options: JsonOption & { readonly to: string }) => {
      const { demo } = await import('./demo.ts')
      finish(await demo({ folder: options.to, output: createOutput(options) }))
    })
}

function addProcessCommands(program: Command, finish: (code: number) => void): void {
  const descriptions = {
    coordinator: 'plan, dispatch and hold the keys (one is enough)',
    worker: 'decrypt and aggregate days (as many as you like)',
    reducer: 'merge days into course databases (one per site is enough)',
  } as const
  for (const [role, description] of Object.entries(descriptions))
    program
      .command(role)
      .description(`start one process: ${description}`)
      .addOption(configOption())
      .addOption(logOption())
      .addOption(portOption())
      .action(async (options: ConfigOption & LogOption & { readonly httpPort?: number }) => {
        const { startProcess } = await import('./processes.ts')
        finish(
          await startProcess(role, {
            config_path: options.config,
            log_level: options.logLevel,
            ...(options.httpPort === undefined ? {} : { http_port: options.httpPort }),
          }),
        )
      })
}

/** Failures that the user mends in the command line or the config. */
const USAGE_CODES: readonly ErrorCode[] = ['config_invalid', 'config_missing', 'usage_invalid']

/** Runs the command line and tells the exit code; expected failures become one sentence on standard error. */
async function main(args: readonly string[]): Promise<number> {
  let code = EXIT_DONE
  const program = buildProgram((given) => {
    code = given
  })
  program.exitOverride()
  for (const command of program.commands) command.exitOverride()
  try {
    await program.parseAsync([...args], { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_DONE : EXIT_USAGE
    if (!(error instanceof MillraceError)) throw error
    process.stderr.write(`${error.message}\n${remedyOf(error.code)} [${error.code}]\n`)
    return USAGE_CODES.includes(error.code) ? EXIT_USAGE : EXIT_FAILED
  }
}

sizeNativeThreads()
process.exitCode = await main(process.argv.slice(2))
