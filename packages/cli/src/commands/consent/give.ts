import {
  type ConsentHow,
  giveConsent,
  type LegalBasis,
  type Purpose,
  purposes,
  recordTypes,
} from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { dayFlag, idArg } from '../../flags.ts'
import { GivenText } from '../../station/given-text.ts'
import { pickSubject } from '../../station/pick-record.ts'
import { fieldLabel, shortId, valueText } from '../../voice/value-text.ts'

const { basis, how } = recordTypes.consent.fields

export default class ConsentGive extends DoorstepCommand {
  static override description = '记下同意,或别的依据 · Note a consent, or another legal basis'
  static override examples = [
    'doorstep consent give 1-2-301 --purpose monitor-electricity --how paper --until 2027-12-31',
    'doorstep consent give pe-7f2 --purpose photos --how in-person --guardian 测试家长',
  ]
  static override args = {
    SUBJECT: idArg('住户或人员编号,或门牌 · id of a household or person, or the door'),
  }
  static override flags = {
    purpose: Flags.option({ options: Object.keys(purposes) as Purpose[], required: true })({
      description: '用途 · for what',
    }),
    basis: Flags.option({
      options: Object.keys(basis.choices) as LegalBasis[],
      default: 'consent' as LegalBasis,
    })({
      description: '依据 · on which basis',
    }),
    how: Flags.option({ options: Object.keys(how.choices) as ConsentHow[] })({
      description: '怎样给的;同意必须写 · how it was given; needed for a consent',
    }),
    guardian: Flags.string({
      helpValue: 'NAME|@-',
      description: '监护人(不满 14 岁)· guardian of a child under 14',
    }),
    from: dayFlag({ description: '从哪天起,默认今天 · from which day, today if not given' }),
    until: dayFlag({ description: '到哪天为止 · the last day' }),
    note: Flags.string({ helpValue: 'TEXT|@-', description: '备注 · a note' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(ConsentGive)
    const given = new GivenText()
    const guardian = flags.guardian === undefined ? undefined : this.must(await given.value(flags.guardian))
    const note = flags.note === undefined ? undefined : this.must(await given.value(flags.note))
    const station = await this.open(flags)
    const subject = this.must(pickSubject(station, args.SUBJECT, this.language))
    const made = this.must(
      await giveConsent(station, {
        subject: subject.id,
        purpose: flags.purpose,
        basis: flags.basis,
        ...(flags.how === undefined ? {} : { how: flags.how }),
        ...(guardian === undefined ? {} : { guardian }),
        ...(flags.from === undefined ? {} : { from: flags.from }),
        ...(flags.until === undefined ? {} : { until: flags.until }),
        ...(note === undefined ? {} : { note }),
      }),
    )
    const label = fieldLabel('consent', 'purpose', this.language)
    const purpose = valueText('consent', 'purpose', flags.purpose, this.language)
    this.print(
      this.words([
        `已存好:${shortId(made.consent)}  ${label}:${purpose}\n要撤回:doorstep consent withdraw ${shortId(made.consent)} --reason 原因`,
        `Saved: ${shortId(made.consent)}  ${label}: ${purpose}\nTo take it back: doorstep consent withdraw ${shortId(made.consent)} --reason TEXT`,
      ]),
    )
    return { ...made, subject: subject.id, purpose: flags.purpose, basis: flags.basis }
  }
}
