// How declarations name the types of events that they look at.

/** Tells whether a canonical event type is one of `types`, in which a `*` at the end stands for any rest. */
export const isOfTypes = (event_type: string, types: readonly string[]): boolean =>
  types.some((type) => (type.endsWith('*') ? event_type.startsWith(type.slice(0, -1)) : event_type === type))
