// Pages that the program writes hold ids and names that strangers chose: a block id may be a script tag. So HTML is only ever
// made by this template, which escapes whatever is not markup of ours already.

/** HTML that is safe as it stands; only this file makes it. */
export class Markup {
  readonly #text: string

  private constructor(text: string) {
    this.#text = text
  }

  /** Takes text that a program of ours or a library made as HTML. */
  static trusted(text: string): Markup {
    return new Markup(text)
  }

  toString(): string {
    return this.#text
  }
}

export type Content = Markup | string | number | readonly Content[]

/** Writes HTML: text between the pieces of the template is escaped, markup and lists of markup are not. */
export function html(pieces: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return Markup.trusted(pieces.map((piece, index) => piece + markedUp(contents[index] ?? '')).join(''))
}

function markedUp(content: Content): string {
  if (content instanceof Markup) return content.toString()
  if (typeof content === 'string') return escaped(content)
  return typeof content === 'number' ? String(content) : content.map(markedUp).join('')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign)
