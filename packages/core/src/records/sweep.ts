import { defineRecord } from '../record/define.ts'

/**
 * A round through many doors in a short time: a campaign of knocking, a census, a check after an alarm. One record for
 * each grid it runs in; those that were opened together share a `round`. How far it has come is in no record: it follows
 * from claims and visits, see work/sweep-card.ts.
 */
export const sweep = defineRecord({
  type: 'sweep',
  prefix: 'sw',
  label: ['敲门行动', 'Sweep'],
  space: 'grid',
  version: 1,
  fields: {
    name: { type: 'text', label: ['名称', 'Name'], required: true, maxLength: 80 },
    from: { type: 'date', label: ['开始', 'From'], required: true },
    /** The last day of it. */
    to: { type: 'date', label: ['结束', 'To'], required: true },
    /** Whoever was met counts as visited only with this form filled in. */
    form: { type: 'text', label: ['表单', 'Form'], maxLength: 80 },
    /** Only doors with this tag or category. */
    tag: { type: 'text', label: ['标签', 'Tag'], maxLength: 60 },
    round: { type: 'text', label: ['同批行动', 'Round'], maxLength: 40 },
  },
  sets: {
    /** Ids of the buildings it goes through; without one, all of the grid. */
    buildings: { label: ['楼栋', 'Buildings'] },
  },
  timelines: {
    /** `{step: close|reopen, on, saw}`. */
    steps: { label: ['步骤', 'Steps'] },
  },
})
