// Spells the `event` field. It has had at least nine shapes: object, JSON string, JSON string in a JSON string, form
// string, list, empty, null, absent, cut. Each kind of intent has the shapes that it had in its time.
import type { Era } from './eras.ts'
import type { Intent } from './intent.ts'
import { asciiJson, type Problem } from './world.ts'

export interface Payload {
  readonly json: string
  /** Cut at 512 characters, as implicit events are. */
  readonly truncated: boolean
}

/** Where edX cuts the dump of a request's parameters. */
const DUMP_CHARACTERS_MAX = 512

export function payloadOf(intent: Intent, era: Era): Payload {
  if (intent.what.kind === 'request') {
    const dump = `{"POST": ${intent.what.post}, "GET": ${intent.what.get}}`
    const truncated = dump.length > DUMP_CHARACTERS_MAX
    return { json: asciiJson(truncated ? dump.slice(0, DUMP_CHARACTERS_MAX) : dump), truncated }
  }
  if (intent.what.kind === 'problem_click')
    return { json: clicked(intent.what.problem, intent.what.answers, intent.what.listed, era), truncated: false }
  const object = objectOf(intent, era)
  const as_text = intent.source === 'browser' || (intent.source === 'mobile' && !era.durations)
  return { json: as_text ? asciiJson(object) : object, truncated: false }
}

/** Writes what a browser sends of a form: bare of old, encoded once more today, or in a list beside the page's HTML. */
function clicked(problem: Problem, answers: readonly string[], listed: boolean, era: Era): string {
  const form = answers.map((answer, part) => `input_${problem.answer_stem}_${part + 2}_1=${answer}`).join('&')
  if (listed) return `["${form}", ${asciiJson(gradedPage(problem, answers))}]`
  return asciiJson(era.recoded_forms ? asciiJson(form) : form)
}

const gradedPage = (problem: Problem, answers: readonly string[]): string =>
  answers
    .map(
      (answer, part) =>
        `<div class="wrapper-problem-response" tabindex="-1"><fieldset aria-describedby="status_${problem.answer_stem}_${part + 2}_1">
  <label for="input_${problem.answer_stem}_${part + 2}_1_${answer}" class="response-label field-label">${answer}</label></fieldset></div>`,
    )
    .join('\n')

/** Writes the payload as a JSON object. */
function objectOf(intent: Intent, era: Era): string {
  const { what, course } = intent
  const course_id = course?.id ?? ''
  switch (what.kind) {
    case 'request':
    case 'problem_click':
      return '{}' // Written above: these are no objects.
    case 'page_close':
      return '{}'
    case 'video':
      return videoObject(intent)
    case 'submission':
      return submissionObject(what.problem, what.submission, what.bulky)
    case 'problem_other':
      return problemObject(intent.type, what.problem, what.hint_index)
    case 'sequence': {
      const tabs = era.sequence_names
        ? `, "current_tab": ${what.old}, "target_tab": ${what.new}, "tab_count": ${what.tabs}, "widget_placement": "top"`
        : ''
      return `{"id": "${what.sequence}", "old": ${what.old}, "new": ${what.new}${tabs}}`
    }
    case 'forum':
      return `{"id": "${what.post_id}", "commentable_id": "${course?.commentable ?? ''}", "title": ${asciiJson(what.title)}, "body": ${asciiJson(what.body)}, "truncated": false, "anonymous": false, "anonymous_to_peers": false, "user_forums_roles": ["Student"], "user_course_roles": [], "options": {"followed": true}, "url": "https://courses.edx.org/courses/${course_id}/discussion/forum/threads/${what.post_id}"}`
    case 'textbook':
      return `{"type": "gotopage", "chapter": "${what.chapter}", "page": ${what.page}, "old": ${what.old_page}, "new": ${what.page}, "name": "${intent.type}"}`
    case 'link':
      return `{"target_url": "${what.target}", "current_url": "https://courses.edx.org/courses/${course_id}/info"}`
    case 'enrollment':
      return `{"course_id": "${course_id}", "user_id": ${what.subject_id}, "mode": "${what.mode}"}`
    case 'grade':
      return gradeObject(intent)
    case 'completion':
      return `{"course_id": "${course_id}", "user_id": ${what.subject_id}, "block_id": "${what.block}", "completion": 1.0}`
    case 'other':
      return what.payload
  }
}

function videoObject(intent: Intent): string {
  const { what, source, type } = intent
  if (what.kind !== 'video') return '{}'
  const { video } = what
  const phone = source === 'mobile'
  const position = phone ? 'current_time' : 'currentTime'
  const fields = [`"id": "${video.logged_id}"`, `"code": "${phone ? 'mobile' : video.code}"`]
  if (phone) fields.push(`"module_id": "${video.usage_key}"`)
  if (type === 'seek_video')
    fields.push(`"old_time": ${what.old_s}`, `"new_time": ${what.new_s}`, '"type": "onSlideSeek"')
  if (type === 'speed_change_video') fields.push(`"old_speed": "${what.old_s}"`, `"new_speed": "${what.new_s}"`)
  if (what.position_s !== 'missing') fields.push(`"${position}": ${what.position_s}`)
  if (what.duration_s !== null) fields.push(`"duration": ${what.duration_s}`)
  return `{${fields.join(', ')}}`
}

function problemObject(type: string, problem: Problem, hint_index: number): string {
  switch (type) {
    case 'edx.problem.hint.demandhint_displayed':
      return `{"module_id": "${problem.usage_key}", "hint_index": ${hint_index}, "hint_len": 3, "hint_text": "Look at the units again.", "problem_part_id": "${problem.answer_stem}_2_1"}`
    case 'problem_show':
      return `{"problem": "${problem.usage_key}"}`
    case 'reset_problem':
      return `{"problem_id": "${problem.usage_key}", "old_state": {"seed": 1, "done": true}, "new_state": {"seed": 1, "done": null}}`
    default:
      return `{"problem_id": "${problem.usage_key}"}`
  }
}

interface Submitted {
  readonly attempt: number
  readonly grade: number
  readonly max_grade: number
  readonly parts_correct: number
  readonly answers: readonly string[]
}

function submissionObject(problem: Problem, submitted: Submitted, bulky: boolean): string {
  const parts = submitted.answers.map((answer, index) => ({
    id: `${problem.answer_stem}_${index + 2}_1`,
    answer,
    correctness: index < submitted.parts_correct ? 'correct' : 'incorrect',
  }))
  const answers = parts.map(({ id, answer }) => `"${id}": "${answer}"`).join(', ')
  const map = parts
    .map(
      ({ id, correctness }) =>
        `"${id}": {"hint": "", "hintmode": null, "correctness": "${correctness}", "npoints": null, "answervariable": null, "msg": "", "queuestate": null}`,
    )
    .join(', ')
  const details = parts
    .map(
      ({ id, answer, correctness }) =>
        `"${id}": {"answer": "${answer}", "variant": "", "correct": ${correctness === 'correct'}, "question": "Which of these holds?", "response_type": "multiplechoiceresponse", "input_type": "choicegroup"}`,
    )
    .join(', ')
  const success = submitted.parts_correct === parts.length ? 'correct' : 'incorrect'
  const filler = bulky ? `, "student_answers": "${'0123456789abcdef'.repeat(800)}"` : ''
  return `{"problem_id": "${problem.usage_key}", "success": "${success}", "attempts": ${submitted.attempt}, "grade": ${submitted.grade}, "max_grade": ${submitted.max_grade}, "answers": {${answers}}, "correct_map": {${map}}, "submission": {${details}}, "state": {"seed": 1, "done": null, "correct_map": {}, "input_state": {}${filler}}}`
}

function gradeObject(intent: Intent): string {
  const { what, course, type } = intent
  if (what.kind !== 'grade') return '{}'
  const head = `{"course_id": "${course?.id ?? ''}", "user_id": ${what.subject_id}, "event_transaction_id": "00000000-0000-4000-8000-${String(intent.time_us % 1_000_000_000_000).padStart(12, '0')}", "event_transaction_type": "edx.grades.problem.submitted"`
  switch (type) {
    case 'edx.grades.problem.submitted':
      return `${head}, "problem_id": "${what.problem.usage_key}", "weighted_earned": ${what.earned}, "weighted_possible": ${what.possible}}`
    case 'edx.grades.subsection.grade_calculated':
      return `${head}, "block_id": "${course?.sequences[0] ?? ''}", "weighted_graded_earned": ${what.earned}, "weighted_graded_possible": ${what.possible}, "weighted_total_earned": ${what.earned}, "weighted_total_possible": ${what.possible}}`
    default:
      return `${head}, "percent_grade": 0.${what.earned}, "letter_grade": "", "grading_policy_hash": "ChVp0lHGQGCevD0t4njna/C44zQ=", "course_version": ""}`
  }
}
