/** What a configuration says of an MQTT broker: one of our own, or another's. */
import { isPasswordHash } from '@doorstep/drivers'
import { hostPort, name, text, url } from './config-values.ts'
import { list, type MapOf, map, optional, scalar } from './read-yaml.ts'

/** `zigbee2mqtt/#`: a topic, or all below one. */
const filter = scalar(
  (typed) => (/^[^+#\s]+(?:\/[^+#\s]+)*(?:\/#)?$|^#$/.test(typed) ? typed : null),
  ['zigbee2mqtt/#', 'homeassistant/#', 'esp/hall/smoke'],
)

const client = map({
  user: text('bridge'),
  /** As `doorstep gateway mqtt-password` prints it. */
  password: scalar((typed) => (isPasswordHash(typed) ? typed : null), ['doorstep gateway mqtt-password']),
  publish: list(filter, (value) => value),
  /** By default what it publishes to. */
  follow: list(filter, (value) => value),
})

const button = map({ address: text('0x00158d0001a2b3c4'), presses: list(text('single'), (value) => value) })

const shape = {
  name,
  /** A broker of our own, which sensors' bridges connect to. */
  listen: optional(hostPort('127.0.0.1:1883')),
  clients: list(client, ({ user }) => user),
  /** Another's. */
  url: optional(url('mqtt:', 'mqtts:')),
  user: optional(text('doorstep')),
  passwordFile: optional(text('/etc/doorstep/mqtt-password')),
  /** Of an `mqtts:` broker whose certificate no public authority signed, PEM. */
  caFile: optional(text('/etc/doorstep/mqtt-ca.pem')),
  /** Base topics of the zigbee2mqtt on it, where not `zigbee2mqtt`. */
  zigbee2mqtt: list(text('zigbee2mqtt'), (value) => value),
  /** Presses that call for help, of buttons that have no such press of their own. */
  buttons: list(button, ({ address }) => address),
}

export const brokerConfig = map(shape, (value, say) => {
  if ((value.listen === null) === (value.url === null))
    say(value.url === null ? 'name' : 'url')('one-of', ['listen', 'url'])
  if ((value.user === null) !== (value.passwordFile === null))
    say(value.user === null ? 'passwordFile' : 'user')('not-together', ['user', 'passwordFile'])
  if (value.caFile !== null && !value.url?.startsWith('mqtts:'))
    say('caFile')('not-together', ['url: mqtts://…'])
  if (value.listen !== null && value.user !== null) say('user')('not-together', ['url'])
  if (value.url !== null && value.clients.length > 0) say('clients')('not-together', ['listen'])
  // Nobody could say a thing on it.
  if (value.listen !== null && value.clients.length === 0) say('clients')('missing', ['- user: bridge'])
})

export type BrokerConfig = MapOf<typeof shape>
