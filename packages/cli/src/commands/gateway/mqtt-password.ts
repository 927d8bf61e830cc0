import { fail } from '@doorstep/core'
import { hashPassword } from '@doorstep/drivers'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { checkChosen, LEAST_CHARACTERS } from '../../station/chosen-passphrase.ts'
import { GivenText } from '../../station/given-text.ts'

export default class GatewayMqttPassword extends DoorstepCommand {
  static override description =
    '给 MQTT 设备的密码算出散列,写进网关配置 · Hash a password of an MQTT client, for the configuration of the gateway'
  static override examples = [
    'doorstep gateway mqtt-password --password-file FILE',
    'doorstep gateway mqtt-password',
  ]
  static override flags = {
    'password-file': Flags.string({
      default: '-',
      helpValue: 'FILE',
      description: '密码文件,- 为标准输入 · file with the password, - for standard input',
    }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(GatewayMqttPassword)
    const text = this.must(await new GivenText().file(flags['password-file'])).replace(/\r?\n$/, '')
    if (!checkChosen(text).ok) this.must(fail({ type: 'weak-mqtt-password', least: LEAST_CHARACTERS }))
    const hash = await hashPassword(text)
    this.print(hash)
    return { hash }
  }
}
