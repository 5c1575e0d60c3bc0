// Problems become names of views. Ids hold any signs, differ in case alone, or are called like a view that is there already; the
// ChalmersX toolkit ends with an error then. Here every problem gets a name of its own, the same each time.

/** Names that problems may not have, because other views of the schema begin with `problem_` too. */
const TAKEN = ['problem_activity', 'problem_index']

/**
 * Gives each problem the name of its view: `problem_` and the id without what is no letter, digit or underscore. Where two
 * names would be one, also when case is not looked at, the later ones get a number: `problem_quiz_2`.
 */
export function samcedNames(problem_ids: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set(TAKEN)
  const names = new Map<string, string>()
  for (const problem_id of problem_ids) {
    const plain = `problem_${problem_id.replaceAll(/[^A-Za-z0-9_]/g, '')}`
    let name = plain
    for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${plain}_${number}`
    taken.add(name.toLowerCase())
    names.set(problem_id, name)
  }
  return names
}
