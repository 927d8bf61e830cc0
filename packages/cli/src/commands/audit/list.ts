import { auditTrail, openRecordSet, startOfDay, stationCalendar } from '@doorstep/core'
import { Args, Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { dayFlag } from '../../flags.ts'
import { memberNamed } from '../../station/names.ts'
import { pickSubject } from '../../station/pick-record.ts'
import { todayOf } from '../../station/today.ts'
import { auditText } from '../../voice/audit-text.ts'
import { auditJson } from '../../voice/privacy-json.ts'

export default class AuditList extends DoorstepCommand {
  static override description =
    '谁对哪一户做过什么,读自日志本身 · Who did what to a household, from the log itself'
  static override examples = [
    'doorstep audit list 1-2-301',
    'doorstep audit list --action record.reveal --since 2026-11-01',
  ]
  static override args = {
    HOUSEHOLD: Args.string({
      ignoreStdin: true,
      description:
        '住户或人员编号,或门牌;不写则全部 · id of a household or person, or the door; else everything',
    }),
  }
  static override flags = {
    member: Flags.string({ description: '只看这个成员(姓名或编号)· of this member, by name or id' }),
    since: dayFlag({ description: '从哪天起 · from this day on' }),
    action: Flags.string({ description: '只看这一类,如 record.reveal 或 visit · of this kind' }),
    limit: Flags.integer({ default: 100, min: 1, description: '最近几条 · how many of the newest' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(AuditList)
    const station = await this.open(flags)
    const subject =
      args.HOUSEHOLD === undefined ? null : this.must(pickSubject(station, args.HOUSEHOLD, this.language))
    const trail = auditTrail(station, {
      ...(subject ? { subject: subject.id } : {}),
      ...(flags.member === undefined ? {} : { member: memberNamed(station, flags.member) ?? flags.member }),
      ...(flags.since === undefined ? {} : { sinceMs: startOfDay(stationCalendar(station), flags.since) }),
      ...(flags.action === undefined ? {} : { action: flags.action }),
      limit: flags.limit,
    })
    const set = openRecordSet(station, { follow: false, ...(subject ? { spaces: [subject.space] } : {}) })
    this.print(auditText(set, trail, todayOf(station, this.language)))
    return auditJson(trail)
  }
}
