// The ETag of a file, which has none of its own. It follows size and time of change, so that reading the content is never
// needed to notice that it was replaced, and an archive that is moved with its times (`cp -p`, `rsync -a`) stays the same.
import { createHash } from 'node:crypto'
import type { BigIntStats } from 'node:fs'

/** Makes the ETag of a file from its facts; a change within one tick of the file system's clock that keeps the size is missed. */
export function etagOf(facts: BigIntStats): string {
  return createHash('sha256').update(`${facts.size}-${facts.mtimeNs}`).digest('hex').slice(0, 32)
}
