import { fail, type Invite, ok, type Problem, type Result, type Station } from '@doorstep/core'
import { type CodeInvitation, DEFAULT_PORT, inviteByCode, pairingUri, parseAddress } from '@doorstep/sync'
import { lanAddresses } from './lan-addresses.ts'
import { ownName } from './names.ts'

export type HeldCode = {
  readonly held: CodeInvitation
  /** Where this machine is reached, the likeliest first. */
  readonly addresses: readonly string[]
  /** What the QR code says. */
  readonly uri: string
}

/** Opens a code for an invite. Where nothing is said it listens as `sync serve` does, or beside it on any free port. */
export async function holdCode(
  station: Station,
  invite: Invite,
  options: {
    readonly listen: string | undefined
    readonly discover: boolean
    readonly onTrouble: (problem: Problem) => void
    readonly onWrong: (remote: string, left: number) => void
  },
): Promise<Result<HeldCode>> {
  const address = options.listen === undefined ? ok(null) : parseAddress(options.listen)
  if (!address.ok) return address
  const listen = address.value ? [address.value] : [everywhere(DEFAULT_PORT), everywhere(0)]
  const held = await inviteByCode(station, { ...options, name: ownName(station), invite, listen })
  if (!held.ok) return fail(held.problem)
  const addresses = lanAddresses(held.value.listening)
  return ok({ held: held.value, addresses, uri: pairingUri({ code: held.value.code, addresses }) })
}

const everywhere = (port: number) => ({ host: '0.0.0.0', port })
