import { expect, test } from 'vitest'
import type { OracleBody, Role } from './shape.ts'
import { begin, demote, give, remove } from './story.ts'

test('each role may do what its rights say, and no more', () => {
  const spaces = ['north', 'desk']
  const may: Record<
    Role,
    { chief: boolean; reads: string; writes: string; standsBy: string; releases: boolean }
  > = {
    chief: {
      chief: true,
      reads: 'open north desk east',
      writes: 'open north desk east',
      standsBy: 'open north desk east',
      releases: true,
    },
    steward: {
      chief: false,
      reads: 'open north desk east',
      writes: 'open north desk east',
      standsBy: 'open north desk east',
      releases: true,
    },
    worker: {
      chief: false,
      reads: 'open north desk',
      writes: 'open north desk',
      standsBy: 'open north desk east',
      releases: false,
    },
    partner: {
      chief: false,
      reads: 'desk',
      writes: 'desk',
      standsBy: 'open north desk east',
      releases: false,
    },
    volunteer: {
      chief: false,
      reads: 'desk',
      writes: 'desk',
      standsBy: 'open north desk east',
      releases: false,
    },
    auditor: {
      chief: false,
      reads: 'open north desk east',
      writes: '',
      standsBy: 'open north desk east',
      releases: false,
    },
    relay: { chief: false, reads: '', writes: '', standsBy: 'open north desk east', releases: false },
  }
  for (const [role, rights] of Object.entries(may) as [Role, (typeof may)[Role]][]) {
    const story = begin()
    story.act('east', 'root', { type: 'space', kind: 'grid' }, ['desk'])
    story.invite('M', role, spaces)
    story.invite('Z', 'relay')
    story.act('Z-2', 'Z', { type: 'station', member: 'Z' })
    const all = ['east', 'M', 'Z-2']
    const tryAct = (body: OracleBody) => story.oracle.valid(story.act(JSON.stringify(body), 'M', body, all))
    const everywhere = ['open', 'north', 'desk', 'east']
    const where = (can: (space: string) => boolean) => everywhere.filter(can).join(' ')
    const writes = (kind: 'data' | 'stand-by' | 'release' | 'checkpoint') =>
      where((space) =>
        story.oracle.validEntry(
          story.entry(`${kind}-${space}`, 'M', { log: `${kind}-${space}`, space, kind, acts: all }),
        ),
      )
    expect
      .soft(
        {
          chief: tryAct({ type: 'space', kind: 'desk' }),
          reads: where((space) => tryAct({ type: 'generation', space }) && tryAct({ type: 'box', space })),
          writes: writes('data'),
          standsBy: writes('stand-by'),
          releases: writes('release') !== '' && writes('checkpoint') !== '',
        },
        role,
      )
      .toEqual(rights)
    for (const body of [
      { type: 'member', role: 'worker', spaces: [] },
      { type: 'station', member: 'Z' },
      { type: 'remove', target: 'Z', cut: [] },
      { type: 'remove-station', target: 'Z', cut: [] },
      { type: 'ratify', act: 'Z-2' },
      demote('Z', 'worker'),
      give('Z', 'north', true),
    ] satisfies OracleBody[])
      expect.soft(tryAct(body), `${role} ${body.type}`).toBe(rights.chief)
    for (const body of [
      { type: 'station', member: 'M' },
      { type: 'leave', cut: [] },
      { type: 'freeze', log: 'Z1', seq: 0 },
    ] satisfies OracleBody[])
      expect.soft(tryAct(body), `${role} ${body.type}`).toBe(true)
    for (const body of [remove('M'), demote('M', 'chief'), give('M', 'east', true), remove('root')])
      expect.soft(tryAct(body), `${role} ${JSON.stringify(body)}`).toBe(false)
  }
})
