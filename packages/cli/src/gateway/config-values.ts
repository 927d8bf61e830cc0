/** The forms of values in a gateway's configuration. */
import { parseBytes } from '../voice/bytes.ts'
import { type Reads, scalar } from './read-yaml.ts'

export const text = (example: string): Reads<string> =>
  scalar((typed) => (typed === '' ? null : typed), [example])

export const choice = <const C extends string>(...choices: readonly C[]): Reads<C> =>
  scalar((typed) => choices.find((one) => one === typed) ?? null, choices)

export const yesNo: Reads<boolean> = scalar(
  (typed) => (typed === 'true' ? true : typed === 'false' ? false : null),
  ['true', 'false'],
)

export const wholeNumber = (least: number, most: number): Reads<number> =>
  scalar(
    (typed) =>
      /^\d+$/.test(typed) && Number(typed) >= least && Number(typed) <= most ? Number(typed) : null,
    [`${least}–${most}`],
  )

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

export function parseDuration(typed: string): number | null {
  const [, digits, unit] = /^(\d+)\s*([smhd])$/.exec(typed) ?? []
  return digits === undefined ? null : Number(digits) * UNITS[unit!]!
}

const durationText = (ms: number): string => {
  const unit = ['d', 'h', 'm', 's'].find((one) => ms % UNITS[one]! === 0) ?? 's'
  return `${ms / UNITS[unit]!}${unit}`
}

/** Milliseconds; written as `30s`, `15m`, `6h`, `400d`. */
export const duration = (leastMs: number, mostMs: number): Reads<number> =>
  scalar(
    (typed) => {
      const ms = parseDuration(typed)
      return ms !== null && ms >= leastMs && ms <= mostMs ? ms : null
    },
    [durationText(leastMs), '…', durationText(mostMs)],
  )

/** Bytes; written as `500MB`, `2GB`. */
export const size: Reads<number> = scalar(parseBytes, ['500MB', '20GB'])

export type HostPort = { readonly host: string; readonly port: number }

export function parseHostPort(typed: string): HostPort | null {
  const [, bracketed, plain, digits] = /^(?:\[([^\]\s]+)\]|([^:\s]+)):(\d{1,5})$/.exec(typed) ?? []
  const host = bracketed ?? plain
  return host === undefined || Number(digits) > 65_535 ? null : { host, port: Number(digits) }
}

export const hostPortText = ({ host, port }: HostPort): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`

export const hostPort = (example: string): Reads<HostPort> => scalar(parseHostPort, [example])

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|::1|localhost)$/

/** Nobody but this machine reaches it. */
export const loopback = (example: string): Reads<HostPort> =>
  scalar(
    (typed) => {
      const address = parseHostPort(typed)
      return address && LOOPBACK.test(address.host) ? address : null
    },
    [example, '[::1]:…'],
  )

export const url = (...schemes: readonly string[]): Reads<string> =>
  scalar(
    (typed) => (URL.canParse(typed) && schemes.includes(new URL(typed).protocol) ? typed : null),
    schemes.map((scheme) => `${scheme}//192.168.1.20:…`),
  )

/** Letters, digits, `-`: it stands in logs and metrics, so it must not be a name or an address of a home. */
export const name: Reads<string> = scalar(
  (typed) => (/^[a-z][a-z0-9-]{0,30}$/.test(typed) ? typed : null),
  ['block-1', 'meter-room'],
)
