import { fail, ok, type Problem, type Result } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { GivenText } from './given-text.ts'

/** Flags of commands that talk to a broker. */
export const mqttFlags = {
  mqtt: Flags.string({
    required: true,
    helpValue: 'URL',
    description: 'MQTT 代理,如 mqtt://用户@主机:1883 · the broker, as mqtt://USER@HOST:1883',
  }),
  'password-file': Flags.string({
    helpValue: 'FILE',
    description:
      '密码文件,- 为标准输入;也可用 DOORSTEP_MQTT_PASSWORD · file with the password, - for standard input',
  }),
}

export type MqttLogin = { readonly url: string; readonly username?: string; readonly password?: string }

/** A password is never taken from the address: it would stand in the list of processes and in the shell's history. */
export async function mqttLogin(flags: {
  mqtt: string
  'password-file'?: string | undefined
}): Promise<Result<MqttLogin>> {
  const bad = (reason: string): Result<never, Problem> => fail({ type: 'bad-mqtt-url', reason })
  if (!URL.canParse(flags.mqtt)) return bad('not-a-url')
  const url = new URL(flags.mqtt)
  if (url.protocol !== 'mqtt:' && url.protocol !== 'mqtts:') return bad('not-a-url')
  if (url.hostname === '') return bad('not-a-url')
  if (url.password !== '') return bad('password-in-url')
  const given = flags['password-file']
  const file = given === undefined ? null : await new GivenText().file(given)
  if (file !== null && !file.ok) return file
  const password = file?.value.replace(/\r?\n$/, '') ?? process.env.DOORSTEP_MQTT_PASSWORD
  return ok({
    url: `${url.protocol}//${url.host}`,
    ...(url.username === '' ? {} : { username: decodeURIComponent(url.username) }),
    ...(password === undefined ? {} : { password }),
  })
}
