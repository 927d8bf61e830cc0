import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sealFrame as sealCjt188 } from '../src/cjt188/frame.ts'
import type { ReadRequest } from '../src/contract.ts'
import { REPLY_CONTROLS, SENDABLE_CONTROLS, type SendableControl } from '../src/dlt645/control.ts'
import { sealFrame } from '../src/dlt645/frame.ts'
import * as drivers from '../src/index.ts'
import { sealRequest, sealSelection } from '../src/mbus/frame.ts'
import { sealQuestion } from '../src/modbus/frame.ts'

const nothing = new Uint8Array(0)
const source = new URL('../src/', import.meta.url)

/** Every control code found in the bytes, by our own parser. */
const controlsIn = (bytes: Uint8Array) =>
  drivers.dlt645
    .createParser()
    .push(bytes)
    .frames.map((frame) => frame.bytes[8])

describe('devices are read, never operated', () => {
  it('seals no frame with any of the other 244 control codes', () => {
    const sealed: number[] = []
    for (let control = 0; control < 256; control += 1) {
      try {
        sealed.push(
          ...(controlsIn(sealFrame('000000000161', control as SendableControl, nothing)) as number[]),
        )
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError)
      }
    }
    expect(sealed).toEqual([...SENDABLE_CONTROLS, ...REPLY_CONTROLS].sort((a, b) => a - b))
    expect([...SENDABLE_CONTROLS]).toEqual([0x01, 0x11, 0x12, 0x13])
  })

  it('makes a question of type 01, 11, 12 or 13 or none at all, whatever it is given', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.constantFrom('item', 'follow-up', 'address', '1C', 0x1c),
    )
    const request = fc.record({
      type: anything,
      address: fc.oneof(fc.constant('000000000161'), fc.string()),
      item: fc.oneof(fc.constantFrom('00010000', '9010'), fc.string()),
      sequence: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.double()),
      control: fc.constant(0x1c),
    })
    fc.assert(
      fc.property(request, (asked) => {
        const encoded = drivers.dlt645.encodeRead(asked as unknown as ReadRequest)
        if (encoded.ok) expect([[0x01], [0x11], [0x12], [0x13]]).toContainEqual(controlsIn(encoded.value))
      }),
      { numRuns: 500 },
    )
  })

  it('asks a water meter by function 01 or 03 or not at all', () => {
    const address = '00201510270588'
    for (let control = 0; control < 256; control += 1) {
      const seal = () => sealCjt188(0x10, address, control as 0x01, nothing)
      if (control === 0x01 || control === 0x03) expect(seal()[4 + 9]).toBe(control)
      else expect(seal).toThrow(RangeError)
    }
  })

  it('asks an M-Bus meter for its data, or nothing', () => {
    for (let control = 0; control < 256; control += 1) {
      const seal = () => sealRequest(1, control as 0x5b)
      if (control === 0x5b || control === 0x7b) expect(seal()[1]).toBe(control)
      else expect(seal).toThrow(RangeError)
    }
  })

  it('selects an M-Bus meter by its number, which changes nothing but who answers next', () => {
    for (const number of ['12345678', '1FFFFFFF', 'FFFFFFFF'])
      expect(sealSelection(number).slice(0, 7)).toEqual(Uint8Array.of(0x68, 11, 11, 0x68, 0x53, 253, 0x52))
    for (const wrong of ['', '1', '123456789', '1234567G', '12345678FFFF'])
      expect(() => sealSelection(wrong)).toThrow(RangeError)
  })

  it('asks a Modbus device by functions 1 to 4 or not at all', () => {
    for (let code = 0; code < 256; code += 1) {
      const seal = () => sealQuestion(1, code as 3, 0, 1)
      if (code >= 1 && code <= 4) expect(seal()[1]).toBe(code)
      else expect(seal).toThrow(RangeError)
    }
  })

  it('sends a Modbus question of the four, whatever it is given', () => {
    const request = fc.record({
      type: fc.constantFrom('item', 'address', 'follow-up', 5),
      address: fc.oneof(fc.constant('1'), fc.string()),
      item: fc.oneof(fc.string(), fc.stringMatching(/^[0-9]{1,2}:[0-9A-F]{4}(:[a-z]+[0-9]*)?$/)),
      function: fc.constant(6),
    })
    fc.assert(
      fc.property(request, (asked) => {
        const encoded = drivers.modbus.encodeRead(asked as unknown as ReadRequest)
        if (encoded.ok) expect([1, 2, 3, 4]).toContain(encoded.value[1])
      }),
      { numRuns: 500 },
    )
  })

  it('calls nothing of modbus-serial that writes', () => {
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.ts'),
    )
    const texts = files.map((file) => readFileSync(new URL(file, source), 'utf8'))
    expect(texts.filter((text) => text.includes("import('modbus-serial')"))).toHaveLength(1)
    const writing =
      /\b(?:writeFC\w+|writeCoils?|writeRegisters?\w*|maskWriteRegister|customFunction|writeCustomFC)\b/
    expect(texts.filter((text) => writing.test(text))).toEqual([])
  })

  it('builds frames in one place only', () => {
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /(?<!\.test)\.ts$/.test(file),
    )
    const callers = files.filter((file) => /\bseal\w*\(/.test(readFileSync(new URL(file, source), 'utf8')))
    expect(callers.sort()).toEqual([
      'cjt188/frame.ts',
      'cjt188/request.ts',
      'dlt645/frame.ts',
      'dlt645/request.ts',
      'mbus/frame.ts',
      'mbus/request.ts',
      // What came framed by Modbus TCP, made into the frame of a serial line for the parser.
      'modbus-tcp-port.ts',
      'modbus/frame.ts',
      'modbus/request.ts',
      'simulate/cjt188-meter.ts',
      'simulate/dlt645-1997-meter.ts',
      'simulate/mbus-meter.ts',
      'simulate/meter.ts',
      'simulate/misbehave.ts',
      'simulate/modbus-device.ts',
    ])
  })

  it('exports nothing that takes a control code or a frame to send', () => {
    const functions = Object.entries(drivers).filter(([, value]) => typeof value === 'function')
    expect(functions.map(([name]) => name).sort()).toMatchInlineSnapshot(`
      [
        "attachMeters",
        "corruptLength",
        "createBus",
        "createConstantLoad",
        "createDailyLoad",
        "createLastingBus",
        "createManualClock",
        "createMeterMemory",
        "createMqttReader",
        "createMqttSource",
        "createPoller",
        "createPortPair",
        "createSimulatedMeter",
        "createSimulatedSensor",
        "decodeHex",
        "delay",
        "dialAsDtu",
        "discoverMqtt",
        "dtuText",
        "echo",
        "fastClock",
        "findProfile",
        "formatHex",
        "gluedToLateReply",
        "hashPassword",
        "hearAnswer",
        "isInVain",
        "isOfItsLine",
        "isPasswordHash",
        "listenDtus",
        "listenTcpPorts",
        "noiseBefore",
        "onlyFirst",
        "openLine",
        "openSerialPort",
        "openTcpPort",
        "parseDtuText",
        "parseHex",
        "parseLineAddress",
        "planMeters",
        "readAddress",
        "readMeter",
        "readReplay",
        "readingPlans",
        "refusal",
        "runSimulatedBridge",
        "scanLine",
        "scanSerial",
        "serveSimulatedMeters",
        "silence",
        "socketToPort",
        "split",
        "splitAddress",
        "splitProtocol",
        "vendorByte",
        "wrongChecksum",
      ]
    `)
  })

  it('simulated meters put only answers to the three on the line, even with an ill-typed behaviour', () => {
    const meter = drivers.createSimulatedMeter({
      address: '000000000161',
      behaviours: [{ name: 'rogue', answer: () => ({ control: 0x1c as 0x91, data: nothing }) }],
    })
    const [frame] = drivers.dlt645.createParser().push(sealFrame('000000000161', 0x13, nothing)).frames
    expect(() => meter.hear(frame as never)).toThrow(RangeError)
  })

  it('the bus sends nothing but what a driver encodes', async () => {
    const clock = drivers.createManualClock(0)
    const [master, line] = drivers.createPortPair(clock)
    const heard: number[] = []
    line.onBytes((bytes) => heard.push(...(controlsIn(bytes) as number[])))
    const bus = drivers.createBus(master, { tries: 2 })
    const answers = drivers.readMeter(bus, '000000000161', ['00010000'])
    expect(await clock.advanceUntil(answers)).toMatchObject({ ok: false })
    await clock.advanceUntil(drivers.readAddress(bus))
    expect(heard).toEqual([0x11, 0x11, 0x13, 0x13])
  })
})
