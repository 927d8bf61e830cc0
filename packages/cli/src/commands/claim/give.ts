import { openRecordSet, takeClaim } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { dayFlag, idArg } from '../../flags.ts'
import { memberNames } from '../../station/names.ts'
import { pickMember } from '../../station/pick-member.ts'
import { pickPlace } from '../../station/pick-place.ts'
import { plural } from '../../voice/language.ts'

export default class ClaimGive extends DoorstepCommand {
  static override description = '派给:这些门让他去(组长)· Give doors to somebody: they go there (chiefs)'
  static override examples = ['doorstep claim give 1-2 --to 李强', 'doorstep claim give 1-2-301 --to me-7f2']
  static override args = {
    PLACE: idArg('门牌 1-2-301、单元 1-2、楼栋 1幢,或编号 · a door, a stair (1-2), a building, or an id'),
  }
  static override flags = {
    to: Flags.string({ required: true, description: '派给谁 · to whom' }),
    unit: Flags.string({ description: '楼栋里的单元 · unit of the building' }),
    floor: Flags.integer({ description: '楼层 · floor' }),
    until: dayFlag({ description: '到哪天为止,默认今天 · the last day it holds, today if not given' }),
    also: Flags.boolean({ description: '别人认领了的也派 · doors that others have claimed too' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(ClaimGive)
    const { language } = this
    const station = await this.open(flags)
    const to = this.must(pickMember(station, flags.to))
    const set = openRecordSet(station, { follow: false })
    const { unit, floor, until, also } = flags
    const { place } = this.must(pickPlace(station, set, args.PLACE, { unit, floor, language }))
    const given = this.must(
      await takeClaim(station, set, {
        place,
        also,
        for: to,
        language,
        ...(until === undefined ? {} : { until }),
      }),
    )
    const { doors, left } = given
    const name = memberNames(station).get(to) ?? to
    this.print(
      this.words([
        `${name}:${given.place} ${doors.length} 户,到 ${given.until}${left.length > 0 ? `;${left.length} 户别人已认领,没有动` : ''}`,
        `${name}: ${given.place}, ${plural(doors.length, 'door')}, until ${given.until}${left.length > 0 ? `; ${left.length} claimed by others left alone` : ''}`,
      ]),
    )
    return { ...given, to }
  }
}
