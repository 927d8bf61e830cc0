import { definitionOf } from '@doorstep/core'
import { type Catalogue, type Detail, of, sizeIn } from './wording.ts'

const kindOf = (d: Detail, language: 0 | 1): string =>
  definitionOf('attachment')?.fields.kind?.choices?.[of(d, 'kind')]?.[language] ?? of(d, 'kind')
const fileOf = (d: Detail): string => (d.file === undefined ? '' : ` ${of(d, 'file')}`)

/** Problems of photos, scans and recordings. */
export const attachmentProblems: Catalogue = {
  'attachment-empty': (d) => ({
    zh: `文件${fileOf(d)} 是空的。没有存上。`,
    en: `The file${fileOf(d)} is empty. Not saved.`,
    next: ['doorstep attachment add HOUSEHOLD FILE'],
  }),
  'attachment-too-large': (d) => ({
    zh: `文件${fileOf(d)} 有 ${sizeIn(d, 'bytes')},最多 ${sizeIn(d, 'maxBytes')}。没有存上。`,
    en: `The file${fileOf(d)} has ${sizeIn(d, 'bytes')}, and at most ${sizeIn(d, 'maxBytes')} can be kept. Not saved.`,
    next: ['doorstep attachment add HOUSEHOLD SMALLER-FILE'],
  }),
  'attachment-type': (d) => ({
    zh: `文件${fileOf(d)} 不能作为“${kindOf(d, 0)}”:图片要 JPEG、PNG、WebP、GIF、TIFF、AVIF,文件要 PDF,录音要 MP3、M4A、OGG、WAV、FLAC。苹果手机的 HEIC 请先转成 JPEG。没有存上。`,
    en: `The file${fileOf(d)} cannot be a "${kindOf(d, 1)}": images may be JPEG, PNG, WebP, GIF, TIFF or AVIF, documents PDF, recordings MP3, M4A, OGG, WAV or FLAC. Make JPEG of an iPhone's HEIC first. Not saved.`,
    next: ['doorstep attachment add HOUSEHOLD FILE --kind scan'],
  }),
  'file-exists': (d) => ({
    zh: `${of(d, 'file')} 已经在那里,没有盖掉。没有打开,也没有记。`,
    en: `${of(d, 'file')} is there already, and was not replaced. Not opened, and nothing was written down.`,
    next: [`doorstep attachment show ${of(d, 'record')} --reason TEXT --out OTHER-FILE`],
  }),
  'metadata-left': () => ({
    zh: '图片里还有拍摄地点、设备之类的信息。没有存上。',
    en: 'The image still says where or with what it was taken. Not saved.',
    next: ['doorstep attachment add HOUSEHOLD FILE'],
  }),
  'blob-missing': (d) => ({
    zh: `这件附件不在这台机器上${Array.isArray(d.stations) && d.stations.length > 0 ? `;${of(d, 'stations')} 有` : ',还不知道谁有'}。没有打开,也没有记。`,
    en: `This attachment is not on this machine${Array.isArray(d.stations) && d.stations.length > 0 ? `; ${of(d, 'stations')} has it` : ', and nobody is known to have it'}. Not opened, and nothing was written.`,
    next: [`doorstep attachment keep ${of(d, 'record') || 'ID'}`, 'doorstep sync now'],
  }),
  'only-copy': () => ({
    zh: '还不知道有别的站点会留着它,所以没有丢。先同步,或确定不要了再加 --force。',
    en: 'No other station is known to keep it, so it was not let go. Sync first; --force if you are sure.',
    next: ['doorstep sync now', 'doorstep attachment list'],
  }),
  'blob-promised': () => ({
    zh: '这台机器答应过别的站点会留着它,所以没有丢。确定不要了再加 --force。',
    en: 'Others were told that this machine keeps it, so it was not let go. --force if you are sure.',
    next: ['doorstep attachment list', 'doorstep attachment budget'],
  }),
}
