// The time of day, for what only records it. Everything that decides by time takes a clock as an argument, so that tests
// can stand it still.

export type Clock = () => Date

/** Tells the machine's time. */
export const systemClock: Clock = () => new Date()
