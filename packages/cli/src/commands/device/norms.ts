import { isNorm, norms, normsOf, openRecordSet, setNorm } from '@doorstep/core'
import { Args, Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { wrongUse } from '../../flags.ts'
import { normsText } from '../../voice/device-life-text.ts'

export default class DeviceNorms extends DoorstepCommand {
  static override description =
    '设备标准:寿命、在线率、误报率;站长可改 · Norms of devices: life, share online, false alarms; a chief may set them'
  static override examples = [
    'doorstep device norms',
    'doorstep device norms life-smoke --value 10 --source 本市规定',
  ]
  static override args = {
    CODE: Args.string({ ignoreStdin: true, description: `哪一条 · which: ${Object.keys(norms).join(', ')}` }),
  }
  static override flags = {
    value: Flags.string({
      dependsOn: ['source'],
      helpValue: 'NUMBER',
      description: '新数值;default 用回默认 · the new number; default gives it back to the program',
    }),
    source: Flags.string({ dependsOn: ['value'], description: '依据 · what it rests on' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(DeviceNorms)
    const { CODE: code } = args
    if (code !== undefined && !isNorm(code))
      return wrongUse(
        `没有 “${code}”,有:${Object.keys(norms).join('、')}`,
        `no "${code}"; there are: ${Object.keys(norms).join(', ')}`,
      )
    if (flags.value !== undefined && code === undefined) wrongUse('要改哪一条?', 'which one is to be set?')
    const value = flags.value === 'default' ? null : Number(flags.value)
    if (flags.value !== undefined && value !== null && !(value >= 0))
      wrongUse(`${flags.value} 不是数`, `${flags.value} is no number`)
    const station = await this.open(flags)
    if (code !== undefined && flags.value !== undefined)
      this.must(await setNorm(station, { code, value, source: flags.source! }))
    const rows = [...normsOf(openRecordSet(station, { follow: false, spaces: [] })).values()].filter(
      (row) => code === undefined || row.code === code,
    )
    this.print(normsText(rows, this.language))
    return {
      norms: rows.map(({ label: [name, nameEn], source, ...row }) => ({
        ...row,
        name,
        nameEn,
        source: source[this.language === 'zh' ? 0 : 1],
      })),
    }
  }
}
