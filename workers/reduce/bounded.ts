// Many small requests at one time, but never more than a named limit: a site has thousands of receipts and courses, and
// asking for all at once would be a growing pile of sockets and memory.

/** Runs `work` on every item, at most `limit` at one time; the first failure ends it, after what runs has ended. */
export async function forEachBounded<Item>(
  items: Iterable<Item>,
  limit: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = items[Symbol.iterator]()
  let failed = false
  const lane = async (): Promise<void> => {
    for (let next = waiting.next(); !next.done && !failed; next = waiting.next()) {
      try {
        await work(next.value)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  const lanes = await Promise.allSettled(Array.from({ length: limit }, lane))
  for (const ended of lanes) if (ended.status === 'rejected') throw ended.reason
}
