import type { Language } from '../voice/language.ts'

/** A configuration that works as it is, with everything else that may be said in comments. */
export function exampleConfig(
  language: Language,
  { home, keyFile }: { readonly home: string; readonly keyFile: string },
): string {
  const say = (zh: string, en: string) => (language === 'zh' ? zh : en)
  const quoted = (text: string) => JSON.stringify(text)
  return `# ${say('敲门网关的配置。改好后:doorstep gateway check 本文件', 'Configuration of a Doorstep gateway. After changes: doorstep gateway check THIS-FILE')}
# ${say('运行中的网关会自己读入改动;写错了就继续用旧的,并说明哪里不对。要用哪一项,去掉行首的 #。', 'A running gateway takes changes by itself; a faulty file is told of and the old one stays in use. Take the # away before what you want.')}

# ${say('工作站文件夹,和打开它的密钥文件(doorstep passphrase change --new-key-file)。', 'The folder of the station, and the key file that opens it (doorstep passphrase change --new-key-file).')}
home: ${quoted(home)}
keyFile: ${quoted(keyFile)}

# ${say('日志和状态页的语言:zh 或 en。', 'Language of logs and of the status page: zh or en.')}
language: ${language}

# ${say('笔记本在这里找到网关;公布在局域网上。', 'Where laptops reach the gateway; announced on the LAN.')}
listen: 0.0.0.0:7345
discover: true

# ${say('也一直呼叫这些站点(别的网关)。', 'Other stations (gateways) to keep calling.')}
#peers:
#  - 192.168.1.20:7345

# ${say('本机的信令服务,让隔着网段的笔记本直接相连;别的信令服务。', 'A signaling server of our own, for laptops in other segments; others.')}
#signaling:
#  listen: 0.0.0.0:7346
#  servers:
#    - ws://192.168.1.21:7346

# ${say('表计的线路。名称只写字母、数字和 “-”,不写住户。at 是线路在哪里;dtu 是等 DTU 拨进来。', 'Lines to meters. Names of letters, digits and "-", never of a home. at: where it is; dtu: waits for DTUs to dial in.')}
#lines:
#  - name: block-1
#    at: 192.168.1.30:8899
#    every: 15m
#  - name: meter-room
#    at: /dev/ttyUSB0@2400,8E1
#    protocols: [dlt645]
#    every: 1h
#  - name: boiler-room
#    at: modbus-tcp://192.168.1.31
#  - name: far-block
#    dtu: 0.0.0.0:5000
#    registration: DTU-0001

# ${say('传感器:listen 是自带的 MQTT 服务,password 由 doorstep gateway mqtt-password 算出;url 是别处的,密码在单独的文件里。', 'Sensors: listen is an MQTT broker of our own, passwords from doorstep gateway mqtt-password; url is another one, its password in a file.')}
#mqtt:
#  - name: sensors
#    listen: 127.0.0.1:1883
#    clients:
#      - user: bridge
#        password: scrypt$16384$8$1$ZG9vcnN0ZXAtZXhhbXBsZQ$Vo3LDXrI8lGJuDQu6ypVPBKZOKZMzBXQKE0vxDkVvbU
#        publish: [zigbee2mqtt/#]
#  - name: other-sensors
#    url: mqtt://192.168.1.40:1883
#    user: doorstep
#    passwordFile: /etc/doorstep/mqtt-password

# ${say('多久按规则看一遍。', 'How often the rules are looked at.')}
#rules:
#  every: 1m

# ${say('读数最多留多久。不写就按惯例:水电等三个月逐条,一年多按小时,三年按天。每日汇总在设备记录里,不在此列。', 'How long readings are kept at most. As usual when not said: of meters three months as they came, a year by hours, three years by days. Daily summaries are in the device records.')}
#readings:
#  keep: 400d

# ${say('照片、录音:全收(all)或有人要才收(asked);最多占多少。', 'Photos and recordings: all, or those asked for; how much room they may take.')}
#archive:
#  photos: all
#  most: 20GB

# ${say('多久做一次检查点,新机器从它起步。', 'How often a checkpoint is made, for new machines to start from.')}
#checkpoints:
#  every: 1d

# ${say('要不要向笔记本报时:auto 只在本机对过时之后;by-hand 由您担保;off 不报。', 'Whether laptops are offered the time: auto, once the network has set this clock; by-hand, on your word; off.')}
#clock: auto

# ${say('健康检查和 Prometheus 指标,只在本机。', 'Health and Prometheus metrics, on this machine alone.')}
#metrics: 127.0.0.1:9345

# ${say('局域网上的只读状态页:只有数目,没有任何人的资料。不写就没有。', 'A read-only status page on the LAN: counts alone, nothing about anybody. Off unless said.')}
#statusPage: 0.0.0.0:8345

#log:
#  level: info
#  form: auto
`
}
