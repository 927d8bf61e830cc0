import { defineRecord, movedTo, moving } from '../record/define.ts'

/** What a worker states about one knock on one door. Written once; a mistake is withdrawn by a later entry. */
export const visit = defineRecord({
  type: 'visit',
  prefix: 'vi',
  label: ['探访', 'Visit'],
  space: 'grid',
  version: 1,
  fields: {
    household: { type: 'id', of: ['hh'], label: ['住户', 'Household'], required: true },
    /** Of the household, whom the form is about; none for a form about the household. */
    person: { type: 'id', of: ['pe'], label: ['人员', 'Person'] },
    outcome: {
      type: 'choice',
      label: ['结果', 'Outcome'],
      required: true,
      choices: {
        met: ['见到本人', 'Met'],
        absent: ['无人应答', 'Nobody home'],
        refused: ['拒访', 'Refused'],
      },
    },
    /** The day the visit was made, as its author states it, in the community's time zone. */
    on: { type: 'date', label: ['日期', 'Date'], required: true },
    mode: {
      type: 'choice',
      label: ['方式', 'Mode'],
      choices: {
        door: ['上门', 'At the door'],
        phone: ['电话', 'By phone'],
        video: ['视频', 'By video'],
        paper: ['纸面', 'On paper'],
        remote: ['远程监测', 'Remote monitoring'],
      },
    },
    /** Who was asked. Without one, the resident; of others the outcome stays that the resident was not met. */
    contact: {
      type: 'choice',
      label: ['找了谁', 'Who was asked'],
      choices: {
        resident: ['本人', 'The resident'],
        neighbour: ['邻居', 'A neighbour'],
        emergency: ['紧急联系人', 'The emergency contact'],
      },
    },
    /** Whoever was asked knows that the resident is well, and why nobody opens. */
    heard: { type: 'boolean', label: ['问到下落', 'Heard of them'] },
    form: { type: 'text', label: ['表单', 'Form'], maxLength: 80 },
    formVersion: { type: 'text', label: ['表单版本', 'Form version'], maxLength: 40 },
    /** Which record it was filled with, where it is not one that comes with the package. */
    formRecord: { type: 'id', of: ['fo'], label: ['表单记录', 'Form record'] },
    answers: { type: 'json', label: ['回答', 'Answers'] },
    /** The code of the printed sheet it was typed in from; see work/sheet-code.ts. */
    sheet: { type: 'text', label: ['纸表编号', 'Sheet'], maxLength: 20 },
    submission: { type: 'text', label: ['提交', 'Submission'], maxLength: 40_000 },
    /** The next visit the worker promised or the form asks for, ahead of what the policy says. */
    nextOn: { type: 'date', label: ['下次', 'Next visit'] },
    note: { type: 'text', label: ['备注', 'Note'], maxLength: 2000 },
    withdrawn: { type: 'text', label: ['撤回原因', 'Withdrawn because'], maxLength: 300 },
    movedTo,
  },
  timelines: moving,
})
