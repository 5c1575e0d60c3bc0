// The commands for whoever reads the databases: names, options and help. What they do stands in files of their own.
import { type Command, Option } from 'commander'
import { type ConfigOption, configOption, type JsonOption, jsonOption, positive } from './command_options.ts'
import { EVENT_FORMATS, type EventFormat } from './events/kept_events.ts'
import { FORMATS, type Format } from './export/file_name.ts'
import { createOutput } from './output.ts'

interface CourseOption {
  readonly course: readonly string[]
  readonly site?: string
}

const courseOption = () =>
  new Option('--course <id>', 'course id, case kept; may be given several times')
    .default([], 'none')
    .argParser((id: string, before: readonly string[]) => [...before, id])

/** Adds the commands for whoever reads the databases; `finish` receives a command's exit code. */
export function addResearchCommands(program: Command, finish: (code: number) => void): void {
  addExportCommand(program, finish)
  addReportCommand(program, finish)
  addEventsCommand(program, finish)
  program
    .command('query')
    .description('ask a course database something, without the duckdb program')
    .argument('<database>', 'a .duckdb file')
    .argument('<sql>', 'a question in SQL')
    .addOption(jsonOption())
    .action(async (database: string, sql: string, options: JsonOption) => {
      const { query } = await import('./query.ts')
      finish(await query({ database, sql, output: createOutput(options) }))
    })
}

function addExportCommand(program: Command, finish: (code: number) => void): void {
  program
    .command('export')
    .description('write tables of courses as CSV or Parquet, with a manifest and a codebook')
    .requiredOption('--to <place>', 'folder or s3://bucket/prefix')
    .addOption(courseOption())
    .option('--site <site>', 'only courses of this site')
    .option('--all', 'all courses', false)
    .option('--catalog', 'also the catalogue of the organisation', false)
    .option('--tables <list>', 'only these tables, separated by commas', (text: string) => text.split(','))
    .addOption(new Option('--format <format>', 'kind of the files').choices(FORMATS).default('csv'))
    .addOption(configOption())
    .addOption(jsonOption())
    .action(
      async (
        options: ConfigOption &
          JsonOption &
          CourseOption & {
            readonly to: string
            readonly all: boolean
            readonly catalog: boolean
            readonly tables?: readonly string[]
            readonly format: Format
          },
      ) => {
        const { config, json: _, site, tables = null, ...rest } = options
        const { exportFiles } = await import('./export.ts')
        finish(await exportFiles({ ...rest, config_path: config, site, tables, output: createOutput(options) }))
      },
    )
}

function addReportCommand(program: Command, finish: (code: number) => void): void {
  program
    .command('report')
    .description('write a course on one HTML page: enrolment, activity, videos, problems, forum, coverage')
    .requiredOption('--course <id>', 'course id, case kept')
    .option('--site <site>', 'of this site, where several have the course')
    .option('--to <file>', 'where to (default: report-SITE-COURSE.html)')
    .option('--from <date>', 'curves from this day on (default: the first with logs of the course)')
    .option('--until <date>', 'curves up to this day (default: the last)')
    .option('--min-group <number>', 'tell nothing of a group of fewer learners than these', positive, 10)
    .addOption(configOption())
    .addOption(jsonOption())
    .action(
      async (
        options: ConfigOption &
          JsonOption & {
            readonly course: string
            readonly site?: string
            readonly to?: string
            readonly from?: string
            readonly until?: string
            readonly minGroup: number
          },
      ) => {
        const { config, course, site, to = null, from = null, until = null, minGroup } = options
        const { report } = await import('./report.ts')
        const output = createOutput(options)
        finish(await report({ config_path: config, course, site, to, from, until, group_min: minGroup, output }))
      },
    )
}

function addEventsCommand(program: Command, finish: (code: number) => void): void {
  program
    .command('events')
    .description('write the events of a course that the config keeps (keep_events)')
    .requiredOption('--course <id>', 'course id, case kept')
    .option('--site <site>', 'of this site, where several have the course')
    .option('--user <user>', 'only of this account id or user name; digits are an id')
    .addOption(
      new Option('--user-name <name>', 'only of this user name, also where it is made of digits').conflicts('user'),
    )
    .addOption(
      new Option(
        '--type <pattern>',
        'only of this type, canonical or as logged; * stands for anything; several may be given',
      )
        .default([], 'any')
        .argParser((type: string, before: readonly string[]) => [...before, type]),
    )
    .option('--from <date>', 'only from this day on')
    .option('--to <date>', 'only up to this day')
    .addOption(new Option('--format <format>', 'how to write them').choices(EVENT_FORMATS).default('ndjson'))
    .option('-o, --output <file>', 'where to; standard output without it')
    .addOption(configOption())
    .action(
      async (
        options: ConfigOption & {
          readonly course: string
          readonly site?: string
          readonly user?: string
          readonly userName?: string
          readonly type: readonly string[]
          readonly from?: string
          readonly to?: string
          readonly format: EventFormat
          readonly output?: string
        },
      ) => {
        const { events } = await import('./events.ts')
        const { course, site, user = null, userName: user_name = null, type, from = null, to = null, format } = options
        const choice = { user, user_name, type, from, to }
        const { config: config_path, output: file = null } = options
        finish(await events({ ...choice, config_path, course, site, format, file }))
      },
    )
}
