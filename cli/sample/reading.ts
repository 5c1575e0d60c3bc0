// How a textbook is read: its pages turned, of old in the one book that edX had, later in PDFs of several chapters.
import { pass, request, tell, type Visit } from './visit.ts'

/** Turns the pages of the textbook. */
export function readTextbook(visit: Visit): void {
  const { random, era } = visit
  request(visit, 'page:pdfbook', '/pdfbook/0/')
  const named = `/static/chapter_${random.between(1, 3)}.pdf`
  let page = 1
  for (let turns = random.between(1, 5); turns > 0; turns--) {
    pass(visit, 10, 120)
    const old_page = page
    page += random.between(1, 3)
    const chapter = era.context && random.chance(0.9) ? named : null
    const type = era.context ? 'textbook.pdf.page.navigated' : 'book'
    tell(visit, 'browser', type, { kind: 'textbook', chapter, page, old_page })
    if (!era.context || !random.chance(0.15)) continue
    pass(visit, 1, 20)
    const other = random.pick(['textbook.pdf.zoom.buttons.changed', 'textbook.pdf.outline.toggled'])
    const shown = other === 'textbook.pdf.outline.toggled' ? null : page
    tell(visit, 'browser', other, { kind: 'textbook', chapter: named, page: shown, old_page: page })
  }
}
