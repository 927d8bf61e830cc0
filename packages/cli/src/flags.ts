import { isDate } from '@doorstep/core'
import { Args, Errors, Flags } from '@oclif/core'
import { parseBytes } from './voice/bytes.ts'

/** Flags and arguments that several commands share. Wrong usage ends with exit code 2. */

export const wrongUse = (zh: string, en: string): never => {
  throw new Errors.CLIError(`${zh} · ${en}`, { exit: 2 })
}

export const dayFlag = Flags.custom<string>({
  helpValue: 'YYYY-MM-DD',
  parse: async (text) =>
    isDate(text)
      ? text
      : wrongUse(`“${text}” 不是日期,应为 年-月-日`, `"${text}" is no day, it should be YYYY-MM-DD`),
})

/** A size in bytes, typed as `500MB`. */
export const sizeFlag = Flags.custom<number>({ helpValue: '500MB', parse: async (text) => sizeOf(text) })

export const sizeOf = (text: string): number =>
  parseBytes(text) ??
  wrongUse(`“${text}” 不是大小,应像 500MB`, `"${text}" is no size, it should be like 500MB`)

export const gridFlag = Flags.custom<string>({
  description: '只看这个网格(名称或编号)· this grid only, by name or id',
})

/** Never taken from standard input unasked: that is for `@-`. */
export const idArg = (description: string) => Args.string({ required: true, ignoreStdin: true, description })

/** `FIELD=VALUE` cut at the first `=`; later ones of the same name replace earlier ones. */
export function parsePairs(flag: string, texts: readonly string[]): Record<string, string> {
  const pairs: Record<string, string> = {}
  for (const text of texts) {
    const at = text.indexOf('=')
    if (at < 1) wrongUse(`${flag} 应为 名称=值,不是 “${text}”`, `${flag} takes NAME=VALUE, not "${text}"`)
    pairs[text.slice(0, at).trim()] = text.slice(at + 1)
  }
  return pairs
}

/** Lists, pictures and sounds of a form; those that lie beside it are found without it. */
export const formMediaFlag = Flags.string({
  multiple: true,
  helpValue: 'FILE',
  description: '表单用到的选项文件或图片,不在表单旁边时 · files the form uses that do not lie beside it',
})
