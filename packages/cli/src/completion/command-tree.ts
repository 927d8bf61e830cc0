import { DoorstepCommand } from '../base-command.ts'
import { idsOfCommands, loadCommand } from '../called-command.ts'
import type { Language } from '../voice/language.ts'
import { oneLanguage } from '../voice/one-language.ts'

/** What can be typed, as data: made from the commands themselves, so that it never says what is not there. */
export type CommandNode = {
  /** `visit record`. */
  readonly words: string
  readonly description: string
  readonly flags: readonly {
    readonly name: string
    readonly description: string
    /** Whether a value follows, and which there are. */
    readonly takesValue: boolean
    readonly options: readonly string[]
  }[]
  /** Choices of the arguments, in order; empty where anything goes. */
  readonly args: readonly (readonly string[])[]
}

type Shape = {
  readonly description?: string
  readonly hidden?: boolean
  readonly flags?: Record<string, FlagShape>
  readonly args?: Record<string, { readonly options?: readonly string[] }>
}
type FlagShape = {
  readonly type: string
  readonly description?: string
  readonly hidden?: boolean
  readonly options?: readonly string[]
}

/** Reads every command, which no command else needs. */
export async function commandTree(language: Language): Promise<readonly CommandNode[]> {
  const commands: [string, Shape][] = []
  for (const id of idsOfCommands()) commands.push([id, (await loadCommand(id)) as Shape])
  const common = DoorstepCommand.baseFlags as unknown as Record<string, FlagShape>
  const json: Record<string, FlagShape> = {
    json: { type: 'boolean', description: '输出 JSON · JSON on standard output' },
    help: { type: 'boolean', description: '帮助 · help' },
  }
  return commands
    .filter(([, { hidden }]) => hidden !== true)
    .map(([id, { description = '', flags = {}, args = {} }]) => ({
      words: id.replaceAll(':', ' '),
      description: oneLanguage(description, language),
      flags: Object.entries({ ...flags, ...common, ...json })
        .filter(([, { hidden }]) => hidden !== true)
        .map(([name, flag]) => ({
          name,
          description: oneLanguage(flag.description ?? '', language),
          takesValue: flag.type === 'option',
          options: flag.options ?? [],
        })),
      args: Object.values(args).map(({ options = [] }) => options),
    }))
    .sort((a, b) => (a.words < b.words ? -1 : 1))
}

/** The words that may come first, and after each of them those that may come next. */
export function topicsOf(tree: readonly CommandNode[]): ReadonlyMap<string, readonly CommandNode[]> {
  return Map.groupBy(tree, ({ words }) => words.split(' ')[0]!)
}
