import type { ScanReport, SerialScanReport } from '@doorstep/drivers'
import { type Language, say } from './language.ts'
import { table } from './table.ts'

type Scanned = Omit<ScanReport | SerialScanReport, 'ended'>

/** Every meter with how it is asked; who answered but could not be understood; what to type next. */
export function scannedText({ found, unresolved, asked, ms }: Scanned, language: Language): string {
  const seconds = (ms / 1000).toFixed(1)
  const sum = say(language, [
    `问了 ${asked} 次,${seconds} 秒,找到 ${found.length} 只。`,
    `Asked ${asked} times in ${seconds} s, found ${found.length}.`,
  ])
  const unclear = unresolved.map(({ protocol, address }) =>
    say(language, [
      `${protocol} ${address}:有应答,但听不清(地址重复,或杂音多)。`,
      `${protocol} ${address}: somebody answers but cannot be understood (an address given twice, or much noise).`,
    ]),
  )
  const [first] = found
  const next = first
    ? `  doorstep device add HOUSEHOLD --kind KIND --protocol ${first.protocol} --address ${first.address}`
    : say(language, [
        '  查接线、电源和串口服务器的波特率(2400 8E1),再试:\n  doorstep device scan --at HOST:PORT --timeout-ms 3000',
        '  Check the wiring, the power and the converter’s settings (2400 8E1), then:\n  doorstep device scan --at HOST:PORT --timeout-ms 3000',
      ])
  return [...(first ? [foundTable(found, language)] : []), ...unclear, sum, next].join('\n')
}

function foundTable(found: Scanned['found'], language: Language): string {
  return table(
    [
      say(language, ['协议', 'Protocol']),
      say(language, ['地址', 'Address']),
      say(language, ['版本', 'Edition']),
      say(language, ['表号', 'Number']),
      say(language, ['计量', 'Counts']),
      say(language, ['串口', 'Serial']),
    ],
    found.map((meter) => [
      meter.protocol,
      meter.address,
      meter.edition ?? '',
      meter.number ?? '',
      meter.counts?.[language] ?? '',
      'baud' in meter ? `${meter.baud},8${meter.parity === 'none' ? 'N' : 'E'}${meter.stopBits}` : '',
    ]),
  )
}
