/** Clock, names, status words, counters and the prepaid balance. */
import { both, type Flag, hexPair, type Item, type Part, single } from '../item.ts'
import type { Format } from '../value.ts'

const digits = (bytes: number): Format => ({ type: 'digits', bytes })
const text = (bytes: number): Format => ({ type: 'text', bytes })
const count = (bytes: number): Format => ({ type: 'number', bytes, decimals: 0 })
export const WORD: Format = { type: 'bits', bytes: 2 }
export const BALANCE: Format = { type: 'number', bytes: 4, decimals: 2 }

const flag = (
  bit: number,
  id: string,
  zh: string,
  en: string,
  words: readonly string[],
  width = 1,
): Flag => ({
  id,
  name: both(zh, en),
  bit,
  width,
  words,
})

const BATTERY = ['normal', 'low']
const DIRECTION = ['forward', 'reverse']
const ALARM = ['no', 'yes']

/** Bits of the seven status words (renrendoc.com/p-25811601.html, the standard's appendix C). */
const METER_FLAGS: readonly Flag[] = [
  flag(2, 'clock-battery', '时钟电池', 'Clock battery', BATTERY),
  flag(3, 'backup-battery', '停电抄表电池', 'Backup battery', BATTERY),
  flag(4, 'active-direction', '有功功率方向', 'Active power direction', DIRECTION),
  flag(5, 'reactive-direction', '无功功率方向', 'Reactive power direction', DIRECTION),
]
const OPERATION_FLAGS: readonly Flag[] = [
  flag(0, 'day-slots', '当前运行时段', 'Day slots in use', ['first', 'second']),
  flag(1, 'supply', '供电方式', 'Powered by', ['main', 'auxiliary', 'battery', 'reserved'], 2),
  flag(3, 'programming', '编程允许', 'Programming', ['forbidden', 'allowed']),
  flag(4, 'relay', '继电器状态', 'Relay', ['closed', 'open']),
]
const PHASE_FLAGS: readonly Flag[] = [
  flag(0, 'voltage-lost', '失压', 'Voltage lost', ALARM),
  flag(1, 'under-voltage', '欠压', 'Under-voltage', ALARM),
  flag(2, 'over-voltage', '过压', 'Over-voltage', ALARM),
  flag(3, 'current-lost', '失流', 'Current lost', ALARM),
  flag(4, 'over-current', '过流', 'Over-current', ALARM),
  flag(5, 'overload', '过载', 'Overload', ALARM),
  flag(6, 'reversed-flow', '潮流反向', 'Reversed flow', ALARM),
  flag(7, 'phase-lost', '断相', 'Phase lost', ALARM),
  flag(8, 'current-broken', '断流', 'Current broken', ALARM),
]

const STATUS_WORDS: readonly Item[] = [
  METER_FLAGS,
  [],
  OPERATION_FLAGS,
  PHASE_FLAGS,
  PHASE_FLAGS,
  PHASE_FLAGS,
  [],
].map((flags, index) =>
  single(
    `040005${hexPair(index + 1)}`,
    `电表运行状态字${index + 1}`,
    `Status word ${index + 1}`,
    '',
    WORD,
    flags,
  ),
)
const STATUS_PARTS = STATUS_WORDS.flatMap((item) => item.partsOf(new Uint8Array(0)))

/** On the wire the weekday (0 = Sunday) comes before the day. */
const DATE_PARTS: readonly Part[] = [
  {
    id: '04000101.weekday',
    name: both('星期（0为星期天）', 'Weekday (0 = Sunday)'),
    unit: '',
    format: count(1),
  },
  { id: '04000101', name: both('日期', 'Date'), unit: '', format: { type: 'date', bytes: 3 } },
]

export const PARAMETER_ITEMS: readonly Item[] = [
  { id: '04000101', name: both('日期及星期', 'Date and weekday'), unit: '', partsOf: () => DATE_PARTS },
  single('04000102', '时间', 'Time', '', { type: 'time', bytes: 3 }),
  single('04000103', '最大需量周期', 'Demand period', 'min', count(1)),
  single('04000204', '费率数', 'Number of tariffs', '', count(1)),
  single('04000401', '通信地址', 'Address', '', digits(6)),
  single('04000402', '表号', 'Meter number', '', digits(6)),
  single('04000403', '资产管理编码', 'Asset number', '', text(32)),
  single('04000404', '额定电压', 'Rated voltage', '', text(6)),
  single('04000405', '额定电流', 'Rated current', '', text(6)),
  single('04000406', '最大电流', 'Maximum current', '', text(6)),
  single('04000407', '有功准确度等级', 'Active accuracy class', '', text(4)),
  single('04000408', '无功准确度等级', 'Reactive accuracy class', '', text(4)),
  single('04000409', '有功常数', 'Active constant', 'imp/kWh', count(3)),
  single('0400040A', '无功常数', 'Reactive constant', 'imp/kvarh', count(3)),
  single('0400040B', '电表型号', 'Meter model', '', text(10)),
  single('0400040C', '生产日期', 'Production date', '', text(10)),
  single('0400040D', '协议版本号', 'Protocol version', '', text(16)),
  ...STATUS_WORDS,
  {
    id: '040005FF',
    name: both('电表运行状态字数据块', 'Status words, block'),
    unit: '',
    partsOf: () => STATUS_PARTS,
  },
  single('03110000', '掉电总次数', 'Power losses', '', count(3)),
  single('03300D00', '开表盖总次数', 'Cover openings', '', count(3)),
  single('1D000001', '跳闸次数', 'Trips', '', count(3)),
  single('00900100', '剩余电量', 'Remaining energy', 'kWh', BALANCE),
  single('00900200', '剩余金额', 'Prepaid balance', 'CNY', BALANCE),
]
