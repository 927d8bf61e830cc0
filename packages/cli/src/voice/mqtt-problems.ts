import { type Catalogue, type Detail, of } from './wording.ts'

const PAYLOAD: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  'too-large': ['太长', 'it is too long'],
  'not-utf8': ['不是 UTF-8 文字', 'it is no UTF-8 text'],
  'not-json': ['不是 JSON', 'it is no JSON'],
  'too-deep': ['嵌套太深', 'it is nested too deeply'],
}
const why = (d: Detail): readonly [zh: string, en: string] =>
  PAYLOAD[of(d, 'reason')] ?? ['读不懂', 'it cannot be read']

/** Problems of brokers and of what is said on them. Nothing here ever operates a device. */
export const mqttProblems: Catalogue = {
  'bad-payload': (d) => ({
    zh: `一条消息没有用:${why(d)[0]}。别的消息不受影响。`,
    en: `A message was not used: ${why(d)[1]}. No other message is affected.`,
    next: ['doorstep device list'],
  }),
  'template-refused': (d) => ({
    zh: `设备声明的取值模板不支持:${of(d, 'reason')}。它的其余信号照常。`,
    en: `A value template that a device announced is not supported: ${of(d, 'reason')}. Its other signals are read.`,
    next: ['doorstep device list'],
  }),
}
