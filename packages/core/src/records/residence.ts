import { defineRecord, movedTo, moving } from '../record/define.ts'

/** Person × dwelling × from–to: whether people live where they are registered is derived from these. */
export const residence = defineRecord({
  type: 'residence',
  prefix: 're',
  label: ['居住', 'Residence'],
  space: 'grid',
  version: 1,
  fields: {
    person: { type: 'id', of: ['pe'], label: ['人员', 'Person'], required: true },
    dwelling: { type: 'id', of: ['dw'], label: ['房屋', 'Dwelling'], required: true },
    household: { type: 'id', of: ['hh'], label: ['住户', 'Household'] },
    from: { type: 'date', label: ['起', 'From'] },
    to: { type: 'date', label: ['止', 'To'] },
    kind: {
      type: 'choice',
      label: ['居住类型', 'Kind of residence'],
      choices: { own: ['自住', 'Own'], rent: ['租住', 'Rent'], lodge: ['寄住', 'Lodge'] },
    },
    relation: {
      type: 'choice',
      label: ['与户主关系', 'Relation to the head'],
      choices: {
        head: ['户主', 'Head'],
        spouse: ['配偶', 'Spouse'],
        child: ['子女', 'Child'],
        parent: ['父母', 'Parent'],
        grandchild: ['孙辈', 'Grandchild'],
        grandparent: ['祖辈', 'Grandparent'],
        sibling: ['兄弟姐妹', 'Sibling'],
        tenant: ['租客', 'Tenant'],
        carer: ['照护者', 'Carer'],
        other: ['其他', 'Other'],
      },
    },
    state: {
      type: 'choice',
      label: ['居住状态', 'State'],
      choices: { present: ['在住', 'Present'], away: ['外出', 'Away'], nominal: ['空挂', 'Registered only'] },
    },
    /** Where somebody went who moved out. */
    destination: { type: 'text', label: ['去向', 'Destination'], maxLength: 120 },
    /** Written by mistake, and why: it never was. */
    withdrawn: { type: 'text', label: ['撤回原因', 'Withdrawn because'], maxLength: 300 },
    movedTo,
  },
  timelines: {
    ...moving,
    /** `{id, act, on, reason?, before, after}`: the fields it changed, as they were and as they became. */
    acts: { label: ['变动', 'Changes'] },
  },
})
