import {
  createSimulatedSensor,
  runSimulatedBridge,
  type SensorBehaviour,
  type SensorKind,
  sensorBehaviours,
  sensorProfiles,
} from '@doorstep/drivers'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { wrongUse } from '../../flags.ts'
import { abortWhenInterrupted } from '../../station/abort-when-interrupted.ts'
import { mqttFlags, mqttLogin } from '../../station/mqtt-login.ts'

const KINDS = Object.keys(sensorProfiles)

export default class DeviceSimulateMqtt extends DoorstepCommand {
  static override description =
    '模拟 Zigbee 传感器,直到 Ctrl-C · Simulated Zigbee sensors on a broker, until Ctrl-C'
  static override examples = [
    'doorstep device simulate-mqtt --mqtt mqtt://127.0.0.1:1883 --sensor smoke:kitchen:alarm --sensor sos:bed:alarm',
    'doorstep device simulate-mqtt --mqtt mqtt://127.0.0.1:1883 --sensor smoke:hall:stuck:battery --after 5',
  ]
  static override flags = {
    ...mqttFlags,
    sensor: Flags.string({
      required: true,
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'KIND:NAME[:BEHAVIOUR…]',
      description: `种类 · kind: ${KINDS.join(', ')}; 行为 · behaviour: ${sensorBehaviours.join(', ')}`,
    }),
    every: Flags.integer({ default: 60, min: 1, description: '几秒说一次 · seconds between two messages' }),
    after: Flags.integer({
      default: 10,
      min: 0,
      description: '几秒后出事 · seconds until something happens',
    }),
    lasts: Flags.integer({ default: 20, min: 1, description: '持续几秒 · seconds that it lasts' }),
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(DeviceSimulateMqtt)
    const sensors = flags.sensor.map((text, index) => {
      const [kind = '', name = '', ...behaviours] = text.split(':')
      const known = behaviours.every((one) => (sensorBehaviours as readonly string[]).includes(one))
      if (
        !KINDS.includes(kind) ||
        !/^[^+#:]{1,100}$/.test(name) ||
        /(?:^|\/)[sg]et(?:\/|$)/i.test(name) ||
        !known
      )
        return wrongUse(
          `--sensor 应为 种类:名称[:行为…],不是 ${text}`,
          `--sensor takes KIND:NAME[:BEHAVIOUR…], not ${text}`,
        )
      return createSimulatedSensor({
        kind: kind as SensorKind,
        name,
        index,
        behaviours: behaviours as SensorBehaviour[],
        everyMs: flags.every * 1000,
        afterMs: flags.after * 1000,
        lastsMs: flags.lasts * 1000,
      })
    })
    const login = this.must(await mqttLogin(flags))
    using interrupted = abortWhenInterrupted()
    const told = sensors.map(({ ieee, name }) => ({ address: ieee, name }))
    const begun = () => {
      if (this.jsonEnabled()) this.logJson({ broker: login.url, sensors: told })
      else
        this.print(
          [
            this.words([
              `模拟 ${told.length} 个传感器,在 ${login.url}。Ctrl-C 结束。`,
              `${told.length} simulated sensor(s) at ${login.url}. Ctrl-C to end.`,
            ]),
            ...told.map(({ address, name }) => `  ${address}  ${name}`),
          ].join('\n'),
        )
    }
    this.must(await runSimulatedBridge({ ...login, sensors, onBegun: begun }, interrupted.signal))
  }
}
