// The ETag of a file, which has none of its own. It follows size and time of change, so that reading the content is never
// needed to notice that it was replaced, and an archive that is moved with its times (`cp -p`, `rsync -a`) stays the same.
import { hash } from 'node:crypto'
import type { BigIntStats } from 'node:fs'

/** Makes the ETag of a file from its facts; a change within one tick of the file system's clock that keeps the size is missed. */
export function etagOf(facts: BigIntStats): string {
  return hash('sha256', `${facts.size}-${facts.mtimeNs}`).slice(0, 32)
}
