/** What devices say, in one vocabulary whatever they speak. Raw ones stay at the gateway that heard them. */

type SignalDefinition = {
  /**
   * `register`: only grows while nothing is wrong with it; the use is the difference. `gauge`: a value of that moment.
   * `condition`: a level, 1 or 0, that is true as of when it was last confirmed and not beyond. `event`: something that
   * happened once; its value is 1.
   */
  readonly form: 'register' | 'gauge' | 'condition' | 'event'
  /** The one unit it is kept in, '' where there is none. */
  readonly unit: string
  readonly label: readonly [zh: string, en: string]
}

export const signals = {
  water: { form: 'register', unit: 'm³', label: ['用水', 'Water'] },
  electricity: { form: 'register', unit: 'kWh', label: ['用电', 'Electricity'] },
  gas: { form: 'register', unit: 'm³', label: ['用气', 'Gas'] },
  heat: { form: 'register', unit: 'kWh', label: ['用热', 'Heat'] },
  power: { form: 'gauge', unit: 'W', label: ['功率', 'Power'] },
  current: { form: 'gauge', unit: 'A', label: ['电流', 'Current'] },
  voltage: { form: 'gauge', unit: 'V', label: ['电压', 'Voltage'] },
  flow: { form: 'gauge', unit: 'm³/h', label: ['流量', 'Flow'] },
  temperature: { form: 'gauge', unit: '°C', label: ['温度', 'Temperature'] },
  humidity: { form: 'gauge', unit: '%', label: ['湿度', 'Humidity'] },
  'gas-density': { form: 'gauge', unit: '%LEL', label: ['燃气浓度', 'Gas density'] },
  battery: { form: 'gauge', unit: '%', label: ['电量', 'Battery'] },
  smoke: { form: 'condition', unit: '', label: ['烟雾', 'Smoke'] },
  'gas-leak': { form: 'condition', unit: '', label: ['燃气泄漏', 'Gas leak'] },
  'water-leak': { form: 'condition', unit: '', label: ['漏水', 'Water leak'] },
  'door-open': { form: 'condition', unit: '', label: ['门开着', 'Door open'] },
  motion: { form: 'condition', unit: '', label: ['有人活动', 'Motion'] },
  tamper: { form: 'condition', unit: '', label: ['被拆动', 'Tampered with'] },
  fault: { form: 'condition', unit: '', label: ['故障', 'Fault'] },
  'battery-low': { form: 'condition', unit: '', label: ['电量低', 'Battery low'] },
  /** The device's own word, or its bridge's, that it can be reached. */
  online: { form: 'condition', unit: '', label: ['在线', 'Online'] },
  sos: { form: 'event', unit: '', label: ['呼救', 'Call for help'] },
  /** Somebody pressed the test button: never an alarm, and a proof that the device works. */
  test: { form: 'event', unit: '', label: ['测试', 'Test'] },
} as const satisfies Readonly<Record<string, SignalDefinition>>

export type Signal = keyof typeof signals

export const isSignal = (text: unknown): text is Signal =>
  typeof text === 'string' && Object.hasOwn(signals, text)

export type Observation = {
  /** The device record's id. */
  readonly device: string
  readonly signal: Signal
  /** When it was so, milliseconds since 1970: by the device's clock where it has one that can be true, else by arrival. */
  readonly atMs: number
  /** In the signal's unit; of conditions 1 or 0. */
  readonly value: number
}

export type Point = Pick<Observation, 'atMs' | 'value'>

/** What rules and sheets read of the series; a store answers it, and in tests a table. */
export interface SeriesView {
  /**
   * What a register moved in each whole step from `fromMs` on, in its unit, after the dirt was taken out; null where
   * the readings do not tell (a gap, a meter change). `(untilMs - fromMs) / stepMs` values.
   */
  uses(
    device: string,
    signal: Signal,
    fromMs: number,
    untilMs: number,
    stepMs: number,
  ): readonly (number | null)[]
  /** From `fromMs` on, before `untilMs`, oldest first. */
  points(device: string, signal: Signal, fromMs: number, untilMs: number): readonly Point[]
  /** Of a condition: when it was last confirmed. */
  latest(device: string, signal: Signal): Point | null
  /** When anything at all was last heard of the device; null: never. */
  heardAt(device: string): number | null
}
