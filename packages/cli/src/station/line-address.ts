import { fail, ok, type Problem, type Result } from '@doorstep/core'

export type LineAddress = { readonly host: string; readonly port: number }

/** `192.168.1.30:8899`, `[::1]:8899`: where a serial line is reached. Converters have no usual port, so it must be said. */
export function parseLine(
  text: string,
): Result<LineAddress, Problem & { readonly type: 'bad-line-address' }> {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:\s]+)):(\d{1,5})$/.exec(text.trim()) ?? []
  const host = bracketed ?? plain
  const port = Number(digits)
  return host === undefined || port > 65_535
    ? fail({ type: 'bad-line-address', address: text })
    : ok({ host, port })
}
