/**
 * Which registers of which device say what. A profile is data: registers as in `register.ts`, the first being the one that
 * counts what was used. A device without a profile here is read by the word of its register alone.
 */
import type { Text } from '../contract.ts'
import { both } from '../item.ts'

export type ModbusProfile = {
  /** Stable; what a device record says behind `modbus:`. */
  readonly id: string
  readonly title: Text
  readonly registers: readonly string[]
  /** As it leaves the factory, for people: many can be set. */
  readonly serial: string
  readonly source: string
}

export const MODBUS_PROFILES: readonly ModbusProfile[] = [
  {
    id: 'xintai-water',
    title: both('鑫泰 485 水表(阀控)', 'Kaifeng Xintai water meter'),
    registers: ['water=3:0001:f32:DCBA', 'flow=3:0005:f32:DCBA'],
    serial: '9600 8N1',
    source: 'PouCon XintaiWaterMeter, after "Water Meter MODBUS 485 protocol V1"',
  },
  {
    id: 'pzem-004t',
    title: both('PZEM-004T v3 / PZEM-016 电量模块', 'PZEM-004T v3 and PZEM-016 energy modules'),
    // Wh, mA and dW in two words, the lower one first.
    registers: [
      'electricity=4:0005:u32:CDAB*0.001',
      'power=4:0003:u32:CDAB*0.1',
      'current=4:0001:u32:CDAB*0.001',
      'voltage=4:0000*0.1',
    ],
    serial: '9600 8N1',
    source: 'jabastien/STM32_PZEM016 README; mandulaj/PZEM-004T-v30',
  },
  {
    id: 'eastron-sdm',
    title: both('Eastron SDM120/220/230 单相表', 'Eastron SDM120, SDM220, SDM230 single-phase meters'),
    registers: ['electricity=4:0048:f32', 'power=4:000C:f32', 'current=4:0006:f32', 'voltage=4:0000:f32'],
    serial: '2400 8N1',
    source: 'ilseh/Oppleo SDM120.py; support.innon.com SDM120_PROTOCOL.pdf',
  },
  {
    id: 'chint-ddsu666',
    title: both('正泰 DDSU666 单相表', 'Chint DDSU666 single-phase meter'),
    // Tells power in kW.
    registers: [
      'electricity=4:4000:f32',
      'power=4:2004:f32*1000',
      'current=4:2002:f32',
      'voltage=4:2000:f32',
    ],
    serial: '9600 8N1',
    source: 'arendst/Tasmota xnrg_11_ddsu666.ino',
  },
  {
    id: 'hiking-dds238',
    title: both('DDS238-2 ZN/S 单相导轨表', 'Hiking DDS238-2 ZN/S single-phase meter'),
    registers: [
      'electricity=3:000A:u32*0.01',
      'power=3:000E:i16',
      'current=3:000D*0.01',
      'voltage=3:000C*0.1',
    ],
    serial: '9600 8N1',
    source: 'public table "Hiking DDS238-2 ZN/S energy meter, Modbus holding registers"',
  },
  {
    id: 'xy-md02',
    title: both('XY-MD02 温湿度变送器', 'XY-MD02 temperature and humidity transmitter'),
    registers: ['temperature=4:0001:i16*0.1', 'humidity=4:0002*0.1'],
    serial: '9600 8N1',
    source: 't-teja/Sensors SHT20/XY-MD02-Modbus.py',
  },
]

export const findProfile = (id: string): ModbusProfile | null =>
  MODBUS_PROFILES.find((profile) => profile.id === id) ?? null
