// Without it scripts that ask the ChalmersX toolkit’s table of this name would find none.
import { countsView } from '../../samced_counts.ts'

export default countsView({
  name: 'textbook_activity',
  doc: 'Events of textbooks by learner, the table that the ChalmersX toolkit describes and mostly stops at: it uses names with dots unquoted. Two columns have the toolkit’s spelling, `textbook.pdf.display.scrolled` and `textbook.pdf.search.casesensitivity.toggled`, and count what edX logs as `textbook.pdf.page.scrolled` and `textbook.pdf.searchcasesensitivity.toggled` too.',
  counts: [
    { column: 'book' },
    { column: 'textbook.pdf.chapter.navigated' },
    { column: 'textbook.pdf.display.scaled' },
    { column: 'textbook.pdf.display.scrolled', event_type: 'textbook.pdf.page.scrolled' },
    { column: 'textbook.pdf.outline.toggled' },
    { column: 'textbook.pdf.page.navigated' },
    {
      column: 'textbook.pdf.search.casesensitivity.toggled',
      event_type: 'textbook.pdf.searchcasesensitivity.toggled',
    },
    { column: 'textbook.pdf.search.executed' },
    { column: 'textbook.pdf.search.highlight.toggled' },
    { column: 'textbook.pdf.search.navigatednext' },
    { column: 'textbook.pdf.thumbnail.navigated' },
    { column: 'textbook.pdf.thumbnails.toggled' },
    { column: 'textbook.pdf.zoom.buttons.changed' },
    { column: 'textbook.pdf.zoom.menu.changed' },
  ],
})
