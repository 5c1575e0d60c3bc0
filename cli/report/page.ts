// The page around the sections: what course this is, how to read it, and how it looks on a screen and on paper.
import { html, type Markup } from '../html.ts'

export interface PageGiven {
  readonly course_id: string
  readonly site: string
  readonly edition: string
  readonly head: number
  readonly from: string
  readonly to: string
  readonly facts: readonly { readonly name: string; readonly value: string }[]
  readonly group_min: number
  readonly sections: readonly Markup[]
}

/** Writes the report as one HTML page that needs nothing else. */
export function reportPage(given: PageGiven): string {
  const { course_id, site, edition, head, facts, group_min } = given
  return `<!doctype html>\n${html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Report: ${course_id}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${course_id}</h1>
<p>Site ${site} · ${given.from} to ${given.to}</p>
<dl>${facts.map(({ name, value }) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
</header>
${given.sections}<footer>
<h2>How to read this report</h2>
<p>All days and weeks are UTC, by the time of the events. Every number comes from a table of the course database, edition <code>${edition}</code> (head ${head});
the meaning of each table stands in its codebook.</p>
<p>${
    group_min > 1
      ? `Nothing is told of a group of fewer than ${group_min} learners: “<${group_min}” may be nobody. The fewest and the most attempts of a problem are single learners’ in a larger group. Where a number and its group would tell of fewer than ${group_min} by their difference, a bound is told, “<” or “>”. Reports of different days, compared, may still tell more than one of them; share them with care.`
      : 'Numbers are shown however few learners they are about: this page is not for publication.'
  }</p>
</footer>
</body>
</html>
`}`
}

const STYLE = html`
:root { --ink: #222; --faint: #5f5f5f; --line: #d0d0d0; --blue: #0072b2; --vermilion: #d55e00; }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif; color: var(--ink); background: #fff;
  max-width: 908px; margin: 0 auto; padding: 2rem 1.5rem 4rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.3rem; margin: 3rem 0 .75rem; padding-top: .75rem; border-top: 2px solid var(--ink); }
header p { color: var(--faint); margin: .25rem 0 1.5rem; }
dl { display: flex; flex-wrap: wrap; gap: .75rem 2.5rem; margin: 0; }
dt { color: var(--faint); font-size: .85rem; }
dd { margin: 0; font-size: 1.5rem; font-weight: 600; font-variant-numeric: tabular-nums; }
figure { margin: 0; }
figure svg { display: block; max-width: 100%; height: auto; }
figcaption, section > p { color: var(--faint); font-size: .9rem; margin: .5rem 0 .75rem; max-width: 46rem; }
.pair { display: grid; grid-template-columns: minmax(0, 530fr) minmax(0, 320fr); }
.pair svg { width: 100%; }
details { font-size: .9rem; }
summary { cursor: pointer; color: var(--blue); margin-bottom: .5rem; }
table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; font-weight: 400; padding: .25rem 1rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: middle; }
thead th { font-weight: 600; max-width: 6.5rem; vertical-align: bottom; line-height: 1.25; border-bottom-color: var(--ink); }
td.n { white-space: nowrap; }
.n { text-align: right; }
.wide { overflow-x: auto; }
td svg { display: inline-block; vertical-align: middle; }
.timeline { display: flex; align-items: flex-start; }
.peak { width: 2.8rem; text-align: right; padding-right: .35rem; color: var(--faint); font-size: .75rem; line-height: 1; }
.absent { color: var(--faint); font-style: italic; }
.key { white-space: nowrap; margin-right: .75rem; }
.box { display: inline-block; width: 1.1em; height: 1.1em; line-height: 1.05em; text-align: center; vertical-align: -.15em; border: 1px solid #8a8a8a; font-weight: 700; color: var(--ink); }
.box.merged { background: var(--blue); border-color: var(--blue); }
.box.waiting { background: #bdbdbd; }
.box.quarantined { background: var(--vermilion); border-color: var(--vermilion); color: #fff; }
footer { color: var(--faint); font-size: .9rem; }
footer h2 { color: var(--ink); }
@page { margin: 15mm; }
@media print {
  body { max-width: none; padding: 0; font-size: 10.5pt; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  h2 { break-after: avoid; margin-top: 1.5rem; }
  figure, tr, header { break-inside: avoid; }
  thead { display: table-header-group; }
  summary, details:not([open], .printed) { display: none; }
  details.printed::details-content { content-visibility: visible; }
  .wide { overflow: visible; }
}
`
