// Most tables ask whether an event tells whose it is, by an id or by a name. DuckDB answers an `or` of two conditions by sorting
// the rows that either finds: over all events of a slice that costs more than to read them. So the question is put without one.

/** Holds where an event tells its actor. */
export const HAS_ACTOR = 'not (actor_id is null and actor_name is null)'

/** Holds where an event tells whom it concerns. */
export const HAS_SUBJECT = 'not (subject_id is null and subject_name is null)'
