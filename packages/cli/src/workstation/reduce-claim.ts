import { doubleKey, isMine, myDoubles, othersAt } from './claims.ts'
import type { DoorRow } from './facts.ts'
import { doorRows } from './rows.ts'
import { pickedAt } from './screens.ts'
import { type State, type Step, step, topOf } from './state.ts'

/**
 * One key claims a door, or gives it up when it is this member's; another does so for its whole stair. What a colleague
 * has claimed is claimed besides at the second press.
 */
export function reduceClaim(state: State, household: string, command: 'claim' | 'claim-stair'): Step {
  const door = state.facts.board?.doors.find(({ id }) => id === household)
  if (!door) return step(state)
  const { sweep } = door
  if (command === 'claim-stair') {
    const isTaken = door.claims.some(({ mine, wide }) => mine && wide)
    return isTaken
      ? step(saving(state), { type: 'release-claim', household, stair: true })
      : step(saving(state), { type: 'claim', household, stair: true, sweep, also: false })
  }
  if (isMine(door)) return step(saving(state), { type: 'release-claim', household, stair: false })
  const others = othersAt(door)
  const also = others.length > 0
  if (also && state.asked !== household) {
    const [zh, en] = [others.join('、'), others.join(', ')]
    const words = [
      `${door.door} ${zh} 已认领。还要一起去,再按一次 l`,
      `${door.door} is claimed by ${en}. To go there too, press l again`,
    ] as const
    return step({ ...state, asked: household, notice: { tone: 'warn', words } })
  }
  return step(saving({ ...state, asked: null }), { type: 'claim', household, stair: false, sweep, also })
}

const saving = (state: State): State => ({ ...state, busy: ['正在存盘', 'Saving'] })

/** The door that keys are about: the one on the screen, or the one selected. */
export function doorHere(state: State): DoorRow | null {
  const screen = topOf(state)
  if (screen.type === 'today') {
    const rows = doorRows(state, screen.scope)
    return rows[pickedAt(rows, screen.pick)] ?? null
  }
  if (screen.type !== 'door') return null
  return state.facts.board?.doors.find(({ id }) => id === screen.household) ?? null
}

/** Double claims of this member's doors that nobody has looked at yet on this machine. */
export const unseenDoubles = (state: State): readonly DoorRow[] =>
  myDoubles(state.facts.board).filter((door) => !state.seenDoubles.has(doubleKey(door)))

/** Seen at the door itself, and on the screens that list them all. */
export function withSeenDoubles(state: State): State {
  const screen = topOf(state)
  const isAll = screen.type === 'sweeps' || screen.type === 'sweep'
  if (!isAll && screen.type !== 'door') return state
  const seen = unseenDoubles(state).filter(
    ({ id }) => isAll || id === (screen as { household?: string }).household,
  )
  if (seen.length === 0) return state
  return { ...state, seenDoubles: new Set([...state.seenDoubles, ...seen.map(doubleKey)]) }
}
