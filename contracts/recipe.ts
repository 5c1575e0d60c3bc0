// The recipe is the version of the meaning of the tables. Raising it makes every day stale, so it is raised on purpose,
// when the normaliser or a table declaration changes what a partial holds, and never by a mere deploy.
export const RECIPE = 4
