// What the program's exit code tells a script. They are documented in `millrace --help` and never change their meaning.

/** Everything asked for was done. */
export const EXIT_DONE = 0
/** It failed, or was aborted by a second Ctrl-C. */
export const EXIT_FAILED = 1
/** `plan`: there is work to do. */
export const EXIT_WORK = 2
/** `run`, `status`: everything that could be done was, and some days are quarantined. */
export const EXIT_QUARANTINED = 3
/** The command line or the config file is wrong. */
export const EXIT_USAGE = 64
/** `run`: stopped softly by the first Ctrl-C before everything was done. */
export const EXIT_STOPPED = 130

export const EXIT_HELP = `
Exit codes:
  0    everything asked for was done
  1    it failed, or was aborted by a second Ctrl-C
  2    plan: there is work to do
  3    run, status: done as far as possible, some days are quarantined
  64   the command line or the config file is wrong
  130  run: stopped softly by Ctrl-C before everything was done`
