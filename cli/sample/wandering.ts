// What few learners do and some table asks about all the same, beside what no table asks about.
import { answerPoll, answerSurvey } from './answering.ts'
import { writeEssay } from './assessing.ts'
import { searchCourse, takeNotes, useBookmarks } from './collecting.ts'
import { sitExam } from './examining.ts'
import { visitCertificate } from './grading.ts'
import { reachExperiment, visitTeams } from './grouping.ts'
import { tellFact } from './tell_fact.ts'
import { request, tell, type Visit } from './visit.ts'
import type { SiteWorld } from './world.ts'

/** Does one of the rare things. */
export function wander(visit: Visit, world: SiteWorld): void {
  const { random, learner, era } = visit
  if (learner === null || !era.context || random.chance(0.4)) {
    browse(visit)
    return
  }
  const drawn = random.fraction()
  if (drawn < 0.28) answerSurvey(visit, learner)
  else if (drawn < 0.37) answerPoll(visit)
  else if (drawn < 0.45) reachExperiment(visit, learner)
  else if (!era.referer) browse(visit)
  else if (drawn < 0.53) visitTeams(visit, learner)
  else if (drawn < 0.63) writeEssay(visit, learner)
  else if (drawn < 0.71) sitExam(visit, learner, world)
  else if (drawn < 0.78) useBookmarks(visit)
  else if (drawn < 0.85) takeNotes(visit)
  else if (drawn < 0.91) searchCourse(visit)
  else if (era.grade_events) visitCertificate(visit, learner)
}

/** Where links lead to: out of the course, by its other names, or within it. */
const TARGETS = [
  'https://en.wikipedia.org/wiki/Graphene',
  'http://www.example.org:8080/a?b=c',
  'https://courses.edx.org/dashboard',
  '/progress',
] as const

function browse(visit: Visit): void {
  const { random, course, era } = visit
  if (era.context && random.chance(0.6)) {
    const picked = random.pick(TARGETS)
    const target = picked === '/progress' ? `/courses/${course.url_id}/progress` : picked
    tell(visit, 'browser', 'edx.ui.lms.link_clicked', { kind: 'link', target })
  } else if (era.sequence_names && random.chance(0.5)) {
    const target_url = `https://courses.edx.org/courses/${course.id}/jump_to/${course.sequences[1]}`
    const payload = `{"target_url": "${target_url}", "target_name": "Week 2", "widget_placement": "course_home"}`
    tellFact(visit, 'browser', 'edx.ui.lms.outline.selected', { payload })
  } else request(visit, 'api:other', '/calendar', { get: '{"week": ["7"]}' })
}
