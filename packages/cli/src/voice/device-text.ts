import type { Value } from '@doorstep/core'
import type { DecodedHex } from '@doorstep/drivers'
import type { DeviceJson } from '../station/devices.ts'
import { expiryText } from './device-life-text.ts'
import { type Language, say } from './language.ts'
import { table } from './table.ts'
import { fieldLabel, shortId, valueText } from './value-text.ts'

/** The newest day of a device's readings: `2026-11-24  1234.56 kWh`. */
export function dailyText(daily: readonly Value[]): string | null {
  const last = daily.at(-1)
  if (typeof last !== 'object' || last === null || Array.isArray(last)) return null
  return `${String(last.on ?? '')}  ${String(last.value ?? '–')} ${String(last.unit ?? '')}`.trim()
}

export function devicesText(devices: readonly DeviceJson[], language: Language): string {
  if (devices.length === 0)
    return say(language, [
      '没有设备。加一个:\n  doorstep device add HOUSEHOLD --kind electricity --protocol dlt645 --address ADDRESS',
      'No devices. Add one:\n  doorstep device add HOUSEHOLD --kind electricity --protocol dlt645 --address ADDRESS',
    ])
  return table(
    [
      say(language, ['在哪', 'Where']),
      fieldLabel('device', 'kind', language),
      fieldLabel('device', 'name', language),
      fieldLabel('device', 'protocol', language),
      fieldLabel('device', 'address', language),
      say(language, ['最近读数', 'Last reading']),
      fieldLabel('device', 'expiresOn', language),
      fieldLabel('device', 'retiredOn', language),
      'id',
    ],
    devices.map((device) => [
      device.home,
      valueText('device', 'kind', device.kind, language),
      device.name ?? '',
      device.protocol ?? '',
      device.address ?? '',
      device.last ? (dailyText([device.last]) ?? '') : '',
      expiryText(device, language),
      device.retiredOn ?? '',
      shortId(device.id),
    ]),
  )
}

/** Each frame with its items; what was thrown away is said, never hidden. */
export function decodedText({ frames, discardedBytes }: DecodedHex, language: Language): string {
  const told = frames.map(({ protocol, address, function: name, items, error }) =>
    [
      `${protocol} ${address} ${name}`,
      items.length > 0 &&
        table(
          [
            say(language, ['项', 'Item']),
            say(language, ['名称', 'Name']),
            say(language, ['值', 'Value']),
            '',
          ],
          items.map((item) => [
            item.id,
            item.name,
            item.value === null ? '–' : String(item.value),
            item.unit,
          ]),
        ),
      error && `! ${error.message}`,
    ]
      .filter(Boolean)
      .join('\n'),
  )
  const thrown = say(language, [`丢弃 ${discardedBytes} 字节`, `${discardedBytes} bytes discarded`])
  if (frames.length === 0) told.push(say(language, ['没有完整的帧。', 'No whole frame.']))
  return [...told, ...(discardedBytes > 0 ? [thrown] : [])].join('\n\n')
}
