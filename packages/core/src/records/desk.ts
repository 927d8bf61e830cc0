import { defineRecord } from '../record/define.ts'

/**
 * Where cases of a grid reach people who see nothing else: a firm's or a department's own desk, or the one that a
 * grid's volunteers share. The card is in the community's space and in the desk itself, where it also says what its
 * people would else learn from the community's.
 */
export const desk = defineRecord({
  type: 'desk',
  prefix: 'dk',
  label: ['协作台', 'Desk'],
  space: 'community',
  version: 1,
  fields: {
    name: { type: 'text', label: ['名称', 'Name'], required: true, maxLength: 80 },
    kind: {
      type: 'choice',
      label: ['种类', 'Kind'],
      required: true,
      choices: { partner: ['协作单位', 'Partner'], volunteer: ['志愿者', 'Volunteers'] },
    },
    space: { type: 'id', of: ['sp'], label: ['空间', 'Space'], required: true },
    grid: { type: 'id', of: ['sp'], label: ['网格', 'Grid'], required: true },
    gridName: { type: 'text', label: ['网格名称', 'Grid name'], maxLength: 80 },
    communityName: { type: 'text', label: ['社区', 'Community'], maxLength: 80 },
    timeZone: { type: 'text', label: ['时区', 'Time zone'], maxLength: 60 },
  },
})
