import {
  addHousehold,
  fail,
  ok,
  openDuplicates,
  openRecordSet,
  type Projection,
  type Result,
} from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg, parsePairs, wrongUse } from '../../flags.ts'
import { GivenText } from '../../station/given-text.ts'
import { pickBuilding } from '../../station/pick-place.ts'
import { type PickProblem, pickGrid } from '../../station/pick-record.ts'
import { parseFields } from '../../station/typed-fields.ts'
import { alikeText } from '../../voice/merge-text.ts'
import { warningsText } from '../../voice/person-text.ts'
import { shortId } from '../../voice/value-text.ts'

export default class HouseholdAdd extends DoorstepCommand {
  static override description = '登记名册上没有的一户 · Put a household on the register that is not there'
  static override examples = [
    'doorstep household add 1-2-305 --name 测试户',
    'doorstep household add 9-101 --new-building --grid 一号网格',
  ]
  static override args = {
    DOOR: idArg('门牌:楼-单元-室,或 楼-室 · the door: building-unit-room, or building-room'),
  }
  static override flags = {
    name: Flags.string({ helpValue: 'TEXT|@-', description: '户名 · what it is called' }),
    set: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'FIELD=VALUE',
      description: '其他字段;值可为 @- 或 @文件 · other fields; VALUE may be @- or @FILE',
    }),
    floor: Flags.integer({ description: '楼层 · floor' }),
    another: Flags.boolean({ description: '同一房屋里的另一户 · another one in the same dwelling' }),
    'new-building': Flags.boolean({
      dependsOn: ['grid'],
      description: '楼也是新的 · the building is new as well',
    }),
    street: Flags.string({ dependsOn: ['new-building'], description: '街路巷 · its street' }),
    grid: Flags.string({ description: '新楼在哪个网格 · the grid of a new building' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(HouseholdAdd)
    const given = new GivenText()
    const typed: Record<string, string> = {}
    for (const [field, text] of Object.entries(parsePairs('--set', flags.set ?? [])))
      typed[field] = this.must(await given.value(text))
    if (flags.name !== undefined) typed.name = this.must(await given.value(flags.name))
    const fields = this.must(parseFields('household', typed))
    const words = args.DOOR.trim().split(/\s*[-－—–]\s*/u)
    if (words.length < 2 || words.includes(''))
      return wrongUse(
        '门牌应为 楼-单元-室 或 楼-室,如 1-2-305',
        'a door is building-unit-room or building-room, like 1-2-305',
      )
    const station = await this.open(flags)
    const set = openRecordSet(station, { follow: false })
    const room = words.at(-1)!
    const rest = words.slice(0, -1)
    const find = (parts: readonly string[]): Result<Projection, PickProblem> =>
      pickBuilding(set, parts.join('-'), this.language)
    let place: { building: Parameters<typeof addHousehold>[1]['building']; unit?: string }
    if (flags['new-building']) {
      const grid = this.must(pickGrid(set, flags.grid))
      if (!grid) return this.must(fail({ type: 'unknown-grid', grid: flags.grid ?? '', grids: [] }))
      const unit = rest.length > 1 ? rest.at(-1)! : undefined
      const name = (unit === undefined ? rest : rest.slice(0, -1)).join('-')
      const street = flags.street === undefined ? {} : { street: flags.street }
      place = { building: { name, space: grid.space, ...street }, ...(unit === undefined ? {} : { unit }) }
    } else {
      const whole = find(rest)
      const shorter = !whole.ok && rest.length > 1 ? find(rest.slice(0, -1)) : null
      const building = this.must(shorter?.ok ? ok(shorter.value) : whole)
      place = { building: building.id, ...(shorter?.ok ? { unit: rest.at(-1)! } : {}) }
    }
    const added = this.must(
      await addHousehold(station, {
        ...place,
        room,
        fields,
        another: flags.another,
        ...(flags.floor === undefined ? {} : { floor: flags.floor }),
      }),
    )
    const after = openRecordSet(station, { follow: false })
    const alike = (await openDuplicates(after))
      .list('household')
      .flatMap(({ one, other, ...row }) =>
        [one, other].includes(added.household) ? [{ ...row, id: one === added.household ? other : one }] : [],
      )
    if (alike.length > 0)
      this.tell([alikeText(after, 'household', alike, 'zh'), alikeText(after, 'household', alike, 'en')])
    this.print(this.words([`已登记:${shortId(added.household)}`, `Registered: ${shortId(added.household)}`]))
    if (added.warnings.length > 0) this.print(warningsText('household', added.warnings, this.language))
    return { ...added, alike: alike.map(({ id, score, reasons }) => ({ id, score, reasons })) }
  }
}
