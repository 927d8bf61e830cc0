import { caseKindsOf, formatLimit, openRecordSet } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { kindsText } from '../../voice/case-text.ts'

export default class CaseKinds extends DoorstepCommand {
  static override description = '案件类别和每个环节的时限 · Kinds of cases, and how long each stage may take'

  async run(): Promise<unknown> {
    const { flags } = await this.parse(CaseKinds)
    const station = await this.open(flags)
    const kinds = [...caseKindsOf(openRecordSet(station, { follow: false })).values()]
    this.print(kindsText(kinds, this.language))
    return {
      kinds: kinds.map(({ label: [name, nameEn], limits, source, ...kind }) => ({
        ...kind,
        ...{ name, nameEn },
        limits: Object.fromEntries(
          Object.entries(limits).map(([stage, limit]) => [stage, formatLimit(limit)]),
        ),
        source: source[this.language === 'zh' ? 0 : 1],
      })),
    }
  }
}
