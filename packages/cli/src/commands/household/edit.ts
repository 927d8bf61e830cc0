import { editHousehold } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg, parsePairs } from '../../flags.ts'
import { GivenText } from '../../station/given-text.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { parseFields } from '../../station/typed-fields.ts'

const many = (description: string) => Flags.string({ multiple: true, multipleNonGreedy: true, description })

export default class HouseholdEdit extends DoorstepCommand {
  static override description = '改住户的资料 · Change what is known of a household'
  static override examples = [
    'doorstep household edit 1-2-301 --set mind=听力差,敲重些 --add-tag 有小狗',
    'doorstep household edit hh-7f2 --set phone=@-   # 从标准输入,不留在历史里',
  ]
  static override args = { ID: idArg('住户编号,或门牌 1-2-301 · id, or the door: 1-2-301') }
  static override flags = {
    set: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'FIELD=VALUE',
      description: '值可为 @-(标准输入)或 @文件;空值清除 · VALUE may be @- or @FILE; empty clears',
    }),
    'add-tag': many('加标签 · add a tag'),
    'remove-tag': many('去标签 · remove a tag'),
    'add-category': many('加类别 · add a category'),
    'remove-category': many('去类别 · remove a category'),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(HouseholdEdit)
    const given = new GivenText()
    const typed: Record<string, string> = {}
    for (const [field, text] of Object.entries(parsePairs('--set', flags.set ?? [])))
      typed[field] = this.must(await given.value(text))
    const set = this.must(parseFields('household', typed))
    const station = await this.open(flags)
    const { id } = this.must(pickRecord(station, 'household', args.ID, this.language))
    const { changed, entries } = this.must(
      await editHousehold(station, {
        household: id,
        set,
        add: { tags: flags['add-tag'] ?? [], categories: flags['add-category'] ?? [] },
        remove: { tags: flags['remove-tag'] ?? [], categories: flags['remove-category'] ?? [] },
      }),
    )
    this.print(
      changed
        ? this.words(['已存好。', 'Saved.'])
        : this.words(['本来就是这样,没有改动。', 'It was so already.']),
    )
    return { household: id, changed, entries }
  }
}
