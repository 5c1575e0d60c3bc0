// How much a process may log, apart from the log itself: the command line names the levels in every command, and most
// commands have no log to load.
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]
