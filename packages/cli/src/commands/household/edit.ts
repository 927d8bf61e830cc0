import { definitionOf, editHousehold, isMasked, mindOf, minds, phoneWarnings } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg, parsePairs } from '../../flags.ts'
import { GivenText } from '../../station/given-text.ts'
import { pickRecord } from '../../station/pick-record.ts'
import { basisFlags, basisOf } from '../../station/resident-flags.ts'
import { parseFields } from '../../station/typed-fields.ts'
import { warningsText } from '../../voice/person-text.ts'

const many = (description: string) => Flags.string({ multiple: true, multipleNonGreedy: true, description })

const MINDS = Object.values(minds)
  .map(([zh]) => zh)
  .join('、')

export default class HouseholdEdit extends DoorstepCommand {
  static override description = '改住户的资料 · Change what is known of a household'
  static override examples = [
    'doorstep household edit 1-2-301 --add-mind 听力差 --add-mind 有狗 --set mind=儿子每周三来',
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
    'add-mind': many(`当心:${MINDS} · to mind: ${Object.keys(minds).join(', ')}`),
    'remove-mind': many('不用再当心 · no longer to mind'),
    ...basisFlags,
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(HouseholdEdit)
    const given = new GivenText()
    const typed: Record<string, string> = {}
    for (const [field, text] of Object.entries(parsePairs('--set', flags.set ?? [])))
      typed[field] = this.must(await given.value(text))
    const set = this.must(parseFields('household', typed))
    const basis = this.must(await basisOf(given, flags))
    this.#warnOfHistory(flags.set ?? [], set)
    const station = await this.open(flags)
    const { id } = this.must(pickRecord(station, 'household', args.ID, this.language))
    const { changed, entries } = this.must(
      await editHousehold(station, {
        household: id,
        set,
        add: {
          tags: flags['add-tag'] ?? [],
          categories: flags['add-category'] ?? [],
          minds: (flags['add-mind'] ?? []).map(mindOf),
        },
        remove: {
          tags: flags['remove-tag'] ?? [],
          categories: flags['remove-category'] ?? [],
          minds: (flags['remove-mind'] ?? []).map(mindOf),
        },
        basis,
      }),
    )
    this.print(
      changed
        ? this.words(['已存好。', 'Saved.'])
        : this.words(['本来就是这样,没有改动。', 'It was so already.']),
    )
    const warnings = phoneWarnings(set)
    if (warnings.length > 0) this.print(warningsText('household', warnings, this.language))
    return { household: id, changed, warnings, entries }
  }

  /** What was typed on a terminal lies in the shell's history from then on. */
  #warnOfHistory(texts: readonly string[], set: Readonly<Record<string, unknown>>): void {
    const typed = new Set(
      Object.entries(parsePairs('--set', texts))
        .filter(([, text]) => text !== '' && (!text.startsWith('@') || text.startsWith('@@')))
        .map(([name]) => name),
    )
    const [personal] = Object.keys(set).filter(
      (field) => isMasked('household', field, 'chief') && this.#isNamed(field, typed),
    )
    if (personal !== undefined && process.stderr.isTTY)
      this.tell([
        `提醒:${personal} 写在命令里,会留在终端历史;下次用 --set ${personal}=@- 从标准输入给。`,
        `Note: ${personal} on the command line stays in the shell's history; next time --set ${personal}=@- takes it from standard input.`,
      ])
  }

  #isNamed(field: string, typed: ReadonlySet<string>): boolean {
    const label = definitionOf('household')?.fields[field]?.label ?? []
    return [field, ...label].some((name) => typed.has(name))
  }
}
