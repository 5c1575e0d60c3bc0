// The pen of the golden days: it writes lines as edX wrote them at a given time, from as few words as a story needs. What the
// tables must say of them stands beside each story, worked out by hand.

export interface Person {
  readonly id: number
  readonly name: string
}

/** How lines of a time look. */
export interface Style {
  readonly date: string
  readonly course: string
  readonly context: boolean
  /** The top-level `name` beside `event_type`. */
  readonly names: boolean
  /** What stands behind a time: nothing in 2013. */
  readonly offset: '' | '+00:00'
}

/** What is unusual about one line. */
export interface Unusual {
  /** The account's id is left out of the context. */
  readonly without_id?: boolean
  /** The course is left out of the context. */
  readonly without_course?: boolean
  readonly name?: string
  readonly received?: string
  /** Title of the problem that the event came from. */
  readonly display_name?: string
  readonly module?: string
  /** Groups of the learner by partition. */
  readonly groups?: Readonly<Record<string, string | number>>
}

interface Line extends Unusual {
  readonly source: 'server' | 'browser' | 'mobile'
  readonly type: string
  /** JSON of the field `event`. */
  readonly event: string
}

export interface Story {
  readonly lines: readonly string[]
  /** The server delivers a page; `path` is below the course. */
  page(at: string, who: Person | null, path: string, unusual?: Unusual): void
  server(at: string, who: Person | null, type: string, payload: object, unusual?: Unusual): void
  /** A browser's payload is a JSON object in a text; a text stays as it is. */
  browser(at: string, who: Person | null, type: string, payload: object | string, unusual?: Unusual): void
  mobile(at: string, who: Person, type: string, payload: object, unusual?: Unusual): void
}

/** Begins a story; times are `HH:MM:SS` of its date, or whole ones with `T`. */
export function tellStory(style: Style): Story {
  const lines: string[] = []
  const put = (at: string, who: Person | null, line: Line): void => {
    lines.push(spell(style, at, who, line))
  }
  return {
    lines,
    page: (at, who, path, unusual = {}) => {
      const type = `/courses/${style.course}${path}`
      put(at, who, { ...unusual, source: 'server', type, event: '"{\\"POST\\": {}, \\"GET\\": {}}"' })
    },
    server: (at, who, type, payload, unusual = {}) =>
      put(at, who, { ...unusual, source: 'server', type, event: JSON.stringify(payload) }),
    browser: (at, who, type, payload, unusual = {}) => {
      const text = typeof payload === 'string' ? payload : JSON.stringify(payload)
      put(at, who, { ...unusual, source: 'browser', type, event: JSON.stringify(text) })
    },
    mobile: (at, who, type, payload, unusual = {}) =>
      put(at, who, { ...unusual, source: 'mobile', type, event: JSON.stringify(payload) }),
  }
}

function spell(style: Style, at: string, who: Person | null, line: Line): string {
  const { source, type } = line
  const time = at.includes('T') ? at : `${style.date}T${at}`
  const page = `https://courses.edx.org/courses/${style.course}/courseware/w1/l1/`
  const fields = [
    `"username": ${JSON.stringify(who?.name ?? '')}`,
    ...(style.names ? [`"name": ${JSON.stringify(line.name ?? type)}`] : []),
    `"event_source": "${source}"`,
    `"event_type": ${JSON.stringify(type)}`,
    `"time": "${time}${style.offset}"`,
    ...(style.context ? [`"context": ${contextOf(style, who, line)}`] : []),
    `"event": ${line.event}`,
    '"ip": "10.1.2.3", "agent": "Mozilla/5.0", "host": "courses.edx.org", "session": "0123456789abcdef0123456789abcdef"',
    `"page": ${source === 'browser' ? JSON.stringify(page) : 'null'}`,
  ]
  return `{${fields.join(', ')}}`
}

function contextOf(style: Style, who: Person | null, line: Line): string {
  const { display_name, module, groups, received } = line
  const tags = Object.entries(groups ?? {}).map(([id, group]) => [`xblock.partition_service.partition_${id}`, group])
  const about = {
    ...(display_name === undefined ? {} : { display_name }),
    ...(module === undefined ? {} : { usage_key: module }),
  }
  return JSON.stringify({
    ...(line.without_id === true ? {} : { user_id: who?.id ?? null }),
    org_id: 'GoldX',
    course_id: line.without_course === true ? '' : style.course,
    ...(Object.keys(about).length === 0 ? {} : { module: about }),
    ...(tags.length === 0 ? {} : { course_user_tags: Object.fromEntries(tags) }),
    ...(received === undefined ? {} : { received_at: received }),
  })
}
