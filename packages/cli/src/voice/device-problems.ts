import { type Catalogue, type Detail, of } from './wording.ts'

const READ = 'doorstep device read DEVICE --at HOST:PORT'
const READ_SERIAL = 'doorstep device read DEVICE --at /dev/ttyUSB0@2400'
const where = (d: Detail): string => `${of(d, 'host')}:${of(d, 'port')}`

/** Problems of meters and the lines to them. Nothing here ever changes a meter. */
export const deviceProblems: Catalogue = {
  'not-supported': (d) => ({
    zh: `尚不支持 ${of(d, 'protocol')}。现有:${of(d, 'supported')}。`,
    en: `${of(d, 'protocol')} is not supported yet. There is: ${of(d, 'supported')}.`,
    next: ['doorstep device decode dlt645 HEX'],
  }),
  'invalid-hex': (d) => ({
    zh: `第 ${Number(d.at ?? 0) + 1} 个字符起的 “${of(d, 'found')}” 不是十六进制。`,
    en: `"${of(d, 'found')}" at character ${Number(d.at ?? 0) + 1} is not hexadecimal.`,
    next: ['doorstep device decode dlt645 "68 61 01 00 00 00 00 68 …"'],
  }),
  'invalid-request': (d) => ({
    zh: `问不了:${of(d, 'reason') === 'address' ? '表地址不对(645 最多 12 位、188 最多 14 位数字,M-Bus 0 至 250 或 8 位表号,Modbus 1 至 247)' : of(d, 'reason')}。什么都没有发出。`,
    en: `This cannot be asked: ${of(d, 'reason') === 'address' ? 'no meter address (at most 12 digits for 645 and 14 for 188, 0 to 250 or 8 digits for M-Bus, 1 to 247 for Modbus)' : of(d, 'reason')}. Nothing was sent.`,
    next: ['doorstep device list'],
  }),
  'bad-line-address': (d) => ({
    zh: `“${of(d, 'address')}” 不是线路地址,应为 主机:端口、modbus-tcp://主机 或 /dev/ttyUSB0@2400,8E1。`,
    en: `"${of(d, 'address')}" is no address of a line; it should be HOST:PORT, modbus-tcp://HOST or /dev/ttyUSB0@2400,8E1.`,
    next: ['doorstep device read DEVICE --at 192.168.1.30:8899', READ_SERIAL],
  }),
  'device-without-address': (d) => ({
    zh: `设备 ${of(d, 'device')} 没有协议或通信地址,无从读起。`,
    en: `Device ${of(d, 'device')} has no protocol or no address, so it cannot be asked.`,
    next: ['doorstep device add HOUSEHOLD --kind electricity --protocol dlt645 --address ADDRESS'],
  }),
  'device-known': (d) => ({
    zh: `地址 ${of(d, 'address')} 的设备已经有了:${of(d, 'device')}。没有再加。`,
    en: `There is a device with address ${of(d, 'address')} already: ${of(d, 'device')}. None was added.`,
    next: ['doorstep device list'],
  }),
  'bad-quarter': (d) => ({
    zh: `“${of(d, 'quarter')}” 不是季度,应像 2026Q4。什么都没有写。`,
    en: `"${of(d, 'quarter')}" is no quarter; it should be like 2026Q4. Nothing was written.`,
    next: ['doorstep device review --quarter 2026Q4'],
  }),
  'device-retired': (d) => ({
    zh: `设备 ${of(d, 'device')} 已于 ${of(d, 'on')} 停用。没有改动。`,
    en: `Device ${of(d, 'device')} was retired on ${of(d, 'on')}. Nothing was changed.`,
    next: ['doorstep device list --all'],
  }),
  'connect-failed': (d) => ({
    zh: `连不上 ${where(d)}(${of(d, 'code')})。已有的读数都在。`,
    en: `Cannot connect to ${where(d)} (${of(d, 'code')}). Earlier readings are safe.`,
    next: [READ],
  }),
  'connect-timeout': (d) => ({
    zh: `${where(d)} ${Number(d.timeoutMs ?? 0) / 1000} 秒没有应答。已有的读数都在。`,
    en: `${where(d)} did not answer within ${Number(d.timeoutMs ?? 0) / 1000} seconds. Earlier readings are safe.`,
    next: [READ],
  }),
  'listen-failed': (d) => ({
    zh: `不能在 ${where(d)} 监听(${of(d, 'code')})。`,
    en: `Cannot listen on ${where(d)} (${of(d, 'code')}).`,
    next: ['doorstep device simulate --listen 127.0.0.1:0 --meter ADDRESS:KWH'],
  }),
  'port-closed': () => ({
    zh: '线路断了。已有的读数都在。',
    en: 'The line was closed. Earlier readings are safe.',
    next: [READ],
  }),
  'no-reply': (d) => ({
    zh: `表 ${of(d, 'address')} 问了 ${of(d, 'tries')} 次没有应答${d.noiseBytes ? `(线上有 ${of(d, 'noiseBytes')} 字节杂音)` : ''}。已有的读数都在。`,
    en: `Meter ${of(d, 'address')} did not answer in ${of(d, 'tries')} tries${d.noiseBytes ? ` (${of(d, 'noiseBytes')} bytes of noise on the line)` : ''}. Earlier readings are safe.`,
    next: [READ, 'doorstep device list'],
  }),
  'meter-resting': (d) => ({
    zh: `表 ${of(d, 'address')} 一直没有应答,暂时不问。已有的读数都在。`,
    en: `Meter ${of(d, 'address')} has not answered for a while and is left alone for now. Earlier readings are safe.`,
    next: [READ],
  }),
  'meter-not-polled': (d) => ({
    zh: `这条线路不抄表 ${of(d, 'address')}(${of(d, 'protocol')})。什么都没有问。`,
    en: `Meter ${of(d, 'address')} (${of(d, 'protocol')}) is not read on this line. Nothing was asked.`,
    next: ['doorstep device list'],
  }),
  'line-down': () => ({
    zh: '线路打不开,过一会儿再试。已有的读数都在。',
    en: 'The line cannot be opened; it is tried again in a while. Earlier readings are safe.',
    next: [READ],
  }),
  'wrong-meter': (d) => ({
    zh: `“${of(d, 'text')}” 不是一块表:应为 [协议:]地址:读数[:种类]。什么都没有开始。`,
    en: `"${of(d, 'text')}" is no meter; it should be [PROTOCOL:]ADDRESS:VALUE[:KIND]. Nothing was started.`,
    next: ['doorstep device simulate --meter cjt188:00201510270588:12.3:gas'],
  }),
  'wrong-fault': (d) => ({
    zh: `没有叫 “${of(d, 'text')}” 的毛病。有:${of(d, 'known')};加 @地址 只出在一块表上。`,
    en: `There is no fault "${of(d, 'text')}". There are: ${of(d, 'known')}; with @ADDRESS of one meter alone.`,
    next: ['doorstep device simulate --meter 161:1 --misbehave noise@161'],
  }),
  'replay-without-column': (d) => ({
    zh: `文件没有列 “${of(d, 'column')}”。有:${of(d, 'columns')}。`,
    en: `The file has no column "${of(d, 'column')}". It has: ${of(d, 'columns')}.`,
    next: ['doorstep device simulate --meter 161:1 --replay FILE --replay-columns KEY,TIME,VALUE'],
  }),
  'replay-empty': () => ({
    zh: '文件里没有一行读数。',
    en: 'There is not one reading in the file.',
    next: ['doorstep device simulate --meter 161:1 --replay FILE --replay-columns KEY,TIME,VALUE'],
  }),
  'replay-without-key': (d) => ({
    zh: `${of(d, 'file')} 里没有 “${of(d, 'key')}” 这一户。`,
    en: `There is no "${of(d, 'key')}" in ${of(d, 'file')}.`,
    next: ['doorstep device simulate --meter 161:1 --replay FILE'],
  }),
  'read-interrupted': (d) => ({
    zh: `读 ${of(d, 'item')} 时停下了。已有的读数都在。`,
    en: `Reading stopped at ${of(d, 'item')}. Earlier readings are safe.`,
    next: [READ],
  }),
  'meter-counts-other': (d) => ({
    zh: `设备 ${of(d, 'device')} 登记为 ${of(d, 'kind')},应答的表计的却是 ${of(d, 'counts')}:地址或种类写错了。没有记。`,
    en: `Device ${of(d, 'device')} is registered as ${of(d, 'kind')}, but the meter that answered counts ${of(d, 'counts')}: its address or its kind is wrong. Nothing was recorded.`,
    next: ['doorstep device show DEVICE', 'doorstep device list'],
  }),
  'meter-gave-no-value': (d) => ({
    zh: `设备 ${of(d, 'device')} 的表没有给出读数(${of(d, 'missing')})。没有记。`,
    en: `The meter of device ${of(d, 'device')} gave no value (${of(d, 'missing')}). Nothing was recorded.`,
    next: [READ],
  }),
  'serial-missing': (d) => ({
    zh: `没有串口 ${of(d, 'path')}:没插上,或换了名字。现有:${of(d, 'present') || '没有'}。已有的读数都在。`,
    en: `There is no serial line ${of(d, 'path')}: not plugged in, or under another name. There is: ${of(d, 'present') || 'none'}. Earlier readings are safe.`,
    next: ['ls /dev/serial/by-id/', READ_SERIAL],
  }),
  'serial-no-right': (d) => ({
    zh: `当前用户无权打开串口 ${of(d, 'path')}:要在 dialout 组里。什么都没有发出。`,
    en: `This user may not open the serial line ${of(d, 'path')}: it takes membership of the group dialout. Nothing was sent.`,
    next: ['sudo usermod -aG dialout "$USER"', READ_SERIAL],
  }),
  'serial-busy': (d) => ({
    zh: `串口 ${of(d, 'path')} 正被别的程序使用。什么都没有发出。`,
    en: `Another program has the serial line ${of(d, 'path')} open. Nothing was sent.`,
    next: [`fuser ${of(d, 'path')}`, READ_SERIAL],
  }),
  'serial-not-a-line': (d) => ({
    zh: `${of(d, 'path')} 不是串口。什么都没有发出。`,
    en: `${of(d, 'path')} is no serial line. Nothing was sent.`,
    next: ['ls /dev/serial/by-id/', READ_SERIAL],
  }),
  'serial-failed': (d) => ({
    zh: `打不开串口 ${of(d, 'path')}:${of(d, 'detail')}。什么都没有发出。`,
    en: `The serial line ${of(d, 'path')} cannot be opened: ${of(d, 'detail')}. Nothing was sent.`,
    next: [READ_SERIAL],
  }),
  'dtu-absent': (d) => ({
    zh: `DTU ${of(d, 'name')} 没有连上来。已有的读数都在。查它的电源、信号,和它要连的地址。`,
    en: `The DTU ${of(d, 'name')} has not dialled in. Earlier readings are safe. See to its power, its signal and the address it dials.`,
    next: ['doorstep gateway run'],
  }),
}
