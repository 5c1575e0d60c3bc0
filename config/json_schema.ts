// The config schema as JSON Schema: editors complete and check millrace.yaml by it, and the sample and the error report
// read names, defaults and descriptions from it, so that none of them can contradict the schema.
import { z } from 'zod'
import { Config } from './schema.ts'

/** The part of JSON Schema that the config uses, for one key. */
export interface SchemaNode {
  readonly $schema?: string
  readonly description?: string
  readonly default?: unknown
  readonly examples?: readonly unknown[]
  readonly type?: string
  readonly format?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly properties?: Readonly<Record<string, SchemaNode>>
  /** What stands under names that a person chooses. */
  readonly additionalProperties?: SchemaNode | boolean
  readonly required?: readonly string[]
  readonly items?: SchemaNode
  readonly anyOf?: readonly SchemaNode[]
}

/** zod leaves examples out where a key is transformed after reading; ours are examples of what is written. */
function keepExamples(context: {
  readonly zodSchema: z.core.$ZodType
  readonly jsonSchema: { examples?: unknown }
}): void {
  const examples = z.globalRegistry.get(context.zodSchema)?.examples
  if (Array.isArray(examples)) context.jsonSchema.examples = examples
}

/** Gives the JSON Schema of what a person writes, as the error report walks it. */
export const writtenSchema = (read: z.ZodType): SchemaNode =>
  // zod's type is JSON Schema at large; ours use no more of it than SchemaNode names, which the sample's test walks.
  z.toJSONSchema(read, { io: 'input', override: keepExamples }) as SchemaNode

let schema: SchemaNode | null = null

/** Gives the JSON Schema of millrace.yaml; made when it is first asked for, because a config without faults needs none. */
export function configJsonSchema(): SchemaNode {
  schema ??= writtenSchema(Config)
  return schema
}

/** Gives the text of config/millrace.schema.json. */
export const configJsonSchemaText = (): string => `${JSON.stringify(configJsonSchema(), null, 2)}\n`

/** Finds what stands in a node: its keys, whether it is an object or may be one among others. */
export const propertiesOf = (node: SchemaNode): Readonly<Record<string, SchemaNode>> =>
  node.properties ?? node.anyOf?.find((choice) => choice.properties !== undefined)?.properties ?? {}

/** Finds the node of a path such as `['workers', 'threads']`; null when the schema has no such key. */
export function nodeAt(path: readonly PropertyKey[], root: SchemaNode = configJsonSchema()): SchemaNode | null {
  let node: SchemaNode | undefined = root
  for (const step of path) {
    if (node === undefined) return null
    node = typeof step === 'number' ? node.items : (propertiesOf(node)[String(step)] ?? namedIn(node))
  }
  return node ?? null
}

const namedIn = ({ additionalProperties }: SchemaNode): SchemaNode | undefined =>
  typeof additionalProperties === 'object' ? additionalProperties : undefined

/** Lists the dotted paths of all keys, at every depth. */
export function keyPaths(node: SchemaNode = configJsonSchema(), prefix = ''): readonly string[] {
  return Object.entries(propertiesOf(node)).flatMap(([key, child]) => [
    `${prefix}${key}`,
    ...keyPaths(child.items ?? child, `${prefix}${key}${child.items === undefined ? '.' : '[].'}`),
  ])
}
