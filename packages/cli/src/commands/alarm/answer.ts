import {
  alarmCard,
  alarmDeeds,
  alarmVerdicts,
  answerAlarm,
  isAlarmDeed,
  isAlarmVerdict,
  openRecordSet,
} from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { GivenText } from '../../station/given-text.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { todayOf } from '../../station/today.ts'
import { alarmCardJson, alarmVerdictText, improvementsText, nextAlarmText } from '../../voice/alarm-text.ts'

export default class AlarmAnswer extends DoorstepCommand {
  static override description =
    '写明为报警做了什么、是什么情况 · Say what was done about an alarm, and what it was'
  static override examples = [
    'doorstep alarm answer al-7f2 --did nobody',
    'doorstep alarm answer al-7f2 --did visited --verdict true --note 摔倒,已送医',
    'doorstep alarm answer al-7f2 --did phoned --verdict away --note 在女儿家到周日',
  ]
  static override args = { ID: idArg('报警编号 · id of the alarm') }
  static override flags = {
    did: Flags.string({
      required: true,
      options: Object.keys(alarmDeeds),
      description: '做了什么 · what was done',
    }),
    at: Flags.string({
      options: ['phone', 'door'],
      description:
        '没有人应时:打了电话还是上了门;不写,先算电话 · where nobody answered: by phone or at the door; by phone first when not given',
    }),
    verdict: Flags.string({
      options: Object.keys(alarmVerdicts),
      description: '是什么情况;还不知道就不写 · what it was; leave out while that is not known',
    }),
    note: Flags.string({ helpValue: 'TEXT|@-', description: '说明 · a note' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(AlarmAnswer)
    if (!isAlarmDeed(flags.did)) throw new Error('oclif let an unknown deed through')
    const note = flags.note === undefined ? undefined : this.must(await new GivenText().value(flags.note))
    const station = await this.open(flags)
    const { id, space } = this.must(pickRecord(station, 'alarm', args.ID, this.language))
    const answered = this.must(
      await answerAlarm(station, {
        alarm: id,
        did: flags.did,
        ...(flags.at === 'phone' || flags.at === 'door' ? { means: flags.at } : {}),
        ...(isAlarmVerdict(flags.verdict) ? { verdict: flags.verdict } : {}),
        ...(note === undefined ? {} : { note }),
      }),
    )
    const set = openRecordSet(station, { follow: false, spaces: [space] })
    const card = alarmCard(set, id, { nowMs: station.now, language: this.language })
    if (!card) throw new Error(`answered alarm ${id} is not there`)
    const now = todayOf(station, this.language)
    this.print(
      this.words(
        card.open
          ? [
              `已记下。下一步:${nextAlarmText(card, station.now, now)}`,
              `Noted. Next: ${nextAlarmText(card, station.now, now)}`,
            ]
          : [
              `已记下:${alarmVerdictText(card, 'zh')}。${answered.caseEnded ? '它的案件也结束了。' : ''}`,
              `Noted: ${alarmVerdictText(card, 'en')}.${answered.caseEnded ? ' Its case ended with it.' : ''}`,
            ],
      ),
    )
    const improve = improvementsText(card, this.language)
    if (improve !== '') this.print(`\n${improve}`)
    const { caseEnded, entries } = answered
    return { ...alarmCardJson(card, this.language), caseEnded, entries }
  }
}
