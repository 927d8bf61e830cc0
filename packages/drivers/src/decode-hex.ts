/** Bytes somebody captured, decoded without a device or a store. */
import { fail, ok, type Result } from '@doorstep/core'
import type { DecodedFrame, FrameError, ItemValue, Text } from './contract.ts'
import { type InvalidHex, parseHex } from './hex.ts'
import { readingPlans, splitProtocol } from './reading-plan.ts'
import { drivers } from './registry.gen.ts'

export type NotSupported = {
  readonly type: 'not-supported'
  readonly protocol: string
  readonly supported: readonly string[]
}

/** `discardedBytes`: in no accepted frame, an incomplete tail and frames with a wrong checksum included. */
export type DecodedHex = {
  readonly frames: readonly {
    readonly protocol: string
    readonly address: string
    readonly function: string
    readonly items: readonly { id: string; name: string; value: ItemValue; unit: string }[]
    readonly error: (Omit<FrameError, 'message'> & { message: string }) | null
  }[]
  readonly discardedBytes: number
}

export type Language = keyof Text

/**
 * @param protocol as on a device record: `modbus:xintai-water` reads an answer as what is asked of such a device
 * @param hex pairs of digits with anything usual between them; the whole text is one capture
 */
export function decodeHex(
  protocol: string,
  hex: string,
  options: { readonly lang?: Language } = {},
): Result<DecodedHex, NotSupported | InvalidHex> {
  const { name, variant } = splitProtocol(protocol)
  const driver = drivers.find((known) => known.protocol === name)
  const [plan] = readingPlans(protocol)
  if (driver === undefined || (variant !== '' && plan === undefined)) {
    return fail({ type: 'not-supported', protocol, supported: drivers.map((known) => known.protocol) })
  }
  const bytes = parseHex(hex)
  if (!bytes.ok) return bytes
  const parser = driver.createParser()
  const parsed = [parser.push(bytes.value), parser.flush()]
  return ok({
    frames: parsed
      .flatMap(({ frames }) => frames)
      .map((frame) => {
        const asked = plan && { type: 'item' as const, address: frame.address, item: plan.items[0]! }
        return speak(driver.decode(frame, [], asked), options.lang ?? 'en')
      }),
    discardedBytes: parsed.flatMap(({ noise }) => noise).reduce((sum, run) => sum + run.bytes.length, 0),
  })
}

function speak(frame: DecodedFrame, lang: Language): DecodedHex['frames'][number] {
  return {
    protocol: frame.protocol,
    address: frame.address,
    function: frame.function,
    items: frame.items.map(({ id, name, value, unit }) => ({ id, name: name[lang], value, unit })),
    error: frame.error === null ? null : { ...frame.error, message: frame.error.message[lang] },
  }
}
