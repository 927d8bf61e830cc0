import { defineRecord, movedTo, moving } from '../record/define.ts'

/** GB/T 30428.3 and the open schemas of 一标三实 [domain A.3]. */
export const building = defineRecord({
  type: 'building',
  prefix: 'bu',
  label: ['楼栋', 'Building'],
  space: 'grid',
  version: 1,
  fields: {
    name: { type: 'text', label: ['楼栋', 'Building'], required: true, maxLength: 80 },
    street: { type: 'text', label: ['街路巷', 'Street'], maxLength: 120 },
    kind: {
      type: 'choice',
      label: ['类型', 'Kind'],
      choices: {
        estate: ['小区', 'Estate'],
        'self-built': ['自建房', 'Self-built'],
        rental: ['出租', 'Rental'],
        commercial: ['商业', 'Commercial'],
        mixed: ['商住', 'Mixed'],
      },
    },
    storeys: { type: 'integer', label: ['层数', 'Storeys'], min: 1, max: 200 },
    dwellings: { type: 'integer', label: ['户数', 'Dwellings'], min: 0, max: 10_000 },
    elevators: { type: 'integer', label: ['电梯数', 'Lifts'], min: 0, max: 100 },
    gasPipeline: { type: 'boolean', label: ['管道燃气', 'Piped gas'] },
    yearBuilt: { type: 'integer', label: ['建成年份', 'Year built'], min: 1000, max: 2200 },
    propertyCompany: { type: 'text', label: ['物业公司', 'Property company'], maxLength: 120 },
    propertyPhone: { type: 'text', label: ['物业电话', 'Property phone'], maxLength: 30 },
    /** WGS 84, of the entrance; a map drawn in GCJ-02 lies some hundred metres beside it. */
    latitude: { type: 'number', label: ['纬度(度)', 'Latitude (degrees)'], min: -90, max: 90 },
    longitude: { type: 'number', label: ['经度(度)', 'Longitude (degrees)'], min: -180, max: 180 },
    movedTo,
  },
  timelines: moving,
})
