import { fail, openRecordSet, releaseClaim } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { idArg } from '../../flags.ts'
import { memberNamed } from '../../station/names.ts'
import { pickPlace, pickSweep } from '../../station/pick-place.ts'
import { todayOf } from '../../station/today.ts'
import { plural } from '../../voice/language.ts'

export default class ClaimRelease extends DoorstepCommand {
  static override description = '让出:这些门我不去了 · Give doors up that were claimed'
  static override examples = ['doorstep claim release 1-2-301', 'doorstep claim release 1-2 --of 测试员乙']
  static override args = {
    PLACE: idArg('门牌 1-2-301、单元 1-2、楼栋 1幢,或编号 · a door, a stair (1-2), a building, or an id'),
  }
  static override flags = {
    unit: Flags.string({ description: '楼栋里的单元 · unit of the building' }),
    floor: Flags.integer({ description: '楼层 · floor' }),
    sweep: Flags.string({ description: '只让出为这次行动的 · only what was claimed for this sweep' }),
    of: Flags.string({
      helpValue: 'MEMBER',
      description: '撤销别人的(站长)· take back somebody else’s claim (chiefs)',
    }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(ClaimRelease)
    const station = await this.open(flags)
    const set = openRecordSet(station, { follow: false })
    const { language } = this
    const on = todayOf(station, language).today
    const { unit, floor } = flags
    const { place, space } = this.must(pickPlace(station, set, args.PLACE, { unit, floor, language }))
    const card = flags.sweep === undefined ? null : this.must(pickSweep(set, flags.sweep, { on, language }))
    const sweep = card?.parts.find((part) => part.space === space)?.sweep
    const of = flags.of === undefined ? undefined : memberNamed(station, flags.of)
    if (of === null) this.must(fail({ type: 'unknown-member', member: flags.of }))
    const released = this.must(
      await releaseClaim(station, set, {
        place,
        language,
        ...(card ? { sweep: sweep ?? card.round } : {}),
        ...(of ? { of } : {}),
      }),
    )
    const count = released.doors.length
    this.print(this.words([`已让出 ${count} 户`, `Given up: ${plural(count, 'door')}`]))
    return released
  }
}
