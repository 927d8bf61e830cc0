import { correctResidence, editRecord, type PersonWarning, personWarnings } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg, parsePairs } from '../../flags.ts'
import { GivenText } from '../../station/given-text.ts'
import { pickPerson } from '../../station/pick-person.ts'
import { basisFlags, basisOf, residenceChoice, residenceFlags } from '../../station/resident-flags.ts'
import { todayOf } from '../../station/today.ts'
import { parseFields } from '../../station/typed-fields.ts'
import { warningsText } from '../../voice/person-text.ts'

const many = (description: string) => Flags.string({ multiple: true, multipleNonGreedy: true, description })

export default class PersonEdit extends DoorstepCommand {
  static override description = '改一个人的资料 · Change what is known of somebody'
  static override examples = [
    'doorstep person edit pe-7f2 --set phone=@-',
    'doorstep person edit pe-7f2 --add-category low-income --document 低保证',
  ]
  static override args = { PERSON: idArg('人员编号,或姓名 · id, or the name') }
  static override flags = {
    set: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'FIELD=VALUE',
      description: '值可为 @-(标准输入)或 @文件;空值清除 · VALUE may be @- or @FILE; empty clears',
    }),
    ...residenceFlags,
    'add-category': many('加类别;敏感的要有依据 · add a category; a sensitive one needs a basis'),
    'remove-category': many('去类别 · remove a category'),
    ...basisFlags,
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(PersonEdit)
    const given = new GivenText()
    const typed: Record<string, string> = {}
    for (const [field, text] of Object.entries(parsePairs('--set', flags.set ?? [])))
      typed[field] = this.must(await given.value(text))
    const set = this.must(parseFields('person', typed))
    const basis = this.must(await basisOf(given, flags))
    const relation = this.must(residenceChoice('relation', flags.relation))
    const kind = this.must(residenceChoice('kind', flags.kind))
    const station = await this.open(flags)
    const { id } = this.must(pickPerson(station, args.PERSON, this.language))
    const edited = this.must(
      await editRecord(station, {
        record: id,
        set,
        add: { categories: flags['add-category'] ?? [] },
        remove: { categories: flags['remove-category'] ?? [] },
        basis,
      }),
    )
    const residence = {
      ...(relation === undefined ? {} : { relation }),
      ...(kind === undefined ? {} : { kind }),
    }
    const corrected =
      Object.keys(residence).length > 0
        ? this.must(await correctResidence(station, { person: id, set: residence }))
        : null
    const changed = edited.changed || corrected !== null
    const warnings: readonly PersonWarning[] = personWarnings(set, todayOf(station, this.language).today)
    this.print(
      changed
        ? this.words(['已存好。', 'Saved.'])
        : this.words(['本来就是这样,没有改动。', 'It was so already.']),
    )
    if (warnings.length > 0) this.print(warningsText('person', warnings, this.language))
    const entries = [...edited.entries, ...(corrected?.entries ?? [])]
    return { person: id, changed, warnings, entries }
  }
}
