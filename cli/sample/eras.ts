// The log has changed its shape over the years (domain facts: context from October 2013, `name` from May 2014, …). An
// era is what a sample may write on a given date; nothing else in the generator asks for a date.
export interface Era {
  readonly name: '2012' | '2014' | '2016' | '2017' | '2019'
  /** `context` with course, organisation and account id. */
  readonly context: boolean
  /** The top-level `name` beside `event_type`. */
  readonly names: boolean
  /** `referer` and `accept_language`. */
  readonly referer: boolean
  /** Times without an offset. */
  readonly naive_times: boolean
  /** Browser payloads are JSON strings; before, form strings stood there bare. */
  readonly recoded_forms: boolean
  readonly enrollment_events: boolean
  readonly forum_events: boolean
  /** Threads viewed, posts edited and deleted. */
  readonly forum_changes: boolean
  readonly seek_events: boolean
  readonly grade_events: boolean
  readonly completion_events: boolean
  readonly mobile: boolean
  /** `seq_next` is called `edx.ui.lms.sequence.next_selected` in `name`. */
  readonly sequence_names: boolean
  /** Video payloads carry `duration`, modules carry usage keys. */
  readonly durations: boolean
  /** A syslog prefix stands before the object. */
  readonly prefixes: boolean
}

const ERA_2012: Era = {
  name: '2012',
  context: false,
  names: false,
  referer: false,
  naive_times: true,
  recoded_forms: false,
  enrollment_events: false,
  forum_events: false,
  forum_changes: false,
  seek_events: false,
  grade_events: false,
  completion_events: false,
  mobile: false,
  sequence_names: false,
  durations: false,
  prefixes: true,
}

const ERA_2014: Era = {
  ...ERA_2012,
  name: '2014',
  context: true,
  names: true,
  naive_times: false,
  enrollment_events: true,
  seek_events: true,
  mobile: true,
  prefixes: false,
}

const ERA_2016: Era = {
  ...ERA_2014,
  name: '2016',
  referer: true,
  recoded_forms: true,
  forum_events: true,
  sequence_names: true,
}

const ERA_2017: Era = { ...ERA_2016, name: '2017', grade_events: true, durations: true }

const ERA_2019: Era = { ...ERA_2017, name: '2019', completion_events: true, forum_changes: true }

/** Gives the era of a calendar date. */
export function eraOf(date: string): Era {
  if (date < '2014-06-25') return ERA_2012
  if (date < '2016-05-03') return ERA_2014
  if (date < '2017-11-01') return ERA_2016
  return date < '2019-01-01' ? ERA_2017 : ERA_2019
}
