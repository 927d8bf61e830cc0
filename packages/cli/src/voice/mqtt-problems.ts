import { type Catalogue, type Detail, of } from './wording.ts'

const PAYLOAD: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  'too-large': ['太长', 'it is too long'],
  'not-utf8': ['不是 UTF-8 文字', 'it is no UTF-8 text'],
  'not-json': ['不是 JSON', 'it is no JSON'],
  'too-deep': ['嵌套太深', 'it is nested too deeply'],
}
const DISCOVER = 'doorstep device discover --mqtt mqtt://HOST:1883'
const why = (d: Detail): readonly [zh: string, en: string] =>
  PAYLOAD[of(d, 'reason')] ?? ['读不懂', 'it cannot be read']

/** Problems of brokers and of what is said on them. Nothing here ever operates a device. */
export const mqttProblems: Catalogue = {
  'bad-payload': (d) => ({
    zh: `一条消息没有用:${why(d)[0]}。别的消息不受影响。`,
    en: `A message was not used: ${why(d)[1]}. No other message is affected.`,
    next: [DISCOVER],
  }),
  'template-refused': (d) => ({
    zh: `设备声明的取值模板不支持:${of(d, 'reason')}。它的其余信号照常。`,
    en: `A value template that a device announced is not supported: ${of(d, 'reason')}. Its other signals are read.`,
    next: [DISCOVER],
  }),
  'weak-mqtt-password': (d) => ({
    zh: `密码太好猜:至少 ${of(d, 'least')} 个字符,几个不相干的词连起来最好。什么都没有改动。`,
    en: `That password is too easily guessed: at least ${of(d, 'least')} characters, best a few words that have nothing to do with each other. Nothing was changed.`,
    next: ['doorstep gateway mqtt-password --password-file FILE'],
  }),
  'bad-mqtt-url': (d) => {
    const secret = of(d, 'reason') === 'password-in-url'
    return {
      zh: secret
        ? '密码不要写在地址里:别的程序和命令历史都看得到。请用 --password-file 或 DOORSTEP_MQTT_PASSWORD。什么都没有做。'
        : '这不是 MQTT 地址,应为 mqtt://用户@主机:1883。什么都没有做。',
      en: secret
        ? 'No password in the address: other programs and the shell history would see it. Use --password-file or DOORSTEP_MQTT_PASSWORD. Nothing was done.'
        : 'This is no address of an MQTT broker; it should be mqtt://USER@HOST:1883. Nothing was done.',
      next: [
        secret ? 'doorstep device discover --mqtt mqtt://USER@HOST:1883 --password-file FILE' : DISCOVER,
      ],
    }
  },
  'mqtt-broker-away': (d) => {
    const denied = /^refused-[45]$/.test(of(d, 'code'))
    return {
      zh: `MQTT 代理 ${of(d, 'host')}:${of(d, 'port')} ${denied ? '不认用户名或密码' : `连不上(${of(d, 'code')})`}。已有的读数都在。`,
      en: `The MQTT broker at ${of(d, 'host')}:${of(d, 'port')} ${denied ? 'refuses the user or the password' : `cannot be reached (${of(d, 'code')})`}. Earlier readings are safe.`,
      next: ['doorstep device discover --mqtt mqtt://USER@HOST:1883 --password-file FILE'],
    }
  },
  'mqtt-bridge-away': (d) => {
    const bridges = Array.isArray(d.bridges) ? d.bridges.join(', ') : ''
    return {
      zh: `zigbee2mqtt(${bridges})停了或断了:它的设备现在一个也听不到。已有的读数都在。`,
      en: `zigbee2mqtt (${bridges}) stopped or was lost: none of its devices can be heard now. Earlier readings are safe.`,
      next: [DISCOVER],
    }
  },
}
