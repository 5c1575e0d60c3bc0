// Without it scripts that ask the ChalmersX toolkit’s table of this name would find none.
import { countsView } from '../../samced_counts.ts'

const ACTIONS = [
  'dismissed',
  'loaded',
  'played',
  'skipped',
  'stopped',
  'transcript.hidden',
  'transcript.menu.hidden',
  'transcript.menu.shown',
  'transcript.shown',
]

export default countsView({
  name: 'pre_roll_video_activity',
  doc: 'Events of pre-roll videos (`edx.video.bumper.*`) by learner, the table that the ChalmersX toolkit describes and stops at: it uses names with dots unquoted. Quote them: `"edx.video.bumper.loaded"`.',
  counts: ACTIONS.map((action) => ({ column: `edx.video.bumper.${action}` })),
})
