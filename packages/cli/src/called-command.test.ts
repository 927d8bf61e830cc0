import { expect, test } from 'vitest'
import { calledCommand, fileOf } from './called-command.ts'
import { COMMANDS } from './commands.ts'

test('every command is found by its words, with arguments behind it', async () => {
  for (const [id, command] of Object.entries(COMMANDS)) {
    const words = id.split(':')
    expect(calledCommand(words)).toBe(id)
    expect(calledCommand([...words, 'something', '--json'])).toBe(id)
    const { default: found } = (await import(fileOf(id).href)) as { default: unknown }
    expect(found, id).toBe(command)
  }
})

test.each([
  [['sync']],
  [['help', 'sync', 'now']],
  [[]],
  [['--help']],
  [['--version']],
  [['no-such-thing']],
  [['../main']],
  [['sync', '../../main']],
])('%j needs all of them', (argv) => {
  expect(calledCommand(argv)).toBeUndefined()
})
