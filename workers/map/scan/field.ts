// Knows the few keys that rows are made of, by their length and their bytes; every other key costs one comparison of its
// length.

export const OTHER = 0
export const TIME = 1
export const EVENT_TYPE = 2
export const EVENT_SOURCE = 3
export const USERNAME = 4
export const CONTEXT = 5
export const EVENT = 6
export const PAGE = 7
export const SYNTHESIZED = 8
export const USER_ID = 9
export const COURSE_ID = 10
export const PATH = 11
export const MODULE = 12
export const IP = 13
export const COURSE_USER_TAGS = 14

/** Tells which key stands at `at`. The numbers are the keys' bytes, lowest first. */
export function fieldOf(at: usize, length: usize): i32 {
  const head = load<u64>(at)
  switch (<i32>length) {
    case 2: // ip
      return (head & 0xffff) === 0x7069 ? IP : OTHER
    case 4:
      switch (<u32>head) {
        case 0x656d6974: // time
          return TIME
        case 0x65676170: // page
          return PAGE
        case 0x68746170: // path
          return PATH
      }
      return OTHER
    case 5: // event
      return (head & 0xff_ffff_ffff) === 0x746e657665 ? EVENT : OTHER
    case 6: // module
      return (head & 0xffff_ffff_ffff) === 0x656c75646f6d ? MODULE : OTHER
    case 7:
      if ((head & 0xff_ffff_ffff_ffff) === 0x747865746e6f63) return CONTEXT // context
      return (head & 0xff_ffff_ffff_ffff) === 0x64695f72657375 ? USER_ID : OTHER // user_id
    case 8: // username
      return head === 0x656d616e72657375 ? USERNAME : OTHER
    case 9: // course_id
      return head === 0x695f657372756f63 && load<u8>(at + 8) === 0x64 ? COURSE_ID : OTHER
    case 10: // event_type
      return head === 0x79745f746e657665 && load<u16>(at + 8) === 0x6570 ? EVENT_TYPE : OTHER
    case 11: // synthesized
      return head === 0x69736568746e7973 && (load<u32>(at + 8) & 0xff_ffff) === 0x64657a ? SYNTHESIZED : OTHER
    case 12: // event_source
      return head === 0x6f735f746e657665 && load<u32>(at + 8) === 0x65637275 ? EVENT_SOURCE : OTHER
    case 16: // course_user_tags
      return head === 0x755f657372756f63 && load<u64>(at + 8) === 0x736761745f726573 ? COURSE_USER_TAGS : OTHER
    default:
      return OTHER
  }
}
