import { addressOf, buildingOf, type ClaimPlace, releaseClaim, stairText, takeClaim } from '@doorstep/core'
import type { Desk } from './desk.ts'
import type { Effect } from './state.ts'

/** Claims a door or its stair, or gives it up. */
export async function claim(
  desk: Desk,
  effect: Extract<Effect, { type: 'claim' | 'release-claim' }>,
): Promise<void> {
  const { station, records } = desk
  const { place, text } = placeOf(desk, effect)
  if (effect.type === 'release-claim') {
    const released = await releaseClaim(station, records, { place })
    if (!released.ok) return desk.fail(released.problem)
    desk.refresh()
    return desk.dispatch({ type: 'done', words: [`已让出 ${text[0]}`, `Given up: ${text[1]}`] })
  }
  const { sweep, also } = effect
  const taken = await takeClaim(station, records, { place, also, ...(sweep ? { sweep } : {}) })
  if (!taken.ok) return desk.fail(taken.problem)
  const { doors, left, until } = taken.value
  desk.refresh()
  desk.dispatch({
    type: 'done',
    words: [
      `已认领 ${text[0]}${doors.length > 1 ? ` ${doors.length} 户` : ''},到 ${until}${left.length > 0 ? `;别人的 ${left.length} 户没动` : ''}`,
      `Claimed ${text[1]}${doors.length > 1 ? `, ${doors.length} doors` : ''}, until ${until}${left.length > 0 ? `; ${left.length} left to others` : ''}`,
    ],
  })
}

/** A door without a building has no stair. */
function placeOf(
  { records, state }: Desk,
  { household, stair }: { readonly household: string; readonly stair: boolean },
): { readonly place: ClaimPlace; readonly text: readonly [string, string] } {
  const record = records.getA('household', household)
  const building = record && buildingOf(records, record)
  const address = addressOf(records, record)
  if (stair && building)
    return {
      place: { building, space: record.space, ...(address.unit === null ? {} : { unit: address.unit }) },
      text: [stairText(address, 'zh'), stairText(address, 'en')],
    }
  const door = state.facts.board?.doors.find(({ id }) => id === household)?.door ?? household
  return { place: { household }, text: [door, door] }
}
