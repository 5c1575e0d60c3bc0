// What a course has beside videos and problems: surveys, polls, an essay, an exam, groups, posts. Few learners use it, but
// tables of their own ask about it.
import type { Random } from './random.ts'
import type { Problem } from './world.ts'

export interface Post {
  readonly id: string
  readonly object: 'thread' | 'response' | 'comment'
  readonly thread_id: string
  readonly response_id: string | null
  readonly author: string
}

export interface Block {
  readonly usage_key: string
  readonly block_id: string
}

export interface CourseTools {
  /** Problems by whose titles surveys are known; the last one's title is like a survey's and is none. */
  readonly surveys: readonly Problem[]
  readonly polls: readonly Block[]
  readonly essay: Block
  readonly exam: Block & { readonly id: number; readonly name: string }
  readonly cohorts: readonly { readonly id: number; readonly name: string }[]
  readonly teams: readonly string[]
  readonly partition: {
    readonly id: number
    readonly name: string
    readonly groups: readonly (readonly [number, string])[]
  }
  /** Essays that were handed in, and by whom. */
  readonly essays: { readonly uuid: string; readonly author: number }[]
  /** Posts that the log has shown being written, to be answered, edited and voted for. */
  readonly posts: Post[]
}

const TITLES = ['Pre-course survey', 'Post-survey', 'Pre-course survey (optional)'] as const

/** Makes a course's tools; `block` gives usage keys of the course's kind. */
export function makeTools(
  random: Random,
  block: (category: string, name: string) => { readonly usage_key: string; readonly html_id: string },
): CourseTools {
  const plain = (category: string): Block => {
    const name = random.hex(32)
    return { usage_key: block(category, name).usage_key, block_id: name }
  }
  const first = random.between(1, 900)
  return {
    surveys: TITLES.map((display_name) => {
      const name = random.hex(32)
      const { usage_key, html_id } = block('problem', name)
      const part_kinds = ['choice', 'choices', 'text', 'text'] as const
      return { usage_key, block_id: name, answer_stem: html_id, display_name, part_kinds, randomized: false }
    }),
    polls: [plain('poll'), plain('survey')],
    essay: plain('openassessment'),
    exam: { ...plain('sequential'), id: first, name: 'Final "exam", proctored' },
    cohorts: ['Default Group', 'Campus', 'Öppen'].map((name, index) => ({ id: first + index, name })),
    teams: Array.from({ length: 4 }, () => `team-${random.hex(10)}`),
    partition: {
      id: first + 1000,
      name: 'Two ways',
      groups: [
        [0, 'Video first'],
        [1, 'Text first'],
      ],
    },
    essays: [],
    posts: [],
  }
}
