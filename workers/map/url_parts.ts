// The parts of a URL or request path that the log's rules speak of. Logs hold paths that no strict parser takes (spaces,
// broken percent signs, `i4x://` inside), so they are cut by their signs and never refused.

export interface UrlParts {
  /** Percent-decoded, without scheme and host; `/` at least. */
  readonly path: string
  /** As logged, without `?` and fragment. */
  readonly query: string
}

/** Tells whether a text is a request path or an http URL. */
export const isUrlShaped = (text: string): boolean =>
  text.startsWith('/') || text.startsWith('http://') || text.startsWith('https://')

/** Cuts a URL-shaped text into its parts. */
export function splitUrl(url: string): UrlParts {
  const fragment = url.indexOf('#')
  const sent = fragment === -1 ? url : url.slice(0, fragment)
  const mark = sent.indexOf('?')
  const address = mark === -1 ? sent : sent.slice(0, mark)
  const path = address.startsWith('/') ? address : address.slice(endOfHost(address))
  return { path: path === '' ? '/' : percentDecoded(path), query: mark === -1 ? '' : sent.slice(mark + 1) }
}

function endOfHost(address: string): number {
  const slash = address.indexOf('/', address.indexOf('://') + 3)
  return slash === -1 ? address.length : slash
}

/** Decodes `%XX` runs as UTF-8; anything else stays, also a percent sign of its own. */
export function percentDecoded(text: string): string {
  if (!text.includes('%')) return text
  try {
    // What is well-formed, as nearly all is, in one call of the engine.
    return decodeURIComponent(text)
  } catch {
    return leniently(text)
  }
}

function leniently(text: string): string {
  return text.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'))
}

/** Reads the first parameter of that name in a query, percent-decoded (`+` stays: course ids have it); null without one. */
export function queryValue(query: string, name: string): string | null {
  for (const pair of query.split('&')) {
    const equals = pair.indexOf('=')
    if (equals !== -1 && percentDecoded(pair.slice(0, equals)) === name) return percentDecoded(pair.slice(equals + 1))
  }
  return null
}
