// Ten days as a sample tells them, with what they mean and with the tables that the product makes of them.
import { planDays } from '../../cli/sample/calendar.ts'
import { Random } from '../../cli/sample/random.ts'
import { encoded, shuffled, tellDays } from '../../cli/sample/sample_days.ts'
import type { SiteTruth } from '../../cli/sample/truth.ts'
import { TruthRecorder } from '../../cli/sample/truth_recorder.ts'
import { makeSite } from '../../cli/sample/world.ts'
import { type ComputedFiles, computeFiles } from '../fixtures/compute_files.ts'

const ORGANISATION = 'TestX'

export interface TruthWorld extends ComputedFiles {
  readonly truth: SiteTruth
}

/** Tells ten days and computes their tables. */
export async function tellTruthWorld(from: string): Promise<TruthWorld> {
  const random = new Random(`truth ${from}`)
  const world = makeSite({ organisation: ORGANISATION, site: 'edx', courses: 4, learners: 90, random })
  const days = planDays({ from, days: 10, random })
  const recorder = new TruthRecorder({ moments: true })
  const request = { world, days, events_per_day: 1500, even: true, damage: 40, random, truth: recorder }
  function* files() {
    for (const { day, lines } of tellDays(request))
      yield { date: day.date, chunks: encoded(shuffled(lines, 500, random.derive(day.date))) }
  }
  const people = (): Readonly<Record<string, string>> => {
    const { known, unresolved } = recorder.finish().names
    return { ...known, ...unresolved }
  }
  const computed = await computeFiles({ organisation: ORGANISATION, files: files(), people })
  return { truth: recorder.finish(), ...computed }
}
