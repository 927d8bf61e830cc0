/**
 * Modbus TCP as a port that RTU frames go through, so that the bus and the driver are the same on every line. The framing,
 * the transaction numbers and the reading calls are `modbus-serial`'s; a late answer is told by its number, not guessed.
 */
import { fail, ok, type Result } from '@doorstep/core'
import type { Clock, Port } from './contract.ts'
import { crc16 } from './modbus/crc.ts'
import { isReadFunction, type ReadFunction, scanFrame } from './modbus/frame.ts'
import { createPortEnds } from './port-ends.ts'
import { systemClock } from './system-clock.ts'
import { type ConnectFailed, connectSocket, type TcpPortOptions } from './tcp-port.ts'

/** IANA's port for Modbus. */
export const MODBUS_TCP_PORT = 502
/** Until the library forgets a question; how long one waits for an answer is the bus's affair. */
const FORGET_MS = 30_000

export async function openModbusTcpPort(
  options: TcpPortOptions,
  clock: Clock = systemClock,
): Promise<Result<Port, ConnectFailed>> {
  const connected = await connectSocket(options, clock)
  if (!connected.ok) return connected
  const socket = connected.value
  // Loaded where Modbus TCP is spoken, and by nothing else.
  const { default: library } = await import('modbus-serial')
  const client = new library.default()
  const ends = createPortEnds()
  socket.on('error', () => socket.destroy())
  socket.on('end', () => socket.destroy())
  socket.once('close', () => ends.end())
  client.on('error', () => socket.destroy())
  await client.linkTCP(socket, { port: options.port })
  client.setTimeout(FORGET_MS)
  if (socket.destroyed) ends.end()
  let asked = 0

  return ok({
    clock,
    onBytes: ends.onBytes,
    onClose: ends.onClose,
    async write(bytes) {
      const question = questionOf(bytes)
      if (ends.isClosed) return fail({ type: 'port-closed' })
      asked += 1
      const mine = asked
      void ask(question).then((answer) => {
        // The bus gave up on an older question: its answer is late.
        if (answer !== null && mine === asked && !ends.isClosed) ends.deliver(answer)
      })
      return ok(undefined)
    },
    async close() {
      if (ends.isClosed) return
      const gone = new Promise((resolve) => socket.once('close', resolve))
      client.destroy(() => {})
      socket.destroy()
      await gone
    },
  })

  /** The answer or the refusal as an RTU frame; null where there is none. Only the four reading calls are made. */
  async function ask({ unit, code, first, count }: Question): Promise<Uint8Array | null> {
    const calls = {
      1: () => client.readCoils(first, count),
      2: () => client.readDiscreteInputs(first, count),
      3: () => client.readHoldingRegisters(first, count),
      4: () => client.readInputRegisters(first, count),
    }
    client.setID(unit)
    try {
      const { buffer } = await calls[code]()
      return sealed([unit, code, buffer.length, ...buffer])
    } catch (error) {
      const refusal = (error as { modbusCode?: unknown }).modbusCode
      return typeof refusal === 'number' ? sealed([unit, code | 0x80, refusal]) : null
    }
  }
}

type Question = {
  readonly unit: number
  readonly code: ReadFunction
  readonly first: number
  readonly count: number
}

function questionOf(bytes: Uint8Array): Question {
  const step = scanFrame(bytes, 0, true)
  if (step.type !== 'frame' || step.frame.kind !== 'question' || !isReadFunction(step.frame.function))
    throw new RangeError('only questions of the four reading functions go out')
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  return {
    unit: view.getUint8(0),
    code: step.frame.function,
    first: view.getUint16(2),
    count: view.getUint16(4),
  }
}

function sealed(body: readonly number[]): Uint8Array {
  const crc = crc16(Uint8Array.from(body))
  return Uint8Array.from([...body, crc & 0xff, crc >> 8])
}
