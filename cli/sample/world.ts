// Who and what a sample is about: the courses with their content, and the learners of a site with their accounts. The
// two sites are separate account spaces, where one name belongs to two people and one course id to two courses.
import { type CourseTools, makeTools } from './course_tools.ts'
import type { Random } from './random.ts'

export interface Video {
  readonly usage_key: string
  /** What a browser logs as `id`: `i4x-Org-…` of old, the bare block id today. */
  readonly logged_id: string
  /** Last component of the usage key. */
  readonly block_id: string
  readonly duration_s: number
  readonly code: string
}

/** One choice, several, or a text. */
export type PartKind = 'choice' | 'choices' | 'text'

export interface Problem {
  readonly usage_key: string
  readonly block_id: string
  /** Beginning of its answer ids, as the form names them. */
  readonly answer_stem: string
  readonly display_name: string
  readonly part_kinds: readonly PartKind[]
  /** Its numbers differ from learner to learner. */
  readonly randomized: boolean
}

export interface Course {
  readonly id: string
  /** The id as it stands in URLs. */
  readonly url_id: string
  readonly org: string
  readonly title: string
  readonly slash: boolean
  readonly foreign: boolean
  /** Paths `chapter/section` of the courseware. */
  readonly sections: readonly string[]
  readonly sequences: readonly string[]
  readonly videos: readonly Video[]
  readonly problems: readonly Problem[]
  readonly commentable: string
  readonly threads: readonly string[]
  readonly tools: CourseTools
}

/** A learner's account on one site, and what the sample must remember of it from one session to the next. */
export interface Learner {
  readonly id: number
  name: string
  readonly agent_json: string
  readonly ip: string
  readonly language: string
  readonly phone: boolean
  /** Logs from before accounts had ids in them never tell this one's id. */
  readonly nameless_id: boolean
  readonly courses: readonly Course[]
  readonly attempts: Map<string, number>
  readonly enrolled: Map<Course, { is_active: boolean; mode: string }>
  /** Whether the latest grade of a course was a pass. */
  readonly passed: Map<Course, boolean>
  readonly certificates: Map<Course, string>
  /** Id of the group of a course's partition. */
  readonly groups: Map<Course, number>
  /** Sessions of one learner never overlap. */
  busy_until_us: number
}

export interface SiteWorld {
  readonly organisation: string
  readonly site: string
  readonly host: string
  readonly courses: readonly Course[]
  /** A course of somebody else that a few of our learners look at. */
  readonly foreign_course: Course
  readonly learners: readonly Learner[]
  readonly staff: readonly Learner[]
}

const SUBJECTS = [
  ['Design of Sustainable Products', 'DSP101x'],
  ['Introduction to Graphene', 'ChM001x'],
  ['Computer System Design', 'CSD201x'],
  ['Urban Energy Systems', 'UES3x'],
  ['Human Factors in Automation', 'HFA10x'],
  ['Statistics for Engineers', 'STE1.2x'],
  ['Life Cycle Thinking', 'LCT5x'],
  ['Sensor Systems', 'SEN42x'],
] as const

/** Parts that a problem begins with, as many as it has. */
const PARTS: readonly PartKind[] = ['choice', 'text', 'choices']

/** Makes the courses of a site: about half have ids of the old kind. The first one has the same id on every site. */
export function makeCourses(given: {
  readonly organisation: string
  readonly site: string
  readonly count: number
  readonly random: Random
}): Course[] {
  const { organisation, site, count, random } = given
  return Array.from({ length: count }, (_, index) => {
    const [title, number] = SUBJECTS[index % SUBJECTS.length] ?? SUBJECTS[0]
    const round = Math.floor(index / SUBJECTS.length)
    const run = index === 0 ? '2015_T1' : `${2015 + round}_T${1 + ((index + site.length) % 3)}`
    const slash = index % 2 === 0
    return makeCourse({ org: organisation, number, run, title, slash, foreign: false, random })
  })
}

export function makeCourse(given: {
  readonly org: string
  readonly number: string
  readonly run: string
  readonly title: string
  readonly slash: boolean
  readonly foreign: boolean
  readonly random: Random
}): Course {
  const { org, number, run, title, slash, foreign, random } = given
  const key = (category: string, name: string): string =>
    slash
      ? `i4x://${org}/${number}/${category}/${name}`
      : `block-v1:${org}+${number}+${run}+type@${category}+block@${name}`
  const html_id = (category: string, name: string): string =>
    slash ? `i4x-${org}-${number.replaceAll('.', '_')}-${category}-${name}` : name
  const times = <T>(count: number, make: (index: number) => T): T[] =>
    Array.from({ length: count }, (_, index) => make(index))
  const id = slash ? `${org}/${number}/${run}` : `course-v1:${org}+${number}+${run}`
  return {
    id,
    url_id: id.replace(':', random.chance(0.5) ? ':' : '%3A').replaceAll('+', random.chance(0.5) ? '+' : '%2B'),
    org,
    title,
    slash,
    foreign,
    sections: times(12, (index) =>
      slash ? `week_${1 + (index >> 1)}/lecture_${index}` : `${random.hex(32)}/${random.hex(32)}`,
    ),
    sequences: times(12, (index) => key('sequential', slash ? `lecture_${index}` : random.hex(32))),
    videos: times(14, () => {
      const name = random.hex(32)
      const duration_s = random.between(95, 1100) + (random.chance(0.5) ? random.below(100) / 100 : 0)
      return {
        usage_key: key('video', name),
        logged_id: html_id('video', name),
        block_id: name,
        duration_s,
        code: random.hex(11),
      }
    }),
    problems: times(16, (index) => {
      const name = slash && random.chance(0.6) ? `Quiz_${index + 1}` : random.hex(32)
      return {
        usage_key: key('problem', name),
        block_id: name,
        answer_stem: html_id('problem', name),
        display_name: random.pick([
          'Quiz',
          'Checkpoint',
          'Exercise',
          'Övning',
          'Pre-course survey',
          'Numerical "answer"',
        ]),
        part_kinds: PARTS.slice(0, random.between(1, 3)),
        randomized: index % 5 === 4,
      }
    }),
    commentable: random.hex(32),
    threads: times(20, () => random.hex(24)),
    tools: makeTools(random.derive(`tools/${id}`), (category, name) => ({
      usage_key: key(category, name),
      html_id: html_id(category, name),
    })),
  }
}

const FIRST = [
  'anna',
  'li',
  'maria',
  'omar',
  'jürgen',
  'sofia',
  'chen',
  'priya',
  'lucas',
  'ingrid',
  'tomas',
  'aisha',
  'Kim',
  'noor',
] as const
const LAST = ['_svensson', 'wang', '.garcia', '2012', '-lopez', 'Dev', '_k', 'student', 'X', '_berg', '77', ''] as const
const AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/72.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_14_3) Version/12.0.3 Safari/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64; rv:65.0) Gecko/20100101 Firefox/65.0',
  'Mozilla/5.0 (Windows NT 6.1; rv:64.0) Gecko/20100101 Firefox/64.0',
  'Mozilla/5.0 (iPad; CPU OS 12_1) "Länk"',
] as const
const LANGUAGES = [
  'en-US,en;q=0.9',
  'sv-SE,sv;q=0.9,en-US;q=0.8,en;q=0.7',
  'zh-CN,zh;q=0.9',
  '',
  'es-ES,es;q=0.8',
] as const

/** Makes the accounts of a site: the first ones are the busiest, and names recur on other sites with other ids. */
export function makeSite(given: {
  readonly organisation: string
  readonly site: string
  readonly courses: number
  readonly learners: number
  readonly random: Random
}): SiteWorld {
  const { organisation, site, random } = given
  const courses = makeCourses({ organisation, site, count: given.courses, random: random.derive(`courses/${site}`) })
  const people = random.derive(`learners/${site}`)
  let id = site === 'edx' ? 100_000 : 900
  const learners: Learner[] = Array.from({ length: given.learners }, (_, index) => {
    id += people.between(1, 40)
    const first = FIRST[index % FIRST.length] ?? ''
    const last = LAST[Math.floor(index / FIRST.length) % LAST.length] ?? ''
    const round = Math.floor(index / (FIRST.length * LAST.length))
    const mine = new Set([
      courses[people.skewed(courses.length)],
      ...(people.chance(0.4) ? [people.pick(courses)] : []),
    ])
    return {
      id,
      name: `${first}${last}${round === 0 ? '' : round}`,
      agent_json: asciiJson(people.pick(AGENTS)),
      ip: `${people.between(11, 210)}.${people.below(256)}.${people.below(256)}.${people.between(1, 254)}`,
      language: people.pick(LANGUAGES),
      phone: people.chance(0.15),
      nameless_id: people.chance(0.01),
      courses: [...mine].filter((course) => course !== undefined),
      attempts: new Map(),
      enrolled: new Map(),
      passed: new Map(),
      certificates: new Map(),
      groups: new Map(),
      busy_until_us: 0,
    }
  })
  const foreign_course = makeCourse({
    org: 'OtherUniversityX',
    number: 'Phil9x',
    run: '2T2018',
    title: 'Ethics',
    slash: false,
    foreign: true,
    random: random.derive(`foreign/${site}`),
  })
  const host = site === 'edx' ? 'courses.edx.org' : `${site}.edx.org`
  return { organisation, site, host, courses, foreign_course, learners, staff: learners.slice(1, 4) }
}

/** Writes JSON as Python's `json.dumps` does: everything beyond ASCII as an escape. */
export const asciiJson = (value: unknown): string =>
  JSON.stringify(value).replace(/[\u007f-\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
