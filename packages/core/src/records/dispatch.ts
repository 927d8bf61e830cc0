import { defineRecord } from '../record/define.ts'

/** What somebody outside is asked to do, with what they need for it and nothing else; see work/dispatch-sharing.ts. */
export const dispatch = defineRecord({
  type: 'dispatch',
  prefix: 'dp',
  label: ['派遣', 'Dispatch'],
  space: 'desk',
  version: 1,
  fields: {
    kind: {
      type: 'choice',
      label: ['种类', 'Kind'],
      required: true,
      choices: { case: ['案件', 'Case'], task: ['任务', 'Task'] },
    },
    title: { type: 'text', label: ['标题', 'Title'], required: true, maxLength: 200 },
    /** The kind of case it comes from. */
    about: { type: 'text', label: ['类别', 'About'], maxLength: 60 },
    grade: {
      type: 'choice',
      label: ['等级', 'Grade'],
      choices: { ordinary: ['一般', 'Ordinary'], serious: ['严重', 'Serious'] },
    },
    dueOn: { type: 'date', label: ['期限', 'Due on'] },
    address: { type: 'text', label: ['地址', 'Address'], maxLength: 300 },
    note: { type: 'text', label: ['说明', 'Note'], maxLength: 2000 },
    bring: { type: 'text', label: ['携带', 'Bring'], maxLength: 300 },
    /** Whom to ask: the worker who sent it. */
    from: { type: 'text', label: ['联系人', 'Ask'], maxLength: 60 },
    household: { type: 'text', label: ['户名', 'Household'], maxLength: 80 },
    phone: { type: 'text', label: ['联系电话', 'Phone'], maxLength: 30 },
    emergencyContact: { type: 'text', label: ['紧急联系人', 'Emergency contact'], maxLength: 80 },
    emergencyPhone: { type: 'text', label: ['紧急联系电话', 'Emergency phone'], maxLength: 30 },
    mind: { type: 'text', label: ['当心', 'Mind'], maxLength: 300 },
    caseNote: { type: 'text', label: ['案件说明', 'Note of the case'], maxLength: 2000 },
  },
  timelines: {
    /** `{step, note?, saw}` by those it was sent to; see work/dispatch-state.ts. */
    reports: { label: ['回报', 'Reports'] },
    /** `{step, note?, saw}` by those who sent it. */
    orders: { label: ['答复', 'Answers'] },
  },
})
