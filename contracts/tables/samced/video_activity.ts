// Without it scripts that ask the ChalmersX toolkit’s table of this name would find none.
import { countsView } from '../../samced_counts.ts'

export default countsView({
  name: 'video_activity',
  doc: 'Events of the video player by learner, as the ChalmersX toolkit counts them. Newer spellings of an event and those of the apps count under the one name that it has here. Closed captions, `complete_video` and pre-roll are not among the toolkit’s types.',
  counts: [
    { column: 'hide_transcript' },
    { column: 'load_video' },
    { column: 'pause_video' },
    { column: 'play_video' },
    { column: 'seek_video' },
    { column: 'show_transcript' },
    { column: 'speed_change_video' },
    { column: 'stop_video' },
    { column: 'video_hide_cc_menu' },
    { column: 'video_show_cc_menu' },
  ],
})
