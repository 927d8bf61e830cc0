import { decodeHex } from '@doorstep/drivers'
import { Args } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { GivenText } from '../../station/given-text.ts'
import { decodedText } from '../../voice/device-text.ts'

export default class DeviceDecode extends DoorstepCommand {
  static override description = '解读抄到的字节 · Decode captured bytes'
  static override examples = [
    'doorstep device decode dlt645 "68 61 01 00 00 00 00 68 91 08 33 33 34 33 89 67 45 33 09 16"',
    'doorstep device decode cjt188 @capture.txt',
  ]
  static override args = {
    PROTOCOL: idArg('协议 · protocol: dlt645, cjt188, mbus, modbus, modbus:xintai-water'),
    HEX: Args.string({
      required: true,
      multiple: true,
      ignoreStdin: true,
      description: '十六进制,可带空格;@- 或 @文件 · hex, spaces allowed; @- or @FILE',
    }),
  }

  async run(): Promise<unknown> {
    const { args } = await this.parse(DeviceDecode)
    const hex = this.must(await new GivenText().value(args.HEX.join(' ')))
    const decoded = this.must(decodeHex(args.PROTOCOL, hex, { lang: this.language }))
    this.print(decodedText(decoded, this.language))
    return decoded
  }
}
