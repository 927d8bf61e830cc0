import { type Catalogue, of, sizeIn } from './wording.ts'

/** Problems of forms that travel with the data. */
export const formProblems: Catalogue = {
  'form-version-taken': (d) => ({
    zh: `表单 ${of(d, 'form')} 的版本 ${of(d, 'version') || '(空)'} 已经有了,内容却不一样。填过的回答要照原样读得出来,所以请在 settings 里换一个 version 再加。什么都没有改动。`,
    en: `Version ${of(d, 'version') || '(none)'} of the form ${of(d, 'form')} is there already and holds something else. What was answered must stay readable as it was, so bump the version (settings, column version) and add it again. Nothing was changed.`,
    next: [`doorstep form show ${of(d, 'form') || 'ID'}`, 'doorstep form add FILE'],
  }),
  'form-too-large': (d) => ({
    zh: `表单和附带文件压缩后有 ${sizeIn(d, 'bytes')},最多 ${sizeIn(d, 'maxBytes')}:它要随数据走到每台机器。请把图片缩小或把名单精简。什么都没有改动。`,
    en: `The form and its files pack to ${sizeIn(d, 'bytes')}; at most ${sizeIn(d, 'maxBytes')} travel with the data to every machine. Make pictures smaller, or lists shorter. Nothing was changed.`,
    next: ['doorstep form check FILE'],
  }),
  'form-builtin': (d) => ({
    zh: `${of(d, 'form')} 是自带的表单,不用加,也不能停用。什么都没有改动。`,
    en: `${of(d, 'form')} comes with the program: it need not be added and cannot be retired. Nothing was changed.`,
    next: ['doorstep form list --all'],
  }),
  'no-such-form-version': (d) => ({
    zh: `表单 ${of(d, 'form')} 没有版本 ${of(d, 'version')},或它还没有收齐。有:${of(d, 'versions')}。`,
    en: `The form ${of(d, 'form')} has no version ${of(d, 'version')}, or not all of it has come yet. There are: ${of(d, 'versions')}.`,
    next: ['doorstep form list --all', 'doorstep sync now'],
  }),
}
