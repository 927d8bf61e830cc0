import { fail } from '@doorstep/core'
import { SCANNED_PROTOCOLS } from '@doorstep/drivers'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { abortWhenInterrupted } from '../../station/abort-when-interrupted.ts'
import { scanDevices } from '../../station/scan-devices.ts'
import { ProgressLine } from '../../voice/progress.ts'
import { scannedText } from '../../voice/scan-text.ts'

export default class DeviceScan extends DoorstepCommand {
  static override description =
    '找线路上有哪些表,只问不写 · Find the meters on a line; only questions are sent'
  static override examples = [
    'doorstep device scan --at 192.168.1.30:8899',
    'doorstep device scan --at /dev/ttyUSB0 --protocol mbus',
  ]
  static override flags = {
    at: Flags.string({
      required: true,
      helpValue: 'LINE',
      description:
        '线路:主机:端口、串口或 modbus-tcp:// · the line: HOST:PORT, a serial port, or modbus-tcp://',
    }),
    protocol: Flags.option({
      options: SCANNED_PROTOCOLS,
      multiple: true,
      multipleNonGreedy: true,
      description: '只找这些协议 · only these protocols',
    })(),
    'timeout-ms': Flags.integer({
      min: 50,
      max: 30_000,
      description: '等应答多久,毫秒;移动网络上要长些 · for each answer; more over a mobile network',
    }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(DeviceScan)
    using interrupted = abortWhenInterrupted()
    const line = new ProgressLine()
    const scanned = await scanDevices(flags.at, interrupted.signal, {
      ...(flags.protocol && { protocols: flags.protocol }),
      ...(flags['timeout-ms'] !== undefined && { timeoutMs: flags['timeout-ms'] }),
      onProgress: ({ protocol, at, asked, found }) =>
        line.show(() =>
          this.words([
            `${protocol} ${at}  问了 ${asked} 次,找到 ${found} 只`,
            `${protocol} ${at}  asked ${asked} times, found ${found}`,
          ]),
        ),
    })
    line.end()
    const { ended, ...report } = this.must(scanned)
    // What was found before it broke off is worth more than the reason.
    if (ended !== null && report.found.length === 0) this.must(fail(ended))
    this.print(scannedText(report, this.language))
    if (ended !== null) this.tell(['没有找完就停了。', 'It stopped before the line was searched to its end.'])
    return { ...report, complete: ended === null }
  }
}
