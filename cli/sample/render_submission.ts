// Spells the payload of a graded submission: the same answers three times, as the platform does, with what each part is worth.
import type { Submission } from './intent.ts'
import { asciiJson, type Problem } from './world.ts'

const RESPONSES = {
  choice: ['multiplechoiceresponse', 'choicegroup'],
  choices: ['choiceresponse', 'checkboxgroup'],
  text: ['numericalresponse', 'formulaequationinput'],
} as const

/** The question that every part asks. */
export const QUESTION = 'Which of these "holds"?'

/** Gives the kind of response that a part of a problem asks for. */
export const responseType = (problem: Problem, part: number): string => RESPONSES[problem.part_kinds[part] ?? 'text'][0]

export function submissionObject(problem: Problem, submitted: Submission, bulky: boolean): string {
  const parts = submitted.answers.map((answer, index) => ({
    id: `${problem.answer_stem}_${index + 2}_1`,
    answer: asciiJson(answer),
    correct: index < submitted.parts_correct,
    kind: problem.part_kinds[index] ?? 'text',
  }))
  const answers = parts.map(({ id, answer }) => `"${id}": ${answer}`)
  const map = parts.map(
    ({ id, correct }) =>
      `"${id}": {"hint": "", "hintmode": null, "correctness": "${correct ? 'correct' : 'incorrect'}", "npoints": null, "answervariable": null, "msg": "", "queuestate": null}`,
  )
  const variant = submitted.variant === null ? '""' : String(submitted.variant)
  const details = parts.map(
    ({ id, answer, correct, kind }) =>
      `"${id}": {"answer": ${answer}, "variant": ${variant}, "correct": ${correct}, "question": ${asciiJson(QUESTION)}, "response_type": "${RESPONSES[kind][0]}", "input_type": "${RESPONSES[kind][1]}"}`,
  )
  const success = submitted.parts_correct === parts.length ? 'correct' : 'incorrect'
  const filler = bulky ? `, "student_answers": "${'0123456789abcdef'.repeat(800)}"` : ''
  const submission = submitted.detailed ? `, "submission": {${details.join(', ')}}` : ''
  return `{"problem_id": "${problem.usage_key}", "success": "${success}", "attempts": ${submitted.attempt}, "grade": ${submitted.grade}, "max_grade": ${submitted.max_grade}, "answers": {${answers.join(', ')}}, "correct_map": {${map.join(', ')}}${submission}, "state": {"seed": ${submitted.variant ?? 1}, "done": null, "correct_map": {}, "input_state": {}${filler}}}`
}
