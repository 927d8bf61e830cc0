import { caseCard, caseSteps, isCaseStep, openRecordSet, stateLabel, stepCase } from '@doorstep/core'
import { Args, Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { dayFlag, idArg } from '../../flags.ts'
import { GivenText } from '../../station/given-text.ts'
import { memberNamed } from '../../station/names.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { todayOf } from '../../station/today.ts'
import { nextText } from '../../voice/case-text.ts'
import { caseJson } from '../../voice/json.ts'

export default class CaseStep extends DoorstepCommand {
  static override description = '案件的下一步 · The next step of a case'
  static override examples = [
    'doorstep case step ca-7f2 dispatch --to 物业 --due 2026-12-01',
    'doorstep case step ca-7f2 return --note 不归我们管',
  ]
  static override args = {
    ID: idArg('案件编号 · id of the case'),
    STEP: Args.string({
      required: true,
      ignoreStdin: true,
      options: Object.keys(caseSteps),
      description: '步骤 · which step',
    }),
  }
  static override flags = {
    note: Flags.string({ helpValue: 'TEXT|@-', description: '说明或原因 · a note, or why' }),
    to: Flags.string({ helpValue: 'MEMBER|ORG', description: '交给哪个成员或单位 · to whom' }),
    due: dayFlag({ description: '这一步以后的期限 · the limit from here on' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(CaseStep)
    if (!isCaseStep(args.STEP)) throw new Error('oclif let an unknown step through')
    const note = flags.note === undefined ? undefined : this.must(await new GivenText().value(flags.note))
    const station = await this.open(flags)
    const { id } = this.must(pickRecord(station, 'case', args.ID, this.language))
    const stepped = this.must(
      await stepCase(station, {
        case: id,
        step: args.STEP,
        ...(note === undefined ? {} : { note }),
        ...(flags.to === undefined ? {} : { to: memberNamed(station, flags.to) ?? flags.to }),
        ...(flags.due === undefined ? {} : { due: flags.due }),
      }),
    )
    const set = openRecordSet(station, { follow: false })
    const card = caseCard(set, id, { on: todayOf(station, this.language).today, language: this.language })
    if (!card) throw new Error(`stepped case ${id} is not there`)
    this.print(stateLabel(card.state, this.language))
    this.print(nextText(card, this.language))
    return { case: id, ...caseJson(card), entries: stepped.entries }
  }
}
