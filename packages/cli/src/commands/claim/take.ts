import { fail, openRecordSet, takeClaim } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { dayFlag, idArg } from '../../flags.ts'
import { pickPlace, pickSweep } from '../../station/pick-place.ts'
import { todayOf } from '../../station/today.ts'
import { plural } from '../../voice/language.ts'

export default class ClaimTake extends DoorstepCommand {
  static override description = '认领:这些门我去 · Claim doors: I go there'
  static override examples = [
    'doorstep claim take 1-2-301',
    'doorstep claim take 1-2 --sweep 冬季敲门行动',
    'doorstep claim take 1幢 --floor 3 --until 2026-12-01',
  ]
  static override args = {
    PLACE: idArg('门牌 1-2-301、单元 1-2、楼栋 1幢,或编号 · a door, a stair (1-2), a building, or an id'),
  }
  static override flags = {
    unit: Flags.string({ description: '楼栋里的单元 · unit of the building' }),
    floor: Flags.integer({ description: '楼层 · floor' }),
    sweep: Flags.string({
      description: '为哪次行动;不写就是当天的探访 · for which sweep; the lists of the day if not given',
    }),
    until: dayFlag({ description: '到哪天为止 · the last day it holds' }),
    also: Flags.boolean({ description: '别人认领了的也要 · doors that others have claimed too' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(ClaimTake)
    const station = await this.open(flags)
    const set = openRecordSet(station, { follow: false })
    const { language } = this
    const on = todayOf(station, language).today
    const { unit, floor, until, also } = flags
    const { place, space } = this.must(pickPlace(station, set, args.PLACE, { unit, floor, language }))
    const card = flags.sweep === undefined ? null : this.must(pickSweep(set, flags.sweep, { on, language }))
    const sweep = card?.parts.find((part) => part.space === space)?.sweep
    if (card && sweep === undefined)
      this.must(fail({ type: 'not-in-sweep', place: args.PLACE, sweep: card.round, name: card.name }))
    const taken = this.must(
      await takeClaim(station, set, {
        place,
        also,
        language,
        ...(sweep === undefined ? {} : { sweep }),
        ...(until === undefined ? {} : { until }),
      }),
    )
    const { doors, left } = taken
    this.print(
      this.words([
        `${taken.claim === null ? '之前已认领' : '已认领'}:${taken.place} ${doors.length} 户,到 ${taken.until}${left.length > 0 ? `;${left.length} 户别人已认领,没有动` : ''}`,
        `${taken.claim === null ? 'Claimed before' : 'Claimed'}: ${taken.place}, ${plural(doors.length, 'door')}, until ${taken.until}${left.length > 0 ? `; ${left.length} claimed by others left alone` : ''}`,
      ]),
    )
    return { ...taken, sweep: sweep ?? null }
  }
}
