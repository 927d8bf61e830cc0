import { networkInterfaces } from 'node:os'

/** Where others on the LAN reach a server of this machine: `HOST:PORT`, the likeliest first. */
export function lanAddresses({ host, port }: { host: string; port: number }): string[] {
  if (host !== '0.0.0.0' && host !== '::')
    return [host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`]
  const own = Object.values(networkInterfaces())
    .flatMap((cards) => cards ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address)
    .sort((a, b) => likelihood(a) - likelihood(b))
  return own.map((address) => `${address}:${port}`)
}

/** Home and office routers give 192.168, larger networks 10; 172.16–31 is often a virtual machine's (RFC 1918). */
function likelihood(address: string): number {
  const order = [/^192\.168\./, /^10\./, /^172\.(1[6-9]|2\d|3[01])\./]
  const at = order.findIndex((range) => range.test(address))
  if (at >= 0) return at
  // What a card gives itself without a router (RFC 3927) comes last.
  return address.startsWith('169.254.') ? 9 : order.length
}
