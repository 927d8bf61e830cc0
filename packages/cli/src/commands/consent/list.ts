import { listConsents, openRecordSet } from '@doorstep/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { pickSubject } from '../../station/pick-record.ts'
import { todayOf } from '../../station/today.ts'
import { consentsText } from '../../voice/consent-text.ts'
import { consentJson } from '../../voice/privacy-json.ts'

export default class ConsentList extends DoorstepCommand {
  static override description =
    '一户或一人同意过什么、撤回过什么 · What a household or person allowed, and took back'
  static override args = {
    SUBJECT: idArg('住户或人员编号,或门牌 · id of a household or person, or the door'),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(ConsentList)
    const station = await this.open(flags)
    const { id, space } = this.must(pickSubject(station, args.SUBJECT, this.language))
    const set = openRecordSet(station, { follow: false, spaces: [space] })
    const on = todayOf(station, this.language).today
    const rows = listConsents(set, id, { on, language: this.language })
    this.print(consentsText(rows, this.language))
    return { subject: id, consents: rows.map(consentJson) }
  }
}
