import { type LeaveSaidBy, recordTypes } from '@doorstep/core'
import { Flags } from '@oclif/core'

const { choices } = recordTypes.leave.fields.saidBy

export const saidByFlag = Flags.option({ options: Object.keys(choices) as LeaveSaidBy[], required: true })({
  description: '谁说的 · who said so',
})
