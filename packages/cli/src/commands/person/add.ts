import { addPerson, openDuplicates, openRecordSet, type Value } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { dayFlag, idArg, parsePairs } from '../../flags.ts'
import { GivenText } from '../../station/given-text.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { basisFlags, basisOf, residenceChoice, residenceFlags } from '../../station/resident-flags.ts'
import { parseFields } from '../../station/typed-fields.ts'
import { alikeText } from '../../voice/merge-text.ts'
import { warningsText } from '../../voice/person-text.ts'
import { fieldLabel, shortId } from '../../voice/value-text.ts'

export default class PersonAdd extends DoorstepCommand {
  static override description = '在一户登记一个人 · Register somebody at a household'
  static override examples = [
    'doorstep person add 1-2-301 测试人员 --relation 户主 --id-number @-',
    'doorstep person add 1-2-301 测试人员 --set population=floating --kind 租住 --from 2026-11-01',
  ]
  static override args = {
    HOUSEHOLD: idArg('住户编号,或门牌 1-2-301 · id, or the door: 1-2-301'),
    NAME: idArg('姓名 · name'),
  }
  static override flags = {
    'id-number': Flags.string({
      helpValue: 'TEXT|@-',
      description: '身份证号;出生日期和性别随之填上 · ID number; fills in birth and gender',
    }),
    phone: Flags.string({ helpValue: 'TEXT|@-', description: '电话 · phone' }),
    set: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'FIELD=VALUE',
      description: '其他字段;值可为 @- 或 @文件 · other fields; VALUE may be @- or @FILE',
    }),
    ...residenceFlags,
    state: Flags.string({ description: '居住状态:在住、外出、空挂 · present, away, nominal' }),
    from: dayFlag({ description: '从哪天住起 · lives here since' }),
    'add-category': Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      description: '类别;敏感的要有依据 · a category; a sensitive one needs a basis',
    }),
    ...basisFlags,
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(PersonAdd)
    const given = new GivenText()
    const typed: Record<string, string> = { name: args.NAME }
    for (const [field, text] of Object.entries(parsePairs('--set', flags.set ?? [])))
      typed[field] = this.must(await given.value(text))
    for (const [field, text] of [
      ['idNumber', flags['id-number']],
      ['phone', flags.phone],
    ] as const)
      if (text !== undefined) typed[field] = this.must(await given.value(text))
    const fields: Record<string, Value> = this.must(parseFields('person', typed))
    const basis = this.must(await basisOf(given, flags))
    const details = {
      relation: this.must(residenceChoice('relation', flags.relation)),
      kind: this.must(residenceChoice('kind', flags.kind)),
      state: this.must(residenceChoice('state', flags.state)),
      from: flags.from,
    }
    const station = await this.open(flags)
    const { id } = this.must(pickRecord(station, 'household', args.HOUSEHOLD, this.language))
    const set = openRecordSet(station, { follow: false })
    const alike = (await openDuplicates(set)).like({ type: 'person', fields, at: id })
    if (alike.length > 0)
      this.tell([alikeText(set, 'person', alike, 'zh'), alikeText(set, 'person', alike, 'en')])
    const added = this.must(
      await addPerson(station, {
        household: id,
        fields,
        categories: flags['add-category'] ?? [],
        basis,
        ...Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined)),
      }),
    )
    this.print(this.words([`已登记:${shortId(added.person)}`, `Registered: ${shortId(added.person)}`]))
    if (added.filled.length > 0) {
      const names = added.filled.map((field) => fieldLabel('person', field, this.language)).join(', ')
      this.print(this.words([`按身份证号填上:${names}`, `Filled in from the ID number: ${names}`]))
    }
    if (added.warnings.length > 0) this.print(warningsText('person', added.warnings, this.language))
    this.#warnOfHistory(flags)
    return { household: id, ...added, alike }
  }

  /** What was typed on a terminal lies in the shell's history from then on. */
  #warnOfHistory(flags: { 'id-number'?: string | undefined; phone?: string | undefined }): void {
    const shown = (['id-number', 'phone'] as const).find(
      (name) => flags[name] && !flags[name].startsWith('@'),
    )
    if (shown && process.stderr.isTTY)
      this.tell([
        `提醒:--${shown} 写在命令里,会留在终端历史;下次用 --${shown} @- 从标准输入给。`,
        `Note: --${shown} on the command line stays in the shell's history; next time --${shown} @- takes it from standard input.`,
      ])
  }
}
