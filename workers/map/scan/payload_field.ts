// Knows the keys of payloads that columns are made of, as field.ts knows those of events.

export const OTHER = 0
export const USER_ID = 1
export const COURSE_ID = 2
export const MODE = 3
export const ID = 4
export const PROBLEM_ID = 5
export const MODULE_ID = 6
export const PROBLEM = 7
export const SUCCESS = 8
export const CORRECT_MAP = 9
export const CURRENT_TIME = 10
export const MOBILE_CURRENT_TIME = 11
export const OLD_TIME = 12
export const NEW_TIME = 13
export const SPEED = 14
export const NEW_SPEED = 15
export const DURATION = 16
export const ATTEMPTS = 17
export const GRADE = 18
export const MAX_GRADE = 19
export const OLD_TAB = 21
export const NEW_TAB = 22
export const CURRENT_TAB = 23
export const TARGET_TAB = 24
/** Names somebody else, in a few types that the careful reader reads. */
export const SOMEBODY = 20

/** Tells which key stands at `at`. The numbers are the keys' bytes, lowest first. */
export function payloadFieldOf(at: usize, length: usize): i32 {
  const head = load<u64>(at)
  switch (<i32>length) {
    case 2: // id
      return (head & 0xffff) === 0x6469 ? ID : OTHER
    case 3:
      if ((head & 0xff_ffff) === 0x646c6f) return OLD_TAB // old
      return (head & 0xff_ffff) === 0x77656e ? NEW_TAB : OTHER // new
    case 4: // mode
      return <u32>head === 0x65646f6d ? MODE : OTHER
    case 5:
      if ((head & 0xff_ffff_ffff) === 0x6564617267) return GRADE // grade
      return (head & 0xff_ffff_ffff) === 0x6465657073 ? SPEED : OTHER // speed
    case 7:
      switch (head & 0xff_ffff_ffff_ffff) {
        case 0x6d656c626f7270: // problem
          return PROBLEM
        case 0x64695f72657375: // user_id
          return USER_ID
        case 0x73736563637573: // success
          return SUCCESS
        case 0x746e6564757473: // student
          return SOMEBODY
      }
      return OTHER
    case 8:
      switch (head) {
        case 0x656d69745f646c6f: // old_time
          return OLD_TIME
        case 0x656d69745f77656e: // new_time
          return NEW_TIME
        case 0x6e6f697461727564: // duration
          return DURATION
        case 0x7374706d65747461: // attempts
          return ATTEMPTS
      }
      return OTHER
    case 9:
      switch (head) {
        case 0x695f657372756f63: // course_id
          return load<u8>(at + 8) === 0x64 ? COURSE_ID : OTHER
        case 0x656570735f77656e: // new_speed
          return load<u8>(at + 8) === 0x64 ? NEW_SPEED : OTHER
        case 0x646172675f78616d: // max_grade
          return load<u8>(at + 8) === 0x65 ? MAX_GRADE : OTHER
        case 0x695f656c75646f6d: // module_id
          return load<u8>(at + 8) === 0x64 ? MODULE_ID : OTHER
      }
      return OTHER
    case 10:
      if (head === 0x745f746567726174 && load<u16>(at + 8) === 0x6261) return TARGET_TAB // target_tab
      // problem_id
      return head === 0x5f6d656c626f7270 && load<u16>(at + 8) === 0x6469 ? PROBLEM_ID : OTHER
    case 11:
      if (head === 0x54746e6572727563) return (load<u32>(at + 8) & 0xff_ffff) === 0x656d69 ? CURRENT_TIME : OTHER // currentTime
      if (head === 0x5f746e6572727563 && (load<u32>(at + 8) & 0xff_ffff) === 0x626174) return CURRENT_TAB // current_tab
      return head === 0x5f74636572726f63 && (load<u32>(at + 8) & 0xff_ffff) === 0x70616d ? CORRECT_MAP : OTHER // correct_map
    case 12: // current_time
      return head === 0x5f746e6572727563 && load<u32>(at + 8) === 0x656d6974 ? MOBILE_CURRENT_TIME : OTHER
    case 15: // attempt_user_id
      return head === 0x5f74706d65747461 && load<u64>(at + 7) === 0x64695f726573755f ? SOMEBODY : OTHER
    default:
      return OTHER
  }
}
