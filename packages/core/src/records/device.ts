import { defineRecord, movedTo, moving } from '../record/define.ts'

/** Something in a home that is read, never operated. Raw readings stay at the gateway; here are daily summaries. */
export const device = defineRecord({
  type: 'device',
  prefix: 'de',
  label: ['设备', 'Device'],
  space: 'grid',
  version: 1,
  fields: {
    dwelling: { type: 'id', of: ['dw'], label: ['房屋', 'Dwelling'], required: true },
    name: { type: 'text', label: ['名称', 'Name'], maxLength: 80 },
    kind: {
      type: 'choice',
      label: ['种类', 'Kind'],
      choices: {
        electricity: ['电表', 'Electricity meter'],
        water: ['水表', 'Water meter'],
        gas: ['燃气表', 'Gas meter'],
        heat: ['热量表', 'Heat meter'],
        smoke: ['烟感', 'Smoke alarm'],
        'gas-alarm': ['燃气报警器', 'Gas alarm'],
        door: ['门磁', 'Door sensor'],
        button: ['呼叫按钮', 'Call button'],
        other: ['其他', 'Other'],
      },
    },
    protocol: { type: 'text', label: ['协议', 'Protocol'], maxLength: 40 },
    address: { type: 'text', label: ['通信地址', 'Address'], maxLength: 40 },
    installedOn: { type: 'date', label: ['安装日期', 'Installed on'] },
    expiresOn: { type: 'date', label: ['到期日期', 'Expires on'] },
    movedTo,
  },
  timelines: {
    ...moving,
    /**
     * `{on: YYYY-MM-DD, item, value, unit, readAt}`: a visit adds what it reads, a gateway its summary of the day, with
     * the signal as `item` and, of registers, the numbers of series/day-summary.ts beside it.
     */
    daily: { label: ['每日读数', 'Daily readings'] },
  },
})
