import { defineRecord, movedTo, moving } from '../record/define.ts'

/** An event (事件) from report to call-back. Its state is derived from its steps; see work/case-state.ts. */
export const caseRecord = defineRecord({
  type: 'case',
  prefix: 'ca',
  label: ['案件', 'Case'],
  space: 'grid',
  version: 1,
  fields: {
    household: { type: 'id', of: ['hh'], label: ['住户', 'Household'] },
    /** Which device it is about: a complaint, a repair. */
    device: { type: 'id', of: ['de'], label: ['设备', 'Device'] },
    visit: { type: 'id', of: ['vi'], label: ['来自探访', 'From visit'] },
    kind: { type: 'text', label: ['类别', 'Kind'], required: true, maxLength: 60 },
    title: { type: 'text', label: ['标题', 'Title'], required: true, maxLength: 200 },
    grade: {
      type: 'choice',
      label: ['等级', 'Grade'],
      choices: { ordinary: ['一般', 'Ordinary'], serious: ['严重', 'Serious'] },
    },
    source: {
      type: 'choice',
      label: ['来源', 'Source'],
      choices: {
        visit: ['探访', 'Visit'],
        worker: ['网格员', 'Grid worker'],
        resident: ['居民', 'Resident'],
        hotline: ['热线', 'Hotline'],
        device: ['设备', 'Device'],
      },
    },
    note: { type: 'text', label: ['说明', 'Note'], maxLength: 2000 },
    /** The limit of the stage it is in, a day in the community's time zone. */
    dueOn: { type: 'date', label: ['期限', 'Due on'] },
    movedTo,
  },
  timelines: {
    ...moving,
    /** `{step, note?, to?, due?, saw: [step ids]}`. */
    steps: { label: ['步骤', 'Steps'] },
    /** The same, by a chief: what needs the second level's word, and that word (`of`: the step it is about). */
    decisions: { label: ['审批', 'Decisions'] },
  },
})
