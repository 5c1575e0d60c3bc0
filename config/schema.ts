// What a data czar may write in millrace.yaml. The schema is the documentation: every key has its meaning and its
// default, an unknown key is an error, and secrets are never in the file, only paths to them.
import { z } from 'zod'
import { CalendarDate, Organisation, siteOfToken } from '../contracts/day.ts'
import { RuleChoices } from '../contracts/rule_choices.ts'

const SiteToken = z.string().transform((token, context) => {
  const site = siteOfToken(token)
  if (site !== null) return site
  context.addIssue({ code: 'custom', message: 'expected a site such as edx or edge' })
  return z.NEVER
})

const inOrder = (range: { readonly from: string; readonly to?: string | undefined }): boolean =>
  range.to === undefined || range.from <= range.to

/** Where objects lie: `file:///…`, a plain path, or `s3://bucket/prefix`. */
export const StoreLocation = z.strictObject({
  url: z
    .string()
    .regex(
      /^(s3:\/\/[a-z0-9][a-z0-9.-]+(\/.*)?|file:\/\/\/.*|\.{0,2}\/.*|[^:]+)$/,
      'expected file:///path, a path, or s3://bucket/prefix',
    )
    .describe('file:///path, a path, or s3://bucket/prefix'),
  endpoint: z.url().optional().describe('S3 only: address of another S3-compatible service'),
  region: z.string().optional().describe('S3 only: default from the AWS environment, else us-east-1'),
  path_style: z.boolean().default(false).describe('S3 only: bucket in the path instead of the host name'),
  profile: z
    .string()
    .optional()
    .describe('S3 only: a profile of the AWS credential files; default is the usual credential chain'),
})
export type StoreLocation = z.infer<typeof StoreLocation>

const Location = z.union([
  z
    .string()
    .transform((url) => ({ url }))
    .pipe(StoreLocation),
  StoreLocation,
])

export const Reprocess = z
  .strictObject({
    from: CalendarDate.describe('First day, inclusive'),
    to: CalendarDate.describe('Last day, inclusive'),
    sites: z.array(SiteToken).optional().describe('Default: all sites'),
    epoch: z.number().int().positive().describe('Raise it to compute these days once more'),
    reason: z.string().min(1).describe('Why; it is shown by `millrace plan`'),
  })
  .refine(inOrder, { path: ['to'], message: 'expected a day that is not before "from"' })
export type Reprocess = z.infer<typeof Reprocess>

export const QueueConfig = z.strictObject({
  servers: z
    .array(z.string())
    .min(1)
    .optional()
    .meta({
      description: 'NATS servers; without them `millrace run` starts its own',
      examples: [['nats://127.0.0.1:4222']],
    }),
  namespace: z
    .string()
    .regex(/^[a-z][a-z0-9_]*$/, 'expected lower-case letters, digits and _, a letter first')
    .default('millrace')
    .describe('Prefix of all streams and subjects'),
  user: z
    .string()
    .optional()
    .meta({ description: 'User name at the NATS server', examples: ['millrace'] }),
  password_file: z
    .string()
    .optional()
    .meta({ description: 'Path of a file that holds the password', examples: ['./secrets/nats.password'] }),
  credentials_file: z
    .string()
    .optional()
    .meta({ description: 'Path of a NATS .creds file', examples: ['./secrets/millrace.creds'] }),
  tls: z
    .strictObject({
      ca_file: z
        .string()
        .optional()
        .meta({ description: 'Path of the certificate authority', examples: ['./secrets/ca.pem'] }),
      cert_file: z
        .string()
        .optional()
        .meta({ description: 'Path of the client certificate', examples: ['./secrets/client.pem'] }),
      key_file: z
        .string()
        .optional()
        .meta({ description: 'Path of its private key', examples: ['./secrets/client.key'] }),
    })
    .optional()
    .describe('Encrypts the connection; {} when the system trusts the server’s certificate'),
  replicas: z.number().int().min(1).max(5).default(1).describe('Copies of the streams on a NATS cluster'),
  ack_wait_s: z.number().min(1).default(60).describe('A job whose worker is silent for so long goes to another'),
})
export type QueueConfig = z.infer<typeof QueueConfig>

export const Config = z
  .strictObject({
    organisation: z
      .string()
      .transform((token) => token.toLowerCase())
      .pipe(Organisation)
      .meta({ description: 'Your organisation as it stands in the file names, any case', examples: ['your-org'] }),
    aliases: z
      .array(z.string().transform((token) => token.toLowerCase()))
      .default([])
      .meta({ description: 'Other organisation names whose courses are yours too', examples: [['your-org-x']] }),
    source: Location.meta({
      description: 'Where the log files lie: file:///path, a path, or s3://bucket/prefix',
      examples: ['s3://edx-course-data/your-org'],
    }),
    results: Location.meta({
      description: 'Where Millrace writes course databases and its own records',
      examples: ['./results'],
    }),
    from: CalendarDate.default(CalendarDate.parse('2012-09-01')).describe('First day to compute'),
    to: CalendarDate.optional().meta({
      description: 'Last day to compute; without it, whatever is there',
      examples: ['2030-12-31'],
    }),
    sites: z
      .array(SiteToken)
      .min(1)
      .optional()
      .meta({ description: 'Sites to compute; without it, every site found', examples: [['edx', 'edge']] }),
    courses: z
      .strictObject({
        include: z
          .array(z.string())
          .default(['*'])
          .describe('Patterns of course ids to build; * matches anything, ? one character'),
        exclude: z
          .array(z.string())
          .default([])
          .meta({ description: 'Patterns of course ids not to build', examples: [['course-v1:YourOrg+Sandbox*']] }),
      })
      .prefault({})
      .describe('Which courses get a database; a change recomputes no day'),
    keep_events: z
      .union([z.boolean(), z.array(z.string())])
      .default(false)
      .transform((kept) => (typeof kept === 'boolean' ? (kept ? ['*'] : []) : kept))
      .meta({
        description:
          'Keep the events themselves, with their payloads, as the table logged_event: true for all courses, or patterns of course ids; a change computes all days anew',
        examples: [['course-v1:YourOrg+Course+2020*']],
      }),
    geoip: z
      .strictObject({
        file: z
          .string()
          .min(1)
          .meta({
            description: 'A MaxMind DB of countries or cities; every worker needs it',
            examples: ['./GeoLite2-Country.mmdb'],
          }),
        edition: z
          .string()
          .min(1)
          .meta({ description: 'Your name for it; another name computes all days anew', examples: ['2026-11'] }),
      })
      .optional()
      .describe('Where learners are: countries of their addresses, which are not kept; without it `country` is NULL'),
    duplicates: z
      .enum(['drop', 'keep'])
      .default('drop')
      .describe('A line that occurs again byte for byte in one file: count it once, or as often as it occurs'),
    tables: z
      .string()
      .optional()
      .meta({
        description:
          'Folder of tables of your own, one NAME.sql each (docs/own_tables.md); `millrace tables check` tries them',
        examples: ['./tables'],
      }),
    rules: RuleChoices.prefault({}).describe(
      'Rules of others in the place of ours, where they differ; a change computes no day anew',
    ),
    keys: z
      .strictObject({
        directory: z.string().meta({
          description:
            'Folder of private keys (*.asc, *.gpg, *.pgp, *.key); NAME.passphrase beside a key holds its passphrase',
          examples: ['./keys'],
        }),
      })
      .optional()
      .describe('Only the coordinator reads them; leave it out for plain .log.gz archives'),
    allow_unauthenticated: z.boolean().default(false).describe('Also read old files without an integrity packet'),
    reprocess: z
      .array(Reprocess)
      .default([])
      .meta({
        description: 'Days to compute once more, with an epoch and a reason',
        examples: [[{ from: '2014-01-01', to: '2014-03-31', epoch: 1, reason: 'edX published these days anew' }]],
      }),
    allow_shrink: z.boolean().default(false).describe('Believe the source when many days vanish from it at once'),
    order: z.enum(['newest_first', 'oldest_first']).default('newest_first').describe('Which days come first'),
    queue: QueueConfig.prefault({}).describe('The NATS JetStream server that carries the jobs'),
    workers: z
      .strictObject({
        threads: z
          .union([z.literal('auto'), z.number().int().min(1).max(512)])
          .default('auto')
          .describe('Worker threads; auto is the CPU quota'),
        thread_memory_mb: z
          .number()
          .int()
          .min(192)
          .default(256)
          .describe('Memory limit of the database inside each thread, MiB'),
        scratch: z
          .string()
          .optional()
          .meta({
            description: 'Folder for temporary Parquet files; default is the system’s',
            examples: ['/var/tmp'],
          }),
      })
      .prefault({})
      .describe('The processes that compute days'),
    reducers: z
      .strictObject({
        memory_mb: z.number().int().min(256).default(2048).describe('Memory limit of the database in a reducer, MiB'),
        scratch: z
          .string()
          .optional()
          .meta({
            description: 'Folder for databases under construction; default is the system’s',
            examples: ['/var/tmp'],
          }),
        batch_days_max: z
          .number()
          .int()
          .min(1)
          .default(4096)
          .describe('Days merged at one time, fewer where their log files have more than 8 GiB together'),
      })
      .prefault({})
      .describe('The processes that merge days into course databases'),
    sweep_s: z.number().min(0.2).default(60).describe('Pause between two sweeps of the coordinator'),
    http: z
      .strictObject({
        host: z.string().default('127.0.0.1').describe('Address to listen on'),
        coordinator_port: z.number().int().min(0).max(65535).default(9470).describe('Port of the coordinator'),
        worker_port: z.number().int().min(0).max(65535).default(9471).describe('Port of the worker'),
        reducer_port: z.number().int().min(0).max(65535).default(9472).describe('Port of the reducer'),
      })
      .prefault({})
      .describe('Addresses of /metrics, /healthz and /readyz; port 0 takes any free one'),
  })
  .refine(inOrder, { path: ['to'], message: 'expected a day that is not before "from"' })
export type Config = z.infer<typeof Config>
