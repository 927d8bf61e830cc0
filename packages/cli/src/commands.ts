import Init from './commands/init.ts'

/** Every command by its id; `:` stands for the space between words. */
export const COMMANDS = {
  init: Init,
}
