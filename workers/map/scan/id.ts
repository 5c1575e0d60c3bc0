// Reads the ids of people. A huge one, a fraction or a sign is left to the careful reader: it comes once in years.
import { isDigit } from './value'

const QUOTE: u8 = 0x22
/** Of more digits a JavaScript number may round some. */
const ID_DIGITS_MAX: usize = 15

/** Notes an id of few digits, as a number or as text; 0 for what is no id. False when there is a doubt. */
export function noteId(at: usize, end: usize, into: usize): bool {
  store<u64>(into, 0)
  const sign = load<u8>(at)
  const is_text = sign === QUOTE
  if (!is_text && sign !== 0x2d && !isDigit(sign)) return true
  const first = is_text ? at + 1 : at
  const last = is_text ? end - 1 : end
  if (last - first > ID_DIGITS_MAX) return false
  let id: u64 = 0
  for (let next = first; next < last; next++) {
    const digit = load<u8>(next)
    if (!isDigit(digit)) return false
    id = 10 * id + (digit - 0x30)
  }
  store<u64>(into, id)
  return true
}
