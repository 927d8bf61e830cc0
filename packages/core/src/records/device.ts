import { defineRecord, movedTo, moving } from '../record/define.ts'

const parties = {
  resident: ['住户', 'Resident'],
  community: ['社区', 'Community'],
  property: ['物业', 'Property company'],
  utility: ['水电气公司', 'Utility'],
  other: ['其他', 'Other'],
} as const

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
    /** As it is printed on the device; without it, by the installation and the life of its kind: work/device-life.ts. */
    expiresOn: { type: 'date', label: ['到期日期', 'Expires on'] },
    maker: { type: 'text', label: ['厂家', 'Maker'], maxLength: 80 },
    model: { type: 'text', label: ['型号', 'Model'], maxLength: 80 },
    priceYuan: { type: 'number', label: ['价格(元)', 'Price (yuan)'], min: 0, max: 1_000_000 },
    owner: { type: 'choice', label: ['归谁', 'Owner'], choices: parties },
    /** For batteries, repair and the next one. */
    paidBy: { type: 'choice', label: ['谁出钱', 'Paid by'], choices: parties },
    /** Which one it takes, and when it was changed. */
    battery: { type: 'text', label: ['电池型号', 'Battery'], maxLength: 40 },
    batteryOn: { type: 'date', label: ['换电池日期', 'Battery changed on'] },
    warrantyUntil: { type: 'date', label: ['保修至', 'Warranty until'] },
    reportsEveryMinutes: {
      type: 'integer',
      label: ['上报间隔(分钟)', 'Reports every (minutes)'],
      min: 1,
      max: 44_640,
    },
    /**
     * False: not by this device. Whether a home is watched closely at all is its consent (`watch-closely`); rules that
     * apply to `close` alone look at nothing else.
     */
    close: { type: 'boolean', label: ['密切关注', 'Close watching'] },
    /** What hung there before; the old one keeps its own history. */
    replaces: { type: 'id', of: ['de'], label: ['替换的设备', 'Replaces'] },
    firstRegister: { type: 'number', label: ['起始读数', 'First register'] },
    lastRegister: { type: 'number', label: ['最后读数', 'Last register'] },
    /** From this day on it is not read, and no consent holds for it. */
    retiredOn: { type: 'date', label: ['停用日期', 'Retired on'] },
    retiredBecause: {
      type: 'choice',
      label: ['停用原因', 'Why it was retired'],
      choices: {
        replaced: ['已更换', 'Replaced'],
        broken: ['坏了', 'Broken'],
        'end-of-life': ['到期', 'End of its life'],
        review: ['季度评估', 'Quarterly review'],
        'resident-asked': ['住户要求', 'The resident asked'],
        'moved-out': ['住户搬走', 'The home moved out'],
      },
    },
    movedTo,
  },
  timelines: {
    ...moving,
    /**
     * `{on: YYYY-MM-DD, item, value, unit, readAt}`: a visit adds what it reads, a gateway its summary of the day, with
     * the signal as `item` and, of registers, the numbers of series/day-summary.ts beside it.
     */
    daily: { label: ['每日读数', 'Daily readings'] },
    /** `{on, observations}`: a gateway erased its raw readings: the device was retired, or consent ended. */
    erased: { label: ['已删原始读数', 'Raw readings erased'] },
    /**
     * Of one rule for this device alone: `{rule, limits: {below: 0.005}, disabled?, reason, alarm?, learned?, saw: [ids]}`.
     * The last holds; it stands for the whole of what was said before.
     */
    watch: { label: ['本设备的监测规则', 'Rules for this device'] },
  },
})
