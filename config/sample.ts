// The commented config that `millrace init` writes. It is made from the schema's own descriptions, defaults and examples,
// so it names every key there is and can never fall behind.
import { stringify } from 'yaml'
import { configJsonSchema, propertiesOf, type SchemaNode } from './json_schema.ts'

const HEADER = `# What Millrace computes, from where, and where to. A line with # and no space after it is a setting that stands at its
# default, or at an example; take the # away to change it. Secrets never stand here, only the paths of their files.
`

/** The JSON Schema of this installation, as an address that editors follow. */
const INSTALLED_SCHEMA = new URL('./millrace.schema.json', import.meta.url).href

/** Makes the text of a commented sample config; `schema` is where an editor finds the JSON Schema. */
export function sampleConfig(options: { readonly schema?: string; readonly organisation?: string } = {}): string {
  const root = configJsonSchema()
  const required = new Set(root.required)
  const blocks = Object.entries(propertiesOf(root)).map(([key, node]) => {
    const given = key === 'organisation' && options.organisation !== undefined ? options.organisation : undefined
    const setting = lines(key, node, given)
    const text = required.has(key) ? setting : setting.map((line) => `#${line}`)
    return [...comment(node), ...text].join('\n')
  })
  return `# yaml-language-server: $schema=${options.schema ?? INSTALLED_SCHEMA}\n${HEADER}\n${blocks.join('\n\n')}\n`
}

const comment = (node: SchemaNode): readonly string[] =>
  node.description === undefined ? [] : wrapped(node.description).map((line) => `# ${line}`)

/** Writes a key with its example or default, or, for an object, the keys within it. */
function lines(key: string, node: SchemaNode, given?: unknown): readonly string[] {
  const value = given ?? node.examples?.[0] ?? (node.properties === undefined ? node.default : undefined)
  if (value !== undefined)
    return stringify({ [key]: value }, { lineWidth: 0 })
      .trimEnd()
      .split('\n')
  const within = Object.entries(propertiesOf(node)).flatMap(([name, child]) => [
    ...comment(child),
    ...lines(name, child),
  ])
  return [`${key}:`, ...within.map((line) => `  ${line}`)]
}

function wrapped(text: string): readonly string[] {
  const rows: string[] = ['']
  for (const word of text.split(' ')) {
    const row = rows.at(-1) ?? ''
    if (row.length + word.length > 110) rows.push(word)
    else rows[rows.length - 1] = row === '' ? word : `${row} ${word}`
  }
  return rows
}
