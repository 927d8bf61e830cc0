import { defineRecord, movedTo, moving } from '../record/define.ts'

/**
 * Something done for somebody who cannot well do it alone (帮办代办): the allowance applied for, the bill paid, the
 * medicine fetched. What was taken along, and what came back, follows from its steps; see work/errand-state.ts.
 */
export const errand = defineRecord({
  type: 'errand',
  prefix: 'ed',
  label: ['帮办代办', 'Errand'],
  space: 'grid',
  version: 1,
  fields: {
    household: { type: 'id', of: ['hh'], label: ['住户', 'Household'], required: true },
    person: { type: 'id', of: ['pe'], label: ['为谁', 'For whom'] },
    kind: {
      type: 'choice',
      label: ['种类', 'Kind'],
      required: true,
      choices: {
        allowance: ['津贴、补贴申请', 'Allowance application'],
        bill: ['代缴费用', 'Bill payment'],
        medicine: ['取药、挂号', 'Medicine or registration at the clinic'],
        document: ['办理、领取证件', 'Documents to get or collect'],
        shopping: ['代购', 'Shopping'],
        accompany: ['陪同', 'Going along'],
        other: ['其他', 'Other'],
      },
    },
    /** What exactly is to be done. */
    what: { type: 'text', label: ['办什么', 'What'], required: true, maxLength: 200 },
    dueOn: { type: 'date', label: ['期限', 'Due on'] },
    note: { type: 'text', label: ['说明', 'Note'], maxLength: 2000 },
    movedTo,
  },
  timelines: {
    ...moving,
    /** `{step, note?, on?, due?, papers?: [names], fen?, counted?, relation?, receipt?, saw: [step ids]}`. */
    steps: { label: ['步骤', 'Steps'] },
  },
})
