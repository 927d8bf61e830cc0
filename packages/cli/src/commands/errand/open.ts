import { type ErrandKind, errandCard, openErrand, openRecordSet, recordTypes } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { dayFlag, idArg } from '../../flags.ts'
import { GivenText } from '../../station/given-text.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { todayOf } from '../../station/today.ts'
import { errandJson, nextErrandText } from '../../voice/errand-text.ts'
import { shortId } from '../../voice/value-text.ts'

const KINDS = Object.keys(recordTypes.errand.fields.kind.choices) as ErrandKind[]

export default class ErrandOpen extends DoorstepCommand {
  static override description = '为居民代办一件事 · Take on an errand for a resident'
  static override examples = [
    'doorstep errand open 1-2-301 --kind allowance --what 高龄津贴申请 --due 2026-12-10',
  ]
  static override args = { HOUSEHOLD: idArg('住户编号,或门牌 1-2-301 · id, or the door: 1-2-301') }
  static override flags = {
    kind: Flags.option({ options: KINDS })({ required: true, description: '种类 · kind' }),
    what: Flags.string({ required: true, helpValue: 'TEXT|@-', description: '办什么 · what is to be done' }),
    person: Flags.string({ description: '为谁(人员编号)· for whom, by id' }),
    due: dayFlag({ description: '期限 · to be done by' }),
    note: Flags.string({ helpValue: 'TEXT|@-', description: '说明 · a note' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(ErrandOpen)
    const given = new GivenText()
    const what = this.must(await given.value(flags.what))
    const note = flags.note === undefined ? undefined : this.must(await given.value(flags.note))
    const station = await this.open(flags)
    const household = this.must(pickRecord(station, 'household', args.HOUSEHOLD, this.language))
    const person =
      flags.person === undefined
        ? null
        : this.must(pickRecord(station, 'person', flags.person, this.language)).id
    const opened = this.must(
      await openErrand(station, {
        household: household.id,
        kind: flags.kind,
        what,
        ...(person === null ? {} : { person }),
        ...(flags.due === undefined ? {} : { dueOn: flags.due }),
        ...(note === undefined ? {} : { note }),
      }),
    )
    const set = openRecordSet(station, { follow: false, spaces: [household.space] })
    const card = errandCard(set, opened.errand, {
      on: todayOf(station, this.language).today,
      language: this.language,
    })
    if (!card) throw new Error(`opened errand ${opened.errand} is not there`)
    this.print(this.words([`已记下:代办 ${shortId(card.id)}`, `Noted: errand ${shortId(card.id)}`]))
    this.print(nextErrandText(card, this.language))
    return { errand: card.id, ...errandJson(card), entries: opened.entries }
  }
}
