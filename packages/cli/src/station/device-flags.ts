import { recordTypes } from '@doorstep/core'
import { Flags } from '@oclif/core'

/** What follows from other commands, or is said by flags of their own. */
const OTHERWISE = new Set(['dwelling', 'movedTo', 'replaces', 'retiredOn', 'retiredBecause', 'kind'])

const FIELDS = Object.keys(recordTypes.device.fields).filter((name) => !OTHERWISE.has(name))

export const isDeviceField = (name: string): boolean => FIELDS.includes(name)

export const deviceSetFlag = Flags.string({
  multiple: true,
  multipleNonGreedy: true,
  helpValue: 'FIELD=VALUE',
  description: `空值清除 · empty clears; ${FIELDS.join(', ')}`,
})

/** A register as it is read off a meter. */
export const registerFlag = (description: string) =>
  Flags.custom<number>({
    helpValue: 'NUMBER',
    description,
    parse: async (text) => {
      const value = Number(text)
      if (!Number.isFinite(value) || value < 0) throw new Error(`${text} 不是读数 · is no register`)
      return value
    },
  })()
