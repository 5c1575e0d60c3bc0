// A file of numbers without its codebook is read wrongly sooner or later. It is made from the comments in the database that is
// exported, so it speaks of exactly these columns; the declarations only give it chapters.
import { CATALOG_TABLES } from '../../contracts/catalog_tables.ts'
import { DECLARED } from '../../contracts/registry.ts'
import type { DeclaredSection } from '../../contracts/table_set.ts'
import { type Content, html, type Markup } from '../html.ts'
import { fullName, type Relation } from './relation.ts'

export interface Described {
  readonly relation: Relation
  readonly file: string
  readonly rows: number
}

export interface Title {
  /** What was exported: a course id, or the organisation's catalogue. */
  readonly subject: string
  readonly edition: string
  /** Chapters of the tables; ours unless told otherwise. */
  readonly sections?: readonly DeclaredSection[]
}

const HEADER = ['table', 'file', 'position', 'column', 'type', 'meaning']

/** Writes the codebook as CSV: for each table a row of position 0 with what it holds, then a row for each column. */
export function codebookCsv(tables: readonly Described[]): string {
  const rows = tables.flatMap(({ relation, file }) => [
    [fullName(relation), file, '0', '', relation.kind.toUpperCase(), relation.doc ?? ''],
    ...relation.columns.map(({ name, type, doc }, index) => [
      fullName(relation),
      file,
      String(index + 1),
      name,
      type,
      doc ?? '',
    ]),
  ])
  return [HEADER, ...rows].map((row) => `${row.map(csvCell).join(',')}\n`).join('')
}

const csvCell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** Writes the codebook as one HTML page that needs nothing else. */
export function codebookHtml({ subject, edition, sections = DECLARED }: Title, tables: readonly Described[]): string {
  const chapters = chaptersOf(tables, sections)
  return `<!doctype html>\n${html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Codebook of ${subject}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Codebook <small>${subject}</small></h1>
<p>Edition <code>${edition}</code>. Times are UTC; names that end in <code>_s</code> are seconds; in CSV files NULL is empty and an
empty text is <code>""</code>.</p>
<nav><ul>${chapters.map(
    ({ title, described }) => html`
<li>${title}: ${described.map((one, index) => html`${index > 0 ? ', ' : ''}<a href="#${anchor(one)}">${fullName(one.relation)}</a>`)}</li>`,
  )}
</ul></nav>
${chapters.map(({ title, described }) => html`<h2>${title}</h2>\n${described.map(section)}`)}
</body>
</html>
`}`
}

interface Chapter {
  readonly title: string
  readonly described: readonly Described[]
}

/** Puts tables into the chapters of the declarations, in their order; what nobody declared stands last, by schema. */
function chaptersOf(tables: readonly Described[], sections: readonly DeclaredSection[]): readonly Chapter[] {
  const titles = new Map<string, string>()
  for (const { section, declared } of sections)
    for (const one of declared)
      titles.set(fullName({ schema: one.kind === 'view' ? one.schema : 'main', name: one.name }), section.title)
  for (const { name } of CATALOG_TABLES) if (!titles.has(name)) titles.set(name, CATALOGUE)
  const order = [CATALOGUE, ...sections.map(({ section }) => section.title)]
  const titleOf = ({ relation }: Described): string =>
    titles.get(fullName(relation)) ?? titleOfSchema(relation.schema) ?? `Schema ${relation.schema}`
  const found = Map.groupBy(tables, titleOf)
  const others = [...found.keys()].filter((title) => !order.includes(title)).sort()
  return [...order, ...others].flatMap((title) => {
    const described = found.get(title)
    return described === undefined ? [] : [{ title, described }]
  })
}

/** Views that follow from what is in a course stand beside the declared ones of their schema. */
const titleOfSchema = (schema: string): string | undefined =>
  DECLARED.find(({ section }) => section.folder === schema)?.section.title

const CATALOGUE = 'Catalogue'

const anchor = ({ file }: Described): string => `file-${file}`

function section(one: Described): Markup {
  const { relation, file, rows } = one
  return html`<section id="${anchor(one)}">
<h3><code>${fullName(relation)}</code></h3>
<p class="file">${relation.kind === 'view' ? 'View' : 'Table'}, file <code>${file}</code>, ${rows.toLocaleString('en-US')} ${rows === 1 ? 'row' : 'rows'}</p>
<p>${prose(relation.doc ?? '')}</p>
<table>
<thead><tr><th>column</th><th>type</th><th>meaning</th></tr></thead>
<tbody>
${relation.columns.map(({ name, type, doc }) => html`<tr><td><code>${name}</code></td><td>${type}</td><td>${prose(doc ?? '')}</td></tr>\n`)}</tbody>
</table>
</section>
`
}

/** Comments mark names and values as Markdown does. */
const prose = (text: string): readonly Content[] =>
  text.split('`').map((piece, index, { length }) => {
    // A mark that is never closed is a sign like any other.
    if (index % 2 === 0 || index === length - 1) return index % 2 === 0 ? piece : `\`${piece}`
    return html`<code>${piece}</code>`
  })

const STYLE = html`
body { font: 16px/1.5 system-ui, sans-serif; color: #1a1a1a; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 small { display: block; font-size: 1.1rem; font-weight: 400; color: #555; overflow-wrap: anywhere; }
h2 { margin-top: 3rem; border-bottom: 2px solid #0072b2; }
a { color: #0072b2; }
nav li { margin: .25rem 0; }
.file { color: #555; margin: 0; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid #ddd; }
td:first-child code { white-space: nowrap; }
@media print { body { font-size: 10pt; max-width: none; margin: 0; } section { break-inside: auto; } tr { break-inside: avoid; } nav { display: none; } }
`
