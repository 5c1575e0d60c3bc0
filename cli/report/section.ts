// A report is made of sections, and each must also make sense where its table is not there: a database of an earlier release
// has fewer tables, and a page that says so is better than none.
import type { Database } from '../../runtime/duckdb.ts'
import { html, type Markup } from '../html.ts'
import type { Gap } from './line_chart.ts'

/** What the sections of one course are made from. */
export interface CourseSource {
  /** The course database; the catalogue is attached as `organisation`. */
  readonly database: Database
  /** Names of what there is, of the catalogue with `organisation.` before them. */
  readonly relations: ReadonlySet<string>
  readonly site: string
  /** Learners that a group must have at least, so that the report tells of it. */
  readonly group_min: number
  /** First and last day that the logs of the course are about. */
  readonly from: string
  readonly to: string
  /** Days without logs in between. */
  readonly gaps: readonly Gap[]
}

export interface Section {
  readonly title: string
  /** Tables that it is made from. */
  readonly needs: readonly string[]
  /** Writes what stands below the title. */
  readonly write: (source: CourseSource) => Promise<Markup>
}

/** Writes a section, or that its tables are not there. */
export async function writeSection(section: Section, source: CourseSource): Promise<Markup> {
  const missing = section.needs.filter((name) => !source.relations.has(name))
  const body =
    missing.length === 0
      ? await section.write(source)
      : html`<p class="absent">Not shown: this database has no table ${missing.map((name, index) => html`${index > 0 ? ', ' : ''}<code>${name.replace('organisation.', '')}</code>`)}. It was built by an earlier release; the next run builds it anew.</p>`
  return html`<section>\n<h2>${section.title}</h2>\n${body}\n</section>\n`
}

export interface Figure {
  readonly chart: Markup
  readonly caption: Markup | string
  readonly table: Markup
  /** Rows of the table: short ones are printed. */
  readonly rows: number
  /** The numbers are what the figure is for. */
  readonly is_open?: true
}

const PRINTED_ROWS_MAX = 15

/** Writes a chart with what it shows and its numbers, which open at a click. */
export function figure({ chart, caption, table, rows, is_open }: Figure): Markup {
  return html`<figure>
${chart}
<figcaption>${caption}</figcaption>
</figure>
<details${rows <= PRINTED_ROWS_MAX ? html` class="printed"` : ''}${is_open === true ? html` open` : ''}><summary>The numbers of this figure</summary>
${table}
</details>
`
}

export type TableCell = Markup | string | number

/** Writes a table; columns after the first `texts` ones are numbers. */
export function numbers(
  head: readonly string[],
  rows: readonly (readonly TableCell[])[],
  { texts = 1 }: { readonly texts?: number } = {},
): Markup {
  const kind = (index: number): Markup => (index < texts ? html`` : html` class="n"`)
  return html`<table>
<thead><tr>${head.map((name, index) => html`<th scope="col"${kind(index)}>${name}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => html`<tr>${row.map((cell, index) => (index === 0 ? html`<th scope="row">${cell}</th>` : html`<td${kind(index)}>${cell}</td>`))}</tr>\n`)}</tbody>
</table>`
}

export const nothing = (text: string): Markup => html`<p class="absent">${text}</p>`
