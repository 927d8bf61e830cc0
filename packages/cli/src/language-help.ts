import { type Command, CommandHelp, Help, type Interfaces } from '@oclif/core'
import { chooseLanguage, type Language, say, type Words } from './voice/language.ts'
import { oneLanguage } from './voice/one-language.ts'

const HEADINGS: Readonly<Record<string, Words>> = {
  USAGE: ['用法', 'USAGE'],
  VERSION: ['版本', 'VERSION'],
  TOPICS: ['分类', 'TOPICS'],
  COMMANDS: ['命令', 'COMMANDS'],
  ARGUMENTS: ['参数', 'ARGUMENTS'],
  FLAGS: ['选项', 'FLAGS'],
  'GLOBAL FLAGS': ['各命令都有的选项', 'GLOBAL FLAGS'],
  DESCRIPTION: ['说明', 'DESCRIPTION'],
  EXAMPLES: ['例子', 'EXAMPLES'],
}

/** Asked for before any command is loaded: from the words typed, then the environment. */
function languageTyped(): Language {
  const at = process.argv.indexOf('--lang')
  const equals = process.argv.find((word) => word.startsWith('--lang='))
  return chooseLanguage(equals?.slice(7) ?? (at >= 0 ? process.argv[at + 1] : undefined), process.env)
}

const headingIn = (header: string): string => {
  const words = HEADINGS[header]
  return words ? say(languageTyped(), words) : header
}

class OneLanguageCommandHelp extends CommandHelp {
  override section(header: string, body: Parameters<CommandHelp['section']>[1]): string {
    return super.section(headingIn(header), body)
  }
}

/** Help in the language in use, not in both at once. */
export class LanguageHelp extends Help {
  protected override CommandHelpClass = OneLanguageCommandHelp

  constructor(config: Interfaces.Config, options?: Partial<Interfaces.HelpOptions>) {
    super(config, options)
    const language = languageTyped()
    for (const one of [...config.commands, ...config.topics]) translate(one, language)
    if (language === 'zh') config.pjson.description = '敲门:命令和终端工作站'
  }

  override section(header: string, body: Parameters<Help['section']>[1]): string {
    return super.section(headingIn(header), body)
  }
}

/** What oclif says of its own, in the way of ours. */
const OURS: Readonly<Record<string, string>> = {
  'Format output as json.': '输出 JSON · JSON on standard output',
}

type Described = { description?: string | undefined; summary?: string | undefined }

function translate(one: Command.Loadable | Interfaces.Topic, language: Language): void {
  const described: Described[] = [one]
  if ('flags' in one) described.push(...Object.values(one.flags))
  if ('args' in one) described.push(...Object.values(one.args ?? {}))
  for (const part of described) {
    if (part.description) part.description = oneLanguage(OURS[part.description] ?? part.description, language)
    if (part.summary) part.summary = oneLanguage(part.summary, language)
  }
}
