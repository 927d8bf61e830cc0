import type { Value } from '@doorstep/core'
import type { Seeded } from './seeded.ts'

/** The items of the home safety check by section, as its form names them. */
const SECTIONS: Readonly<Record<string, readonly string[]>> = {
  electricity: ['wiring', 'overload', 'plugs', 'fuse', 'appliances', 'heat_sources'],
  gas: ['hose', 'leak', 'pipe', 'ventilation', 'alarm_works'],
  fire: ['clutter', 'stored_fuel', 'open_fire', 'lighters'],
  passage: ['stairs', 'ebike_on_stairs', 'ebike_charging', 'flying_wire'],
  escape: ['exit', 'extinguisher', 'smoke_alarm'],
}

/** Answers as large as a real home safety check's, about one item in thirty a hazard. */
export function safetyAnswers(seeded: Seeded): { readonly [key: string]: Value } {
  const answers: Record<string, Value> = {}
  let hazards = 0
  for (const [section, items] of Object.entries(SECTIONS)) {
    const found: Record<string, Value> = section === 'gas' ? { fuel: 'piped', has_alarm: 'yes' } : {}
    for (const item of items) {
      found[item] = seeded.chance(0.03) ? 'hazard' : seeded.chance(0.1) ? 'unseen' : 'ok'
      if (found[item] !== 'hazard') continue
      hazards++
      found[`${item}_grade`] = seeded.pick(['ordinary', 'serious'])
      found[`${item}_note`] = `测试说明 ${seeded.below(1000)}:已当面告知,约定整改后复查`
    }
    answers[section] = found
  }
  return {
    ...answers,
    hazard_count: hazards,
    serious_count: 0,
    ...(hazards > 0 ? { notice_given: 'yes' } : {}),
  }
}
