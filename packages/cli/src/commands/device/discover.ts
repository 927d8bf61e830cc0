import { discoverMqtt } from '@doorstep/drivers'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { abortWhenInterrupted } from '../../station/abort-when-interrupted.ts'
import { mqttFlags, mqttLogin } from '../../station/mqtt-login.ts'
import { discoveredText, mqttDeviceJson } from '../../voice/mqtt-text.ts'

export default class DeviceDiscover extends DoorstepCommand {
  static override description = 'MQTT 上有哪些设备可以登记 · Which devices on MQTT could be registered'
  static override examples = [
    'doorstep device discover --mqtt mqtt://127.0.0.1:1883',
    'doorstep device discover --mqtt mqtt://gateway@192.168.1.20 --password-file FILE --for 60',
  ]
  static override flags = {
    ...mqttFlags,
    for: Flags.integer({ default: 5, min: 1, max: 86_400, description: '听几秒 · seconds to listen' }),
    zigbee: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      default: ['zigbee2mqtt'],
      description: 'zigbee2mqtt 的主题前缀 · base topic of a zigbee2mqtt',
    }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(DeviceDiscover)
    const login = this.must(await mqttLogin(flags))
    using interrupted = abortWhenInterrupted()
    const found = this.must(
      await discoverMqtt(
        { ...login, forMs: flags.for * 1000, reader: { zigbee2mqtt: flags.zigbee } },
        interrupted.signal,
      ),
    )
    this.print(discoveredText(found, flags.for, this.language))
    return { devices: found.devices.map(mqttDeviceJson), counts: found.counts }
  }
}
