/** A simulated DL/T 645-2007 meter: state, and a list of small behaviours that answer or misbehave. */
import type { Clock } from '../contract.ts'
import { isReply, type ReplyControl, SENDABLE_CONTROLS } from '../dlt645/control.ts'
import { type Dlt645Frame, isAddress, sealFrame } from '../dlt645/frame.ts'
import { matchesAddress } from '../dlt645/request.ts'
import { systemClock } from '../system-clock.ts'
import { METER_ANSWERS } from './answers.ts'
import type { DeviceCounters, Emission, SimulatedDevice } from './device.ts'
import { createDailyLoad, type LoadProfile } from './load.ts'
import { energyAt } from './register.ts'

export type MeterState = {
  readonly address: string
  readonly clock: Clock
  /** Register reading at `startMs`; it advances with the load from there. */
  readonly startKilowattHours: number
  readonly startMs: number
  readonly load: LoadProfile
  /** Meters keep local time. */
  readonly utcOffsetMinutes: number
  /** Shares of the energy in tariffs 1…4; they add up to 1. */
  readonly tariffShares: readonly number[]
  readonly voltageVolts: number
  readonly powerFactor: number
  /** null: not a prepaid meter. */
  readonly balanceYuan: number | null
  readonly relayOpen: boolean
  /** Data bytes that fit one reply before it goes on in follow-up frames. */
  readonly maxDataBytes: number
}

export type Call = { readonly meter: MeterState; readonly request: Dlt645Frame; readonly nowMs: number }
export type Reply = { readonly control: ReplyControl; readonly data: Uint8Array }
/** The first `answer` that is not null counts; then every `alter` and every `send` in turn may change it. */
export interface Behaviour {
  readonly name: string
  answer?(call: Call): Reply | null
  alter?(reply: Reply, call: Call): Reply
  send?(emissions: readonly Emission[], call: Call): readonly Emission[]
}

export interface SimulatedMeter extends SimulatedDevice {
  readonly state: MeterState
  hear(frame: Dlt645Frame): readonly Emission[]
  readonly counters: DeviceCounters
}

export type SimulatedMeterOptions = Partial<Omit<MeterState, 'address'>> & {
  readonly address: string
  /** Tried before the ordinary answers. */
  readonly behaviours?: readonly Behaviour[]
}

const BEIJING_MINUTES = 480

export function createSimulatedMeter({ behaviours = [], ...options }: SimulatedMeterOptions): SimulatedMeter {
  if (!isAddress(options.address) || options.address.includes('A'))
    throw new RangeError(`not a meter address: ${options.address}`)
  const clock = options.clock ?? systemClock
  const utcOffsetMinutes = options.utcOffsetMinutes ?? BEIJING_MINUTES
  const state: MeterState = {
    clock,
    startKilowattHours: 0,
    startMs: clock.nowMs(),
    load: createDailyLoad(utcOffsetMinutes),
    utcOffsetMinutes,
    tariffShares: [0.1, 0.3, 0.4, 0.2],
    voltageVolts: 220,
    powerFactor: 0.95,
    balanceYuan: null,
    relayOpen: false,
    maxDataBytes: 196,
    ...options,
  }
  const all = [...behaviours, ...METER_ANSWERS]
  const counters = { answered: 0, ignoredCommands: 0 }

  return {
    protocol: 'dlt645',
    address: state.address,
    shows: () => ({ value: energyAt(state, clock.nowMs()), unit: 'kWh' }),
    state,
    get counters() {
      return { ...counters }
    },
    hear(request) {
      if (isReply(request.control) || !matchesAddress(request.address, state.address)) return []
      if (!(SENDABLE_CONTROLS as readonly number[]).includes(request.control)) {
        counters.ignoredCommands += 1
        return []
      }
      const call: Call = { meter: state, request, nowMs: clock.nowMs() }
      const answer = firstAnswer(all, call)
      if (answer === null) return []
      counters.answered += 1
      const reply = all.reduce((altered, behaviour) => behaviour.alter?.(altered, call) ?? altered, answer)
      const bytes = sealFrame(state.address, reply.control, reply.data)
      return all.reduce<readonly Emission[]>(
        (sent, behaviour) => behaviour.send?.(sent, call) ?? sent,
        [{ afterMs: 0, bytes }],
      )
    },
  }
}

function firstAnswer(behaviours: readonly Behaviour[], call: Call): Reply | null {
  for (const behaviour of behaviours) {
    const answer = behaviour.answer?.(call) ?? null
    if (answer !== null) return answer
  }
  return null
}
