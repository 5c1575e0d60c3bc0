// Spells the `event` field. It has had at least nine shapes: object, JSON string, JSON string in a JSON string, form
// string, list, empty, null, absent, cut. Each kind of intent has the shapes that it had in its time.
import type { Era } from './eras.ts'
import type { Answer, Intent, What } from './intent.ts'
import { submissionObject } from './render_submission.ts'
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
function clicked(problem: Problem, answers: readonly Answer[], listed: boolean, era: Era): string {
  const form = answers
    .flatMap((answer, part) => formFields(`input_${problem.answer_stem}_${part + 2}_1`, answer))
    .join('&')
  if (listed) return `["${form}", ${asciiJson(gradedPage(problem, answers))}]`
  return asciiJson(era.recoded_forms ? asciiJson(form) : form)
}

function formFields(name: string, answer: Answer): readonly string[] {
  if (answer === null || typeof answer === 'string') return [`${name}=${encodeURIComponent(answer ?? '')}`]
  return answer.map((one) => `${name}%5B%5D=${one}`)
}

const gradedPage = (problem: Problem, answers: readonly Answer[]): string =>
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
    case 'sequence':
      return sequenceObject(what, era)
    case 'textbook':
      return textbookObject(intent.type, what)
    case 'link':
      return `{"target_url": "${what.target}", "current_url": "https://courses.edx.org/courses/${course_id}/info"}`
    case 'enrollment':
      return `{"course_id": "${course_id}", "user_id": ${what.subject_id}, "mode": "${what.mode}"}`
    case 'fact':
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

function sequenceObject(what: Extract<What, { readonly kind: 'sequence' }>, era: Era): string {
  const { sequence, old, tabs } = what
  if (!era.sequence_names) return `{"id": "${sequence}", "old": ${old}, "new": ${what.new}}`
  // Out of a sequence there is no tab to go to.
  const moved = what.outer ? '' : `, "old": ${old}, "new": ${what.new}, "target_tab": ${what.new}`
  return `{"id": "${sequence}", "current_tab": ${old}, "tab_count": ${tabs}, "widget_placement": "top"${moved}}`
}

function textbookObject(type: string, what: Extract<What, { readonly kind: 'textbook' }>): string {
  const chapter = what.chapter === null ? '' : `"chapter": "${what.chapter}", `
  if (type === 'book') return `{"type": "gotopage", ${chapter}"old": ${what.old_page}, "new": ${what.page}}`
  const page = what.page === null ? '' : `"page": ${what.page}, `
  return `{${chapter}${page}"name": "${type}"}`
}
