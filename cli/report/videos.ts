// Each video with its timeline: where learners stay, come back to, and leave. The pictures stand in a table, so the numbers are
// beside them and not elsewhere.
import { areaY, axisX, lineY, ruleY } from '@observablehq/plot'
import { html, type Markup } from '../html.ts'
import { BLUE, drawChart, INK } from './chart.ts'
import { type CourseSource, nothing, numbers, type Section, type TableCell } from './section.ts'
import { countText, drawnCount, partedMin, shareText, shownCount, shownShare } from './small_group.ts'

/** A page of all videos of a large course would not be read. */
const VIDEOS_MAX = 40
const SEGMENT_S = 5

interface Video {
  readonly video_id: string
  readonly duration_s: number | null
  readonly learners: number
  readonly learners_at_start: number
  readonly learners_at_end: number
  readonly mean_watched_share: number | null
}

interface Segment {
  readonly video_id: string
  readonly segment: number
  readonly learners: number
}

export const VIDEOS: Section = {
  title: 'Videos',
  needs: ['video', 'video_timeline'],
  write: async (source) => {
    const { database, group_min } = source
    const [found] = await database.rows<{ readonly all: number; readonly large: number }>(`
      select count(*)::integer as all, (count(*) filter (learners >= ${group_min}))::integer as large
      from video
    `)
    if (found === undefined || found.large === 0) return nothing(`No video was used by ${group_min} learners.`)
    const videos = await database.rows<Video>(`
      select
        video_id,
        duration_s,
        learners::integer as learners,
        learners_at_start::integer as learners_at_start,
        learners_at_end::integer as learners_at_end,
        mean_watched_share
      from video
      where learners >= ${group_min}
      order by video.learners desc, video_id
      limit ${VIDEOS_MAX}
    `)
    const segments = Map.groupBy(await readSegments(source), ({ video_id }) => video_id)
    const rows = videos.map((video) => videoRow(video, segments.get(video.video_id) ?? [], group_min))
    const left_out = found.large - videos.length
    return html`<p>The ${videos.length} videos with most learners${left_out > 0 ? `, of ${found.large} with at least ${group_min}` : ''}.
${found.all > found.large ? `Videos with fewer than ${group_min} learners: ${found.all - found.large}. ` : ''}A timeline shows how many learners saw each five seconds of
the video, from its start to its end; its height is the largest of them, told at its left. It has a hole where fewer than ${group_min} did, and is flat where all but fewer than ${group_min} did.
“To the end” is the share of those who saw the start.</p>
<div class="wide">${numbers(['video', 'timeline', 'minutes', 'learners', 'at start', 'at end', 'to the end', 'watched on average'], rows, { texts: 2 })}</div>`
  },
}

async function readSegments({ database }: CourseSource): Promise<readonly Segment[]> {
  return await database.rows<Segment>(`
    with used as (
      select video_id, duration_s
      from video
      order by learners desc, video_id
      limit ${VIDEOS_MAX}
    )
    select video_id, segment::integer as segment, video_timeline.learners::integer as learners
    from video_timeline
    join used using (video_id)
    -- Players report positions beyond the end.
    where duration_s is null or segment * ${SEGMENT_S} < duration_s
    order by video_id, video_timeline.segment
  `)
}

function videoRow(video: Video, segments: readonly Segment[], group_min: number): readonly TableCell[] {
  const { learners, learners_at_start: start, learners_at_end: end, duration_s } = video
  const kept = shownShare(Math.min(end, start), start, group_min)
  return [
    html`<code>${shortened(video.video_id)}</code>`,
    timeline(video, segments, group_min),
    duration_s === null ? '–' : minutesText(duration_s),
    countText(shownCount(learners, group_min)),
    countText(shownCount(start, group_min, learners)),
    countText(shownCount(end, group_min, learners)),
    shareText(kept),
    video.mean_watched_share === null ? '–' : `${Math.round(100 * video.mean_watched_share)} %`,
  ]
}

const minutesText = (seconds: number): string =>
  `${Math.floor(Math.round(seconds) / 60)}:${String(Math.round(seconds) % 60).padStart(2, '0')}`

const NAME_CHARACTERS_MAX = 14
const shortened = (name: string): string =>
  name.length <= NAME_CHARACTERS_MAX ? name : `${name.slice(0, NAME_CHARACTERS_MAX - 1)}…`

/** Draws the timeline of a video as a small picture. */
function timeline(
  { video_id, duration_s, learners: all }: Video,
  segments: readonly Segment[],
  group_min: number,
): Markup {
  if (all < partedMin(group_min)) return html`<span class="absent">too few learners</span>`
  const by_segment = new Map(segments.map(({ segment, learners }) => [segment, learners]))
  const last = Math.max(0, ...by_segment.keys())
  const count = duration_s === null ? last + 1 : Math.max(1, Math.ceil(duration_s / SEGMENT_S))
  const points = Array.from({ length: count + 1 }, (_, segment) => {
    // The end of the last segment closes its step.
    const shown = shownCount(by_segment.get(Math.min(segment, count - 1)) ?? 0, group_min, all)
    return { second: segment * SEGMENT_S, shown, learners: drawnCount(shown) ?? Number.NaN }
  })
  const peak = points.reduce((one, other) =>
    one.learners >= other.learners || Number.isNaN(other.learners) ? one : other,
  )
  const highest = peak.learners
  if (Number.isNaN(highest)) return html`<span class="absent">too few learners</span>`
  const label = `Timeline of ${video_id}: ${countText(peak.shown)} learners at most`
  const channels = { x: 'second', y: 'learners', curve: 'step-after' as const }
  const picture = drawChart(label, {
    width: 260,
    height: 54,
    marginTop: 4,
    marginBottom: 14,
    marginLeft: 12,
    marginRight: 12,
    x: { domain: [0, count * SEGMENT_S] },
    y: { domain: [0, highest], axis: null },
    style: { fontSize: '9px' },
    marks: [
      areaY(points, { ...channels, fill: BLUE, fillOpacity: 0.25 }),
      lineY(points, { ...channels, stroke: BLUE, strokeWidth: 1.5 }),
      ruleY([0], { stroke: INK, strokeWidth: 0.75 }),
      axisX({
        label: null,
        ticks: minuteTicks(count * SEGMENT_S),
        tickSize: 3,
        tickPadding: 1,
        tickFormat: minutesText,
      }),
    ],
  })
  return html`<div class="timeline"><span class="peak">${countText(peak.shown)}</span>${picture}</div>`
}

/** Full minutes, at most five of them. */
function minuteTicks(seconds: number): readonly number[] {
  const minutes = Math.floor(seconds / 60)
  const step = Math.max(1, Math.ceil(minutes / 5))
  const ticks: number[] = []
  for (let minute = 0; minute <= minutes; minute += step) ticks.push(minute * 60)
  return ticks
}
