import { defineRecord } from '../record/define.ts'

/**
 * A number by which devices are judged, as the community has it: how long one lives, how often it must be heard. What
 * no record says is as the program has it (work/device-norms.ts). The id derives from the community and the code.
 */
export const norm = defineRecord({
  type: 'norm',
  prefix: 'nm',
  label: ['设备标准', 'Device norm'],
  space: 'community',
  version: 1,
  fields: {
    code: { type: 'text', label: ['代码', 'Code'], required: true, maxLength: 60 },
    value: { type: 'number', label: ['数值', 'Value'], min: 0, max: 100_000 },
    source: { type: 'text', label: ['依据', 'Basis'], maxLength: 200 },
  },
})
