import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../src/commands.ts'

type Shape = { readonly args?: Record<string, { required?: boolean; options?: readonly string[] }> } & {
  readonly flags?: Record<string, FlagShape>
}
type FlagShape = {
  readonly type: string
  readonly required?: boolean
  readonly multiple?: boolean
  readonly options?: readonly string[]
}

const flagText = (name: string, { type, required, multiple, options }: FlagShape): string =>
  [
    `--${name}`,
    type === 'boolean' ? '' : options ? ` ${options.join('|')}` : ' VALUE',
    multiple ? '…' : '',
    required ? ' (required)' : '',
  ].join('')

/** Commands, arguments and flags as text: a change shows up as a diff to be argued. */
const surface = Object.fromEntries(
  Object.entries(COMMANDS as unknown as Record<string, Shape>).map(([id, { args = {}, flags = {} }]) => [
    id.replaceAll(':', ' '),
    [
      ...Object.entries(args).map(([name, arg]) => (arg.required ? name : `[${name}]`)),
      ...Object.entries(flags)
        .map(([name, flag]) => flagText(name, flag))
        .sort(),
    ].join(' '),
  ]),
)

describe('the surface of the commands', () => {
  it('is as it is written down in surface.json; run with --update to accept a change', async () => {
    await expect(`${JSON.stringify(surface, null, 2)}\n`).toMatchFileSnapshot('./surface.json')
  })

  it('covers every command of the contract that the package promises', () => {
    expect(Object.keys(surface)).toEqual(expect.arrayContaining(CONTRACT))
  })
})

const CONTRACT = [
  'init',
  'import',
  'find',
  ...['list', 'show', 'edit'].map((name) => `household ${name}`),
  ...['due', 'record', 'list', 'show', 'withdraw'].map((name) => `visit ${name}`),
  ...['open', 'list', 'show', 'step'].map((name) => `case ${name}`),
  'reveal',
  'audit list',
  ...['list', 'give', 'withdraw'].map((name) => `consent ${name}`),
  ...['due', 'table'].map((name) => `retention ${name}`),
  'person show',
  ...['list', 'settle'].map((name) => `conflict ${name}`),
  ...['list', 'release'].map((name) => `quarantine ${name}`),
  ...['now', 'serve', 'status'].map((name) => `sync ${name}`),
  ...['write', 'read', 'show'].map((name) => `bundle ${name}`),
  'digest',
  ...['invite', 'join', 'grant', 'list', 'remove'].map((name) => `member ${name}`),
  ...['list', 'remove'].map((name) => `station ${name}`),
  'doctor',
  ...['list', 'add', 'check', 'fill'].map((name) => `form ${name}`),
  ...['decode', 'add', 'list', 'read', 'simulate'].map((name) => `device ${name}`),
]
