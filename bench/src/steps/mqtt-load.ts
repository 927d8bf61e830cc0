import { connect, type Socket } from 'node:net'
import { messagesIn } from '../mqtt-messages.ts'
import { step } from '../step.ts'

export type MqttLoad = { readonly sent: number; readonly acknowledged: number }

const text = (words: string): Buffer => {
  const bytes = Buffer.from(words)
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes])
}
function packet(type: number, body: Buffer): Buffer {
  const head = body.length < 128 ? [type, body.length] : [type, (body.length & 127) | 128, body.length >> 7]
  return Buffer.concat([Buffer.from(head), body])
}

/** What zigbee2mqtt tells of four kinds of sensors, in turn. */
function stateOf(device: number, time: number): string {
  const rest = { linkquality: 40 + (device % 100) }
  switch (device % 4) {
    case 0:
      return JSON.stringify({
        ...{ smoke: false, battery_low: false, tamper: false, smoke_density: 0, test: false },
        ...{ battery: 90, voltage: 3015, ...rest },
      })
    case 1:
      return JSON.stringify({
        contact: time % 2 === 0,
        battery: 97,
        voltage: 3025,
        trigger_count: time,
        ...rest,
      })
    case 2:
      return JSON.stringify({ occupancy: time % 3 === 0, illuminance: 40, battery: 91, ...rest })
    default:
      return JSON.stringify({
        ...{
          power: 40 + (time % 7),
          current: 0.18,
          voltage: 229,
          energy: 12 + time / 100,
          state: 'ON',
          ...rest,
        },
      })
  }
}

/**
 * Many sensors through so many connections, by hand, so that the load itself costs little: every device once as fast as
 * may be, then each once a minute for so many seconds, evenly. Everything with an acknowledgement asked for (QoS 1).
 */
step<{ port: number; devices: number; connections: number; seconds: number }>(
  async ({ port, devices, connections, seconds }): Promise<MqttLoad> => {
    const login = Buffer.concat([text('MQTT'), Buffer.from([4, 0xc2, 0, 0])])
    let acknowledged = 0
    let sent = 0
    const lines: Socket[] = []
    for (let n = 0; n < connections; n++) {
      const socket = connect(port, '127.0.0.1')
      await new Promise<void>((resolve, reject) => {
        socket.once('error', reject)
        socket.write(packet(0x10, Buffer.concat([login, text(`load-${n}`), text('bench'), text('bench')])))
        // CONNACK, and the parts of what follows are of four bytes each.
        socket.once('data', (bytes) =>
          bytes[3] === 0 ? resolve() : reject(new Error(`refused ${bytes[3]}`)),
        )
      })
      let odd = 0
      socket.on('data', (bytes) => {
        acknowledged += Math.floor((odd + bytes.length) / 4)
        odd = (odd + bytes.length) % 4
      })
      lines.push(socket)
    }
    const tell = (device: number, time: number) => {
      const id = Buffer.from([0, 1 + (sent % 255)])
      const topic = text(`zigbee2mqtt/0x00158d00${(0x20000000 + device).toString(16)}`)
      lines[device % connections]!.write(
        packet(0x32, Buffer.concat([topic, id, Buffer.from(stateOf(device, time))])),
      )
      sent++
    }
    const reached = async (most: number) => {
      while (sent - acknowledged > most) await new Promise((resolve) => setTimeout(resolve, 5))
    }
    for (let device = 0; device < devices; device++) {
      tell(device, 0)
      if (device % 100 === 99) await reached(500)
    }
    await reached(0)
    const startedAt = performance.now()
    const perMs = devices / 60_000
    const all = messagesIn(devices, seconds) - devices
    for (let told = 0; told < all; ) {
      const due = Math.min(all, Math.floor((performance.now() - startedAt) * perMs))
      for (; told < due; told++) tell(told % devices, 1 + Math.floor(told / devices))
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    await reached(0)
    for (const socket of lines) socket.end(packet(0xe0, Buffer.alloc(0)))
    return { sent, acknowledged }
  },
)
