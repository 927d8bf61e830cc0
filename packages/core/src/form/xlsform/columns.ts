/** What the columns of an XLSForm are called, and what else they are called. */

const same = (...names: string[]) => Object.fromEntries(names.map((name) => [name, name]))

export const SURVEY: Readonly<Record<string, string>> = {
  ...same('type', 'name', 'label', 'hint', 'guidance_hint', 'relevant', 'required', 'required_message'),
  ...same('constraint', 'constraint_message', 'calculation', 'default', 'appearance', 'parameters'),
  ...same('choice_filter', 'trigger', 'read_only', 'repeat_count', 'image', 'big-image', 'audio', 'video'),
  ...same('media', 'bind', 'body', 'instance', 'disabled', 'save_to', 'intent', 'autoplay', 'rows'),
  command: 'type',
  tag: 'name',
  value: 'name',
  caption: 'label',
  relevance: 'relevant',
  requiredmsg: 'required_message',
  required_msg: 'required_message',
  constraint_msg: 'constraint_message',
  constraintmsg: 'constraint_message',
  calculate: 'calculation',
  readonly: 'read_only',
  count: 'repeat_count',
  'jr:count': 'repeat_count',
  repeat: 'repeat_count',
  control: 'body',
  big_image: 'big-image',
  guidance: 'guidance_hint',
}

export const CHOICES: Readonly<Record<string, string>> = {
  ...same('list_name', 'name', 'label', 'image', 'big-image', 'audio', 'video', 'media'),
  list: 'list_name',
  value: 'name',
  caption: 'label',
  big_image: 'big-image',
}

export const SETTINGS: Readonly<Record<string, string>> = {
  ...same('form_title', 'form_id', 'version', 'default_language', 'instance_name', 'style', 'name'),
  ...same('allow_choice_duplicates', 'namespaces', 'submission_url', 'public_key', 'auto_send'),
  ...same('auto_delete', 'instance_xmlns', 'clean_text_values', 'attribute'),
  title: 'form_title',
  set_form_title: 'form_title',
  id_string: 'form_id',
  set_form_id: 'form_id',
  submission_uri: 'submission_url',
}

export const MEDIA = ['image', 'big-image', 'audio', 'video'] as const

export const SURVEY_TEXTS: ReadonlySet<string> = new Set([
  ...['label', 'hint', 'guidance_hint', 'required_message', 'constraint_message'],
  ...MEDIA,
])
export const CHOICE_TEXTS: ReadonlySet<string> = new Set(['label', ...MEDIA])

export const isYes = (text: string): boolean => /^(yes|true|y|1|true\(\)|是)$/i.test(text.trim())
export const isNo = (text: string): boolean => /^(no|false|n|0|false\(\)|否)?$/i.test(text.trim())
export const SETTINGS_TEXTS: ReadonlySet<string> = new Set(['form_title'])
