import { recordVisit } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { dayFlag, idArg } from '../../flags.ts'
import { withAnswerFiles } from '../../station/answer-files.ts'
import { GivenText } from '../../station/given-text.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { changedWords } from '../../voice/changed-words.ts'
import { shortId } from '../../voice/value-text.ts'

export default class VisitRecord extends DoorstepCommand {
  static override description = '记一次探访 · Record a visit'
  static override examples = [
    'doorstep visit record 1-2-301 --form home-safety-check --answers 回答.json',
    'doorstep visit record 1-2-402 --outcome absent',
  ]
  static override args = { HOUSEHOLD: idArg('住户编号,或门牌 1-2-301 · id, or the door: 1-2-301') }
  static override flags = {
    form: Flags.string({ description: '表单编号 · id of a form' }),
    answers: Flags.string({ helpValue: 'FILE|-', description: '回答(JSON)· answers as JSON' }),
    outcome: Flags.option({ options: ['met', 'absent', 'refused'] as const, default: 'met' as const })({
      description: '见到本人、无人应答、拒访 · what came of it',
    }),
    on: dayFlag({ description: '哪一天,默认今天 · on which day, today if not given' }),
    mode: Flags.option({ options: ['door', 'phone', 'video', 'paper', 'remote'] as const })({
      description:
        '方式,默认上门,问紧急联系人默认电话 · how; at the door if not given, by phone for the emergency contact',
    }),
    contact: Flags.option({ options: ['resident', 'neighbour', 'emergency'] as const })({
      description: '问了谁,默认本人;问别人时结果是 absent · who was asked, the resident if not given',
    }),
    heard: Flags.boolean({
      description: '问到了下落,人平安 · whoever was asked knows that the resident is well',
    }),
    person: Flags.string({
      helpValue: 'ID',
      description: '表单问的是谁,这一户的人员编号 · whom the form is about, one of the household',
    }),
    note: Flags.string({ helpValue: 'TEXT|@-', description: '备注 · a note' }),
    next: dayFlag({ description: '答应哪天再来 · when you promised to come again' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(VisitRecord)
    const given = new GivenText()
    const answers =
      flags.answers === undefined
        ? undefined
        : this.must(await withAnswerFiles(this.must(await given.json(flags.answers)), flags.answers))
    const note = flags.note === undefined ? undefined : this.must(await given.value(flags.note))
    const station = await this.open(flags)
    const { id } = this.must(pickRecord(station, 'household', args.HOUSEHOLD, this.language))
    const person =
      flags.person === undefined
        ? undefined
        : this.must(pickRecord(station, 'person', flags.person, this.language)).id
    const recorded = this.must(
      await recordVisit(station, {
        household: id,
        outcome: flags.outcome,
        ...(flags.mode === undefined ? {} : { mode: flags.mode }),
        ...(flags.contact === undefined ? {} : { contact: flags.contact }),
        ...(flags.heard ? { heard: true } : {}),
        language: this.language,
        ...(flags.on === undefined ? {} : { on: flags.on }),
        ...(flags.form === undefined ? {} : { form: flags.form }),
        ...(answers === undefined ? {} : { answers }),
        ...(person === undefined ? {} : { person }),
        ...(note === undefined ? {} : { note }),
        ...(flags.next === undefined ? {} : { nextOn: flags.next }),
      }),
    )
    const { visit, cases, changed } = recorded
    for (const one of changed) this.tell(changedWords(one))
    this.print(
      this.words([
        `已存好:探访 ${shortId(visit)}${cases.length > 0 ? `,开了 ${cases.length} 件案件:${cases.map(shortId).join(' ')}` : ''}`,
        `Saved: visit ${shortId(visit)}${cases.length > 0 ? `, and ${cases.length} case(s) opened: ${cases.map(shortId).join(' ')}` : ''}`,
      ]),
    )
    return recorded
  }
}
