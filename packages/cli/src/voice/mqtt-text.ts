import { signals } from '@doorstep/core'
import type { Discovered, MqttDevice } from '@doorstep/drivers'
import { type Language, say } from './language.ts'
import { table } from './table.ts'

export const mqttDeviceJson = (device: MqttDevice) => ({
  protocol: device.protocol,
  address: device.address,
  via: device.via,
  name: device.name,
  model: device.model,
  maker: device.vendor,
  signals: device.signals,
  ofUnknownAge: device.ofUnknownAge,
  lastHeardAt: device.lastHeardMs === null ? null : new Date(device.lastHeardMs).toISOString(),
  batteryPercent: device.battery,
  online: device.online,
  notUsed: device.notUsed,
})

/** Who was seen on a broker, and how one of them is registered. */
export function discoveredText({ devices }: Discovered, seconds: number, language: Language): string {
  if (devices.length === 0)
    return say(language, [
      `${seconds} 秒里没有看到认得的设备。电池设备可能几小时才说一次话:用 --for 等久些。`,
      `No device that is known here was seen in ${seconds} s. One on batteries may speak every few hours: wait longer with --for.`,
    ])
  const rows = devices.map((device) => [
    device.address,
    device.name ?? '',
    [device.vendor, device.model].filter(Boolean).join(' '),
    device.signals
      .filter((signal) => signal !== 'online')
      .map((signal) => say(language, signals[signal].label))
      .join(say(language, ['、', ', '])),
    device.battery === null ? '' : `${device.battery} %`,
    device.lastHeardMs === null ? '–' : new Date(device.lastHeardMs).toISOString().slice(11, 19),
    device.online === null ? '' : say(language, device.online ? ['在线', 'yes'] : ['离线', 'no']),
  ])
  const head = [
    say(language, ['地址', 'Address']),
    say(language, ['名称', 'Name']),
    say(language, ['型号', 'Model']),
    say(language, ['能说', 'Tells']),
    say(language, ['电量', 'Battery']),
    say(language, ['听到 (UTC)', 'Heard (UTC)']),
    say(language, ['在线', 'Online']),
  ]
  const unused = devices
    .filter((device) => device.notUsed.length > 0)
    .map((device) => `${device.address}: ${device.notUsed.join('; ')}`)
  const unusedTitle = say(language, ['没有用上的', 'Not used'])
  const usable = devices.find((device) => device.signals.length > 0)
  return [
    table(head, rows),
    unused.length > 0 && `${unusedTitle}:\n  ${unused.join('\n  ')}`,
    usable &&
      say(language, [
        `登记一个:\n  doorstep device add HOUSEHOLD --kind smoke --protocol mqtt --address ${usable.address}`,
        `To register one:\n  doorstep device add HOUSEHOLD --kind smoke --protocol mqtt --address ${usable.address}`,
      ]),
  ]
    .filter(Boolean)
    .join('\n\n')
}
