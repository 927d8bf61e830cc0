/**
 * What is looked at in a home, room by room. The items follow household fire self-check lists published in
 * China and field reports on gas and electric bicycles. The days to fix are this project's own defaults.
 */
import type { Bilingual, HazardGrade } from '../hazard.ts'

export type SafetyItem = {
  readonly name: string
  readonly title: Bilingual
  /** How to look, or what counts as a hazard. */
  readonly hint: Bilingual
  /** XPath; absent: always asked. */
  readonly relevant?: string
  readonly daysToFix: Readonly<Record<HazardGrade, number>>
}
export type SafetySection = {
  readonly name: string
  readonly label: Bilingual
  readonly kind: string
  readonly items: readonly SafetyItem[]
}

const ELECTRIC = { serious: 3, ordinary: 30 }
const GAS = { serious: 1, ordinary: 7 }
const FIRE = { serious: 3, ordinary: 15 }
const PASSAGE = { serious: 1, ordinary: 7 }

const GAS_HOME = "/home_safety/gas/fuel = 'piped' or /home_safety/gas/fuel = 'bottled'"
const PIPED = "/home_safety/gas/fuel = 'piped'"
const BOTTLED = "/home_safety/gas/fuel = 'bottled'"
const GAS_HEATER = "/home_safety/gas/water_heater = 'gas'"
const ALARM = "/home_safety/gas/has_alarm = 'yes'"
const EBIKE = "/home_safety/passage/has_ebike = 'yes'"

const both = (zh: string, en: string): Bilingual => ({ zh, en })
const item = (
  name: string,
  daysToFix: SafetyItem['daysToFix'],
  title: Bilingual,
  hint: Bilingual,
  relevant?: string,
): SafetyItem => ({ name, title, hint, daysToFix, ...(relevant ? { relevant } : {}) })

export const SECTIONS: readonly SafetySection[] = [
  {
    name: 'electricity',
    label: both('用电', 'Electricity'),
    kind: 'electric-hazard',
    items: [
      item(
        'wiring',
        ELECTRIC,
        both('电线老化、破损或私拉乱接', 'Aged, damaged or makeshift wiring'),
        both(
          '看墙面明线、接头、穿门窗的线',
          'Look at surface wiring, joints, wires through doors and windows',
        ),
      ),
      item(
        'overload',
        ELECTRIC,
        both('插座、插线板超负荷', 'Overloaded sockets or extension leads'),
        both(
          '大功率电器共用一个插线板，或插线板串接',
          'Several strong appliances on one lead, or leads chained',
        ),
      ),
      item(
        'plugs',
        ELECTRIC,
        both('插头插座松动、发烫或发黑', 'Plugs or sockets loose, hot or blackened'),
        both('摸一摸插头，看有无烧痕', 'Feel the plug, look for scorch marks'),
      ),
      item(
        'fuse',
        ELECTRIC,
        both(
          '用铜丝、铁丝代替保险丝，或没有漏电保护',
          'Wire in place of a fuse, or no residual-current breaker',
        ),
        both(
          '看配电箱，按一下试验按钮要先征得住户同意',
          'Look at the switchboard; ask before pressing the test button',
        ),
      ),
      item(
        'appliances',
        ELECTRIC,
        both('电器带故障使用', 'Faulty appliances in use'),
        both('漏电、异响、线皮破损仍在用', 'Leaking current, odd noises, broken insulation, still in use'),
      ),
      item(
        'heat_sources',
        ELECTRIC,
        both('灯具、取暖器、电热毯靠近可燃物', 'Lamps, heaters or electric blankets near things that burn'),
        both('看窗帘、被褥、纸箱', 'Look at curtains, bedding, cardboard'),
      ),
    ],
  },
  {
    name: 'gas',
    label: both('用气', 'Gas'),
    kind: 'gas-hazard',
    items: [
      item(
        'hose',
        GAS,
        both('燃气胶管老化、过长或没有卡箍', 'Gas hose aged, too long or without clamps'),
        both(
          '看裂纹、变硬、穿墙、两端卡箍',
          'Look for cracks, stiffness, hose through a wall, clamps at both ends',
        ),
        GAS_HOME,
      ),
      item(
        'leak',
        GAS,
        both('阀门或接口漏气', 'Leak at a valve or joint'),
        both(
          '用肥皂水，不用明火；闻到气味先开窗、不动开关',
          'Soapy water, never a flame; at a smell open windows first and touch no switch',
        ),
        GAS_HOME,
      ),
      item(
        'pipe',
        GAS,
        both('燃气管道未固定、锈蚀、挂物或被包封', 'Gas pipe loose, rusted, hung with things or boxed in'),
        both('看厨房、阳台的明管', 'Look at pipes in kitchen and balcony'),
        PIPED,
      ),
      item(
        'cylinder',
        GAS,
        both(
          '气瓶超期、倒放、放在卧室或与炉具不足安全距离',
          'Cylinder out of date, lying, in a bedroom or too near the stove',
        ),
        both('看瓶身检验标记和存放位置', 'Look at the inspection mark and where it stands'),
        BOTTLED,
      ),
      item(
        'ventilation',
        GAS,
        both(
          '用气房间通风不良，或用气房间住人',
          'Poor ventilation where gas is used, or someone sleeps there',
        ),
        both('看窗、排烟、是否有床', 'Look for a window, an extractor, a bed'),
        GAS_HOME,
      ),
      item(
        'coal_stove',
        GAS,
        both('煤炉与燃气灶同室', 'Coal stove and gas stove in one room'),
        both('同室使用两种火源', 'Two kinds of fire in one room'),
        GAS_HOME,
      ),
      item(
        'flue',
        GAS,
        both('热水器没有烟道、烟道脱落或通向室内', 'Water heater without flue, flue loose or ending indoors'),
        both('烟道要接到室外，不能漏风', 'The flue must lead outdoors and be tight'),
        GAS_HEATER,
      ),
      item(
        'alarm_works',
        GAS,
        both('燃气报警器不工作、断电或被遮挡', 'Gas alarm not working, unplugged or covered'),
        both('看指示灯，按测试键前先征得住户同意', 'Look at the lamp; ask before pressing the test key'),
        ALARM,
      ),
    ],
  },
  {
    name: 'fire',
    label: both('用火与可燃物', 'Fire and things that burn'),
    kind: 'fire-hazard',
    items: [
      item(
        'clutter',
        FIRE,
        both('室内、阳台堆放大量可燃杂物', 'Much that burns piled up indoors or on the balcony'),
        both('纸板、塑料、旧家具', 'Cardboard, plastic, old furniture'),
      ),
      item(
        'stored_fuel',
        FIRE,
        both(
          '存放汽油、酒精等易燃液体（超过 0.5 公斤）',
          'Petrol, alcohol or the like stored (more than 0.5 kg)',
        ),
        both('问一问，看阳台和储物间', 'Ask; look at balcony and store room'),
      ),
      item(
        'open_fire',
        FIRE,
        both(
          '明火不当：蜡烛、蚊香、烧香、炉灰、卧床吸烟',
          'Careless fire: candles, mosquito coils, incense, ashes, smoking in bed',
        ),
        both('看床头、香案、垃圾桶', 'Look at the bedside, the altar, the bin'),
      ),
      item(
        'lighters',
        FIRE,
        both('火柴、打火机放在儿童拿得到的地方', 'Matches or lighters within reach of children'),
        both('家中没有儿童选“不适用”', 'No children in the home: not applicable'),
      ),
    ],
  },
  {
    name: 'passage',
    label: both('楼道与电动自行车', 'Stairs and electric bicycles'),
    kind: 'passage-hazard',
    items: [
      item(
        'stairs',
        PASSAGE,
        both('楼道、门口堆放杂物', 'Things left on stairs or landing'),
        both('通道要能让两人并行', 'Two people should be able to pass abreast'),
      ),
      item(
        'ebike_on_stairs',
        PASSAGE,
        both('电动自行车停放在楼道、门厅', 'Electric bicycle parked on stairs or in the hall'),
        both('不论是谁家的，看到就记', 'Whoever it belongs to, note what is seen'),
      ),
      item(
        'flying_wire',
        PASSAGE,
        both('飞线充电', 'Charging over a wire from a window'),
        both('从窗户、楼道拉线给电动车充电', 'A wire from window or stairs to charge a vehicle'),
      ),
      item(
        'ebike_indoors',
        PASSAGE,
        both('电动自行车或电池进入家中', 'Electric bicycle or its battery indoors'),
        both('包括把电池带回家充电', 'Taking the battery home to charge counts'),
        EBIKE,
      ),
    ],
  },
  {
    name: 'escape',
    label: both('逃生与器材', 'Escape and equipment'),
    kind: 'escape-hazard',
    items: [
      item(
        'exit',
        PASSAGE,
        both(
          '逃生通道受阻：门打不开、防盗窗没有逃生口',
          'Way out blocked: door will not open, window bars without an exit',
        ),
        both('看第二个出口', 'Look for a second way out'),
      ),
      item(
        'extinguisher',
        FIRE,
        both('没有灭火器，或灭火器失效', 'No fire extinguisher, or one past use'),
        both('压力指针在绿色区域', 'The needle should be in the green'),
      ),
      item(
        'smoke_alarm',
        FIRE,
        both('烟感报警器不工作或电池耗尽', 'Smoke alarm not working or its battery empty'),
        both('没有安装选“不适用”并在备注说明', 'None installed: not applicable, and say so in the remark'),
      ),
    ],
  },
]
