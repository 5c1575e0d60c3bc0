// Researchers ask where learners are, and nobody should have to keep their addresses for it: an address becomes a country
// while its line is read, and is gone with the line.
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { type CountryResponse, Reader } from 'mmdb-lib'
import { MillraceError } from '../../contracts/errors.ts'
import { memoised } from './memo.ts'

/** Gives the ISO code of the country of an `ip` as logged; null for what is no address or is in no country. */
export type CountryOf = (ip: unknown) => string | null

export const NO_COUNTRIES: CountryOf = () => null

/** Reads a GeoIP file (MaxMind DB with countries or cities). */
export async function openCountries(path: string): Promise<CountryOf> {
  try {
    return countriesOf(await readFile(path))
  } catch (cause) {
    throw new MillraceError(
      'geoip_unusable',
      `Cannot use the GeoIP file "${path}": it cannot be read as a MaxMind DB`,
      {
        cause,
      },
    )
  }
}

/** Looks addresses up in the bytes of a GeoIP file. */
export function countriesOf(bytes: Buffer): CountryOf {
  const reader = new Reader<CountryResponse>(bytes)
  const countryOf = memoised(65_536, (ip) => (isIP(ip) === 0 ? null : (reader.get(ip)?.country?.iso_code ?? null)))
  return (ip) => (typeof ip === 'string' ? countryOf(addressOf(ip)) : null)
}

/** Behind proxies the field holds a list, the learner's own address first. */
function addressOf(ip: string): string {
  const comma = ip.indexOf(',')
  return (comma === -1 ? ip : ip.slice(0, comma)).trim()
}
