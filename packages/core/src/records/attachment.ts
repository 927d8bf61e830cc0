import { defineRecord, movedTo, moving } from '../record/define.ts'

/**
 * A photo, scan, signature or recording: what it is about and what it is. The bytes lie sealed beside the store and
 * travel after the entries; the record names them by the address of what is sealed, and has the key. Written once.
 */
export const attachment = defineRecord({
  type: 'attachment',
  prefix: 'at',
  label: ['附件', 'Attachment'],
  space: 'grid',
  version: 1,
  fields: {
    about: { type: 'id', of: ['hh', 'vi', 'ca', 'ed', 'pe'], label: ['关于', 'About'], required: true },
    /** Of what it is about, so that it goes where the household goes. */
    household: { type: 'id', of: ['hh'], label: ['住户', 'Household'] },
    kind: {
      type: 'choice',
      label: ['种类', 'Kind'],
      required: true,
      choices: {
        photo: ['照片', 'Photo'],
        scan: ['扫描件', 'Scan'],
        signature: ['签名', 'Signature'],
        recording: ['录音', 'Recording'],
      },
    },
    /** Of a case: how it was, or how it is now. */
    phase: {
      type: 'choice',
      label: ['前后', 'Before or after'],
      choices: { before: ['整改前', 'Before'], after: ['整改后', 'After'] },
    },
    caption: { type: 'text', label: ['说明', 'Caption'], maxLength: 300 },
    /** The day it was added, in the community's time zone. */
    on: { type: 'date', label: ['日期', 'Date'], required: true },
    mediaType: { type: 'text', label: ['格式', 'Format'], required: true, maxLength: 80 },
    /** Plain bytes. */
    bytes: { type: 'integer', label: ['字节', 'Bytes'], required: true, min: 1 },
    /** In pixels, of an image. */
    width: { type: 'integer', label: ['宽', 'Width'], min: 1 },
    height: { type: 'integer', label: ['高', 'Height'], min: 1 },
    /** Hex of the address of the sealed bytes (blob/seal-blob.ts). */
    original: { type: 'text', label: ['原件', 'Original'], required: true, maxLength: 64 },
    preview: { type: 'text', label: ['预览', 'Preview'], maxLength: 64 },
    /** Hex of 32 bytes. Never shown: who looks at a photo says why, and the photo is shown. */
    key: { type: 'text', label: ['密钥', 'Key'], required: true, maxLength: 64, mask: 'text' },
    movedTo,
  },
  timelines: moving,
})
