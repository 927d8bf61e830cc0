import {
  caseKindOf,
  caseKindsOf,
  openRecordSet,
  parseFieldText,
  recordTypes,
  setCaseKind,
  type Value,
} from '@doorstep/core'
import { Args, Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { parsePairs, wrongUse } from '../../flags.ts'
import { kindsText } from '../../voice/case-text.ts'

const FIELDS = Object.keys(recordTypes.kind.fields).filter((name) => name !== 'code')

export default class CaseKind extends DoorstepCommand {
  static override description =
    '设一类案件的时限和做法(站长)· Set the limits and ways of a kind of case (chiefs)'
  static override examples = [
    'doorstep case kind utility --set handle=24h --set accept=2h --set source=本市办法',
    'doorstep case kind noise --set name=噪声扰民 --set nameEn=Noise --set handle=3wd',
  ]
  static override args = {
    CODE: Args.string({ required: true, ignoreStdin: true, description: '类别代码 · code of the kind' }),
  }
  static override flags = {
    set: Flags.string({
      required: true,
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'FIELD=VALUE',
      description: `时限写 4wh 工时、2wd 工作日、24h 小时、7d 天、none · limits are 4wh, 2wd, 24h, 7d or none; ${FIELDS.join(', ')}`,
    }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(CaseKind)
    const pairs = parsePairs('--set', flags.set)
    const set: Record<string, Value> = {}
    for (const [name, text] of Object.entries(pairs)) {
      if (!FIELDS.includes(name))
        wrongUse(`没有 “${name}”,有:${FIELDS.join('、')}`, `no "${name}"; there are: ${FIELDS.join(', ')}`)
      const field = recordTypes.kind.fields[name as keyof (typeof recordTypes)['kind']['fields']]
      const value = parseFieldText(field, text)
      if (value === undefined) wrongUse(`看不懂 ${name}=${text}`, `${name}=${text} cannot be read`)
      set[name] = value!
    }
    const station = await this.open(flags)
    const { record, entries } = this.must(await setCaseKind(station, { code: args.CODE, set }))
    const kind = caseKindOf(caseKindsOf(openRecordSet(station, { follow: false })), args.CODE)
    this.print(kindsText([kind], this.language))
    return { record, code: args.CODE, entries }
  }
}
