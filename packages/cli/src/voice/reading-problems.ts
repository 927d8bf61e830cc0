import { type Catalogue, of } from './wording.ts'

/** Problems of the raw readings, which lie in a file of their own: the records never depend on it. */
export const readingProblems: Catalogue = {
  'no-readings': () => ({
    zh: '这台机器上没有原始读数:它们只在读表的网关上。设备记录里有每日读数。',
    en: 'There are no raw readings on this machine: they stay at the gateway that reads. The device has its daily readings.',
    next: ['doorstep device list'],
  }),
  'not-gzip': () => ({
    zh: '压缩文件(.gz)不完整或已损坏。之前收下的读数都在;请重新取一份,再导入一次就会接着做。',
    en: 'The compressed file (.gz) is cut short or damaged. Readings that were kept stay; fetch it again and import it to go on.',
    next: ['doorstep device import FILE --mapping FILE'],
  }),
  'no-such-signal': (d) => ({
    zh: `设备 ${of(d, 'device')} 没有 ${of(d, 'signal') || '任何'} 读数。有:${of(d, 'signals') || '无'}。`,
    en: `Device ${of(d, 'device')} has no ${of(d, 'signal')} readings. It has: ${of(d, 'signals') || 'none'}.`,
    next: ['doorstep device list', 'doorstep device import FILE --mapping FILE'],
  }),
  'readings-damaged': (d) => ({
    zh: `读数文件 readings.db 损坏:${of(d, 'detail')}。记录都在另一个文件里,没有受影响。`,
    en: `The file of readings, readings.db, is damaged: ${of(d, 'detail')}. The records lie in another file and are safe.`,
    next: ['doorstep doctor', 'doorstep doctor --repair'],
  }),
  'readings-of-another-home': (d) => ({
    zh: `${of(d, 'home')} 里的读数文件 readings.db 属于另一个工作站,打不开。没有碰它;记录都在。`,
    en: `The file of readings in ${of(d, 'home')}, readings.db, belongs to another home and does not open here. It was not touched; the records are safe.`,
    next: [`mv ${of(d, 'home')}/readings.db ${of(d, 'home')}/readings.db.other`, 'doorstep doctor'],
  }),
  'readings-newer': (d) => ({
    zh: `读数文件由更新的版本写成(布局 ${of(d, 'version')})。没有碰它;记录都在。`,
    en: `The file of readings was written by a newer version (layout ${of(d, 'version')}). It was not touched; the records are safe.`,
    next: ['npm install --global @doorstep/cli@latest'],
  }),
  'readings-older': (d) => ({
    zh: `读数文件由正式发布之前的试用版写成(布局 ${of(d, 'version')})。没有碰它:把它收好;记录都在。`,
    en: `The file of readings was written by a preview (layout ${of(d, 'version')}). It was not touched: keep it aside; the records are safe.`,
    next: [`mv ${of(d, 'home')}/readings.db ${of(d, 'home')}/readings.db.preview`],
  }),
}
