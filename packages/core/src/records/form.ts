import { defineRecord } from '../record/define.ts'

/**
 * One version of a form, written once. Its id derives from what it holds, so that two chiefs who add the same file
 * apart write the same record; versions are records of their own, and stay readable. What they hold lies in pieces.
 */
export const form = defineRecord({
  type: 'form',
  prefix: 'fo',
  label: ['表单', 'Form'],
  space: 'community',
  version: 1,
  fields: {
    /** As the form calls itself; several records bear it, one for each version. */
    form: { type: 'text', label: ['表单编号', 'Form id'], required: true, maxLength: 80 },
    formVersion: { type: 'text', label: ['版本', 'Version'], maxLength: 40 },
    title: { type: 'text', label: ['名称', 'Title'], required: true, maxLength: 200 },
    /** By language, as its author names it. */
    titles: { type: 'json', label: ['各语言的名称', 'Titles by language'] },
    /** `{bytes, pieces: [ids]}`: the XForm. */
    source: { type: 'json', label: ['内容', 'Source'], required: true },
    /** `[{name, bytes, pieces: [ids]}]`: lists, pictures, sounds that come with it. */
    files: { type: 'json', label: ['附带文件', 'Files'] },
  },
  timelines: {
    /** `{for: ['household', …], retired: boolean, saw: [ids]}`: what it is offered for, and whether still. */
    offers: { label: ['用于', 'Offered for'] },
  },
})
