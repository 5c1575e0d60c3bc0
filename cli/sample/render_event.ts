// Spells an intent as the line that edX would have logged on that date. Everything that varies in real logs around a
// payload varies here: who is named how, where the course can be found, which fields an era has, in which order.
import { timeJson } from './calendar.ts'
import type { Era } from './eras.ts'
import type { Intent } from './intent.ts'
import { payloadOf } from './render_payload.ts'
import type { Course } from './world.ts'
import { asciiJson } from './world.ts'

type Groups = Readonly<Record<string, string>>

export interface RenderedEvent {
  readonly text: string
  /** The payload was cut at 512 characters. */
  readonly truncated_payload: boolean
  /** The course that the line tells, by whatever way; null when it tells none. */
  readonly course: Course | null
  /** Ids of the learner's groups by partition, as far as the line tells them. */
  readonly groups: Groups
}

export interface RenderOptions {
  readonly era: Era
  readonly host: string
  /** Put the payload last, so that a cut leaves the other fields whole. */
  readonly payload_last: boolean
}

export function renderEvent(intent: Intent, options: RenderOptions): RenderedEvent {
  const { era } = options
  const { type, name } = spellingOf(intent, era)
  const payload = payloadOf(intent, era)
  const fields = [
    ...(era.names ? [`"name": ${name}`] : []),
    `"event_type": ${type}`,
    `"event_source": "${intent.source}"`,
    `"time": ${timeJson(intent.time_us, intent.time_form)}`,
    ...(era.context ? [`"context": ${contextOf(intent, era)}`] : []),
    ...personOf(intent, era),
    `"host": "${intent.source === 'mobile' ? '' : options.host}"`,
    `"page": ${pageOf(intent, options.host)}`,
  ]
  if (intent.what.kind === 'enrollment' && intent.what.synthesized) fields.unshift(SYNTHESIZED)
  const event = `"event": ${payload.json}`
  if (options.payload_last) fields.push(event)
  else fields.splice(-3, 0, event)
  return {
    text: `{${fields.join(', ')}}`,
    truncated_payload: payload.truncated,
    course: loggedCourse(intent, era),
    groups: era.context ? groupsOf(intent) : {},
  }
}

/** What edX's pipeline adds to an enrolment event that it made itself, because the log missed one. */
const SYNTHESIZED =
  '"synthesized": {"created_at": "2019-01-01T00:00:00+00:00", "synthesizer": "enrollment_from_validation", "reason": "missing activated event"}'

/** Tells which course a reader can know of: what the line does not hold, nobody can find. */
function loggedCourse(intent: Intent, era: Era): Course | null {
  if (intent.what.kind === 'request')
    return intent.what.below === 'course' || intent.what.path === '/login' ? intent.course : null
  if (intent.source === 'browser') return intent.course
  return era.context ? intent.course : null
}

/** Gives `event_type` and `name` as JSON. */
function spellingOf(intent: Intent, era: Era): { readonly type: string; readonly name: string } {
  const { what, type } = intent
  if (what.kind === 'request') {
    const path = quoted(requestPath(intent))
    return { type: path, name: path }
  }
  if (what.kind === 'sequence' && era.sequence_names) {
    const name = `edx.ui.lms.sequence.${SEQUENCE_NAMES[type] ?? 'tab'}_selected`
    return { type: quoted(what.outer ? name : type), name: quoted(name) }
  }
  if (type === 'showanswer' && !era.context) return { type: '"show_answer"', name: '"show_answer"' }
  if (what.kind === 'fact' && what.logged_as !== null)
    return { type: quoted(what.logged_as), name: quoted(what.logged_as) }
  const phone_name = intent.source === 'mobile' ? PHONE_NAMES[type] : undefined
  return { type: quoted(type), name: quoted(phone_name ?? type) }
}

const SEQUENCE_NAMES: Readonly<Record<string, string>> = { seq_next: 'next', seq_prev: 'previous' }

const PHONE_NAMES: Readonly<Record<string, string>> = {
  load_video: 'edx.video.loaded',
  play_video: 'edx.video.played',
  pause_video: 'edx.video.paused',
  stop_video: 'edx.video.stopped',
  seek_video: 'edx.video.position.changed',
  speed_change_video: 'edx.video.speed.changed',
  hide_transcript: 'edx.video.transcript.hidden',
  show_transcript: 'edx.video.transcript.shown',
}

function requestPath(intent: Intent): string {
  const { what, course } = intent
  if (what.kind !== 'request') return ''
  return what.below === 'site' || course === null ? what.path : `/courses/${course.url_id}${what.path}`
}

function contextOf(intent: Intent, era: Era): string {
  const { what, learner } = intent
  const id =
    learner === null || intent.identity === 'name' ? (intent.time_us % 3 === 0 ? '""' : 'null') : String(learner.id)
  const course = courseInContext(intent)
  const fields = [
    `"user_id": ${intent.time_us % 97 === 0 && id !== 'null' && id !== '""' ? `"${id}"` : id}`,
    `"org_id": "${course?.org ?? ''}"`,
    ...(course !== null ? [`"course_id": "${course.id}"`] : intent.time_us % 2 === 0 ? ['"course_id": ""'] : []),
    `"path": ${quoted(contextPath(intent))}`,
    ...(course !== null && learner !== null ? [`"course_user_tags": ${tagsOf(intent)}`] : []),
  ]
  if (intent.source === 'mobile') {
    fields.push('"application": {"name": "edx.mobileapp.android", "version": "2.17.2"}', '"component": "videoplayer"')
    if (intent.received_us !== null) fields.push(`"received_at": ${timeJson(intent.received_us, 'usual')}`)
  }
  if (what.kind === 'submission' || (what.kind === 'problem_other' && intent.source === 'server')) {
    const key = era.referer ? `, "usage_key": "${what.problem.usage_key}"` : ''
    fields.push(`"module": {"display_name": ${asciiJson(what.problem.display_name)}${key}}`)
  }
  if (what.kind === 'fact' && what.module !== null)
    fields.push(`"module": {"display_name": "A block", "usage_key": "${what.module}"}`)
  return `{${fields.join(', ')}}`
}

function courseInContext({ what, course, course_in_context }: Intent): Course | null {
  return what.kind === 'request' && what.below === 'site' ? null : course_in_context ? course : null
}

/** Tells in which groups the learner is by now. */
function groupsOf(intent: Intent): Groups {
  const course = courseInContext(intent)
  const group = course === null ? undefined : intent.learner?.groups.get(course)
  return course === null || group === undefined ? {} : { [course.tools.partition.id]: String(group) }
}

function tagsOf(intent: Intent): string {
  const tags = Object.entries(groupsOf(intent)).map(([partition, group]) => {
    const value = intent.time_us % 2 === 0 ? group : `"${group}"`
    return `"xblock.partition_service.partition_${partition}": ${value}`
  })
  return `{${tags.join(', ')}}`
}

function contextPath(intent: Intent): string {
  if (intent.what.kind === 'request') return requestPath(intent)
  if (intent.source === 'mobile') return '/segmentio/event'
  if (intent.source === 'browser') return '/event'
  return intent.course === null ? '' : `/courses/${intent.course.url_id}/xblock/handler`
}

function personOf(intent: Intent, era: Era): string[] {
  const { learner } = intent
  const name = learner === null || intent.identity === 'id' ? '' : learner.name
  const phone = intent.source === 'mobile'
  return [
    `"username": ${asciiJson(name)}`,
    `"session": "${phone || (!era.referer && intent.source === 'server') ? '' : intent.session}"`,
    `"ip": "${phone ? '' : (learner?.ip ?? '66.249.66.1')}"`,
    `"agent": ${learner?.agent_json ?? '"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"'}`,
    ...(era.referer && !phone
      ? [`"referer": "${refererOf(intent)}"`, `"accept_language": "${learner?.language ?? ''}"`]
      : []),
  ]
}

function refererOf(intent: Intent): string {
  const { course, time_us } = intent
  if (course === null || time_us % 5 < 3) return ''
  return `https://courses.edx.org/courses/${course.url_id}/${time_us % 5 === 3 ? 'info' : 'courseware/'}`
}

function pageOf(intent: Intent, host: string): string {
  if (intent.source !== 'browser') return intent.what.kind === 'submission' ? '"x_module"' : 'null'
  const { course } = intent
  if (course === null) return `"https://${host}/dashboard"`
  const section = course.sections[Math.floor(intent.time_us / 60_000_000) % course.sections.length]
  return `"https://${host}/courses/${course.url_id}/courseware/${section}/"`
}

/** Quotes text that is known to need no escape but for quotes. */
const quoted = (text: string): string => `"${text.replaceAll('"', '\\"')}"`
