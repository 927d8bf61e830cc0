import { caseCard, openCase, openRecordSet } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { dayFlag, idArg } from '../../flags.ts'
import { GivenText } from '../../station/given-text.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { todayOf } from '../../station/today.ts'
import { nextText } from '../../voice/case-text.ts'
import { caseJson } from '../../voice/json.ts'
import { shortId } from '../../voice/value-text.ts'

export default class CaseOpen extends DoorstepCommand {
  static override description = '上报一件事 · Open a case'
  static override examples = [
    'doorstep case open 1-2-301 --kind passage-hazard --title 楼道堆物 --due 2026-12-01',
  ]
  static override args = { HOUSEHOLD: idArg('住户编号,或门牌 1-2-301 · id, or the door: 1-2-301') }
  static override flags = {
    kind: Flags.string({ required: true, description: '类别 · kind' }),
    title: Flags.string({
      required: true,
      helpValue: 'TEXT|@-',
      description: '一句话说明 · what it is, in a line',
    }),
    grade: Flags.option({ options: ['ordinary', 'serious'] as const })({ description: '等级 · how bad' }),
    due: dayFlag({ description: '期限 · to be done by' }),
    device: Flags.string({ description: '关于哪台设备,编号 · which device it is about, by id' }),
    from: Flags.option({ options: ['worker', 'resident', 'hotline'] as const })({
      description: '谁提的,默认网格员 · who brought it up; worker if not given',
    }),
    note: Flags.string({ helpValue: 'TEXT|@-', description: '说明 · a note' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(CaseOpen)
    const given = new GivenText()
    const title = this.must(await given.value(flags.title))
    const note = flags.note === undefined ? undefined : this.must(await given.value(flags.note))
    const station = await this.open(flags)
    const { id } = this.must(pickRecord(station, 'household', args.HOUSEHOLD, this.language))
    const device =
      flags.device === undefined
        ? undefined
        : this.must(pickRecord(station, 'device', flags.device, this.language)).id
    const opened = this.must(
      await openCase(station, {
        household: id,
        kind: flags.kind,
        title,
        ...(flags.grade === undefined ? {} : { grade: flags.grade }),
        ...(flags.due === undefined ? {} : { dueOn: flags.due }),
        ...(note === undefined ? {} : { note }),
        ...(device === undefined ? {} : { device }),
        ...(flags.from === undefined ? {} : { source: flags.from }),
      }),
    )
    const now = todayOf(station, this.language)
    const set = openRecordSet(station, { follow: false })
    const card = caseCard(set, opened.case, { on: now.today, nowMs: station.now, language: this.language })
    if (!card) throw new Error(`opened case ${opened.case} is not there`)
    this.print(this.words([`已上报:案件 ${shortId(card.id)}`, `Reported: case ${shortId(card.id)}`]))
    this.print(nextText(card, this.language))
    return { case: card.id, ...caseJson(card), entries: opened.entries }
  }
}
