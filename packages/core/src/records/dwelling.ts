import { defineRecord, movedTo, moving } from '../record/define.ts'

/** One room, one code: a standard address, whoever lives there. */
export const dwelling = defineRecord({
  type: 'dwelling',
  prefix: 'dw',
  label: ['房屋', 'Dwelling'],
  space: 'grid',
  version: 1,
  fields: {
    building: { type: 'id', of: ['bu'], label: ['楼栋', 'Building'], required: true },
    unit: { type: 'text', label: ['单元', 'Unit'], maxLength: 20 },
    floor: { type: 'integer', label: ['楼层', 'Floor'], min: -10, max: 200 },
    room: { type: 'text', label: ['房号', 'Room'], required: true, maxLength: 20 },
    code: { type: 'text', label: ['房屋编码', 'Dwelling code'], maxLength: 40 },
    areaSquareMetres: { type: 'number', label: ['面积(平方米)', 'Area (m²)'], min: 0, max: 100_000 },
    use: {
      type: 'choice',
      label: ['用途', 'Use'],
      choices: {
        'owner-occupied': ['自住', 'Owner-occupied'],
        rented: ['出租', 'Rented'],
        lent: ['出借', 'Lent'],
        vacant: ['空置', 'Vacant'],
        business: ['经营', 'Business'],
      },
    },
    movedTo,
  },
  timelines: moving,
})
