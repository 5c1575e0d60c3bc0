// A value that only TypeScript understands is not copied: the record says where its JSON stands.

/** Notes address and bytes of the value between two addresses. */
export function notePlace(at: usize, end: usize, into: usize): void {
  store<u32>(into, <u32>at)
  store<u32>(into, <u32>(end - at), 4)
}
