/** The words of the column `type`. */

export type Control =
  | { readonly control: 'input' | 'trigger' | 'range' | 'none' }
  | { readonly control: 'select1' | 'select' | 'odk:rank' }
  | { readonly control: 'upload'; readonly mediatype: string }

export type PlainType = Control & {
  readonly bind: Readonly<Record<string, string>>
  /** Hidden from whoever fills the form: it needs no label. */
  readonly silent?: true
  /** A node of the form's `meta` group. */
  readonly meta?: true
}

const input = (type: string, extra: Readonly<Record<string, string>> = {}): PlainType => ({
  control: 'input',
  bind: { type, ...extra },
})
const upload = (mediatype: string): PlainType => ({ control: 'upload', mediatype, bind: { type: 'binary' } })
const preload = (type: string, preload: string, parameter: string): PlainType => ({
  control: 'none',
  silent: true,
  bind: { type, 'jr:preload': preload, 'jr:preloadParams': parameter },
})
const property = (name: string) => preload('string', 'property', name)

export const PLAIN_TYPES: Readonly<Record<string, PlainType>> = {
  text: input('string'),
  integer: input('int'),
  decimal: input('decimal'),
  date: input('date'),
  time: input('time'),
  datetime: input('dateTime'),
  note: input('string', { readonly: 'true()' }),
  geopoint: input('geopoint'),
  geotrace: input('geotrace'),
  geoshape: input('geoshape'),
  barcode: input('barcode'),
  range: { control: 'range', bind: { type: 'int' } },
  acknowledge: { control: 'trigger', bind: {} },
  image: upload('image/*'),
  audio: upload('audio/*'),
  video: upload('video/*'),
  file: upload('application/*'),
  calculate: { control: 'none', silent: true, bind: { type: 'string' } },
  hidden: { control: 'none', silent: true, bind: { type: 'string' } },
  start: preload('dateTime', 'timestamp', 'start'),
  end: preload('dateTime', 'timestamp', 'end'),
  today: preload('date', 'date', 'today'),
  deviceid: property('deviceid'),
  username: property('username'),
  email: property('email'),
  phonenumber: property('phonenumber'),
  'uri:deviceid': property('uri:deviceid'),
  'uri:username': property('uri:username'),
  'uri:email': property('uri:email'),
  'uri:phonenumber': property('uri:phonenumber'),
  'uri:simserial': property('uri:simserial'),
  'uri:subscriberid': property('uri:subscriberid'),
  tel: input('string'),
  'phone number': input('string', { constraint: "regex(., '^\\d*$')" }),
  percentage: input('int', { constraint: '. >= 0 and . <= 100' }),
  subscriberid: property('subscriberid'),
  simserial: property('simserial'),
  'start-geopoint': { control: 'none', silent: true, bind: { type: 'geopoint' } },
  audit: { control: 'none', silent: true, meta: true, bind: { type: 'binary' } },
}

/** What exists elsewhere and cannot be asked or measured at a terminal. */
const NOT_SUPPORTED = /^(?:background-(?:audio|geopoint)|osm\b.*|(?:begin|end)[ _]loop\b.*|include)$/

const ALIASES: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'integer',
  'date time': 'datetime',
  'q date time': 'datetime',
  gps: 'geopoint',
  location: 'geopoint',
  'q location': 'geopoint',
  photo: 'image',
  picture: 'image',
  'q picture': 'image',
  trigger: 'acknowledge',
  imei: 'deviceid',
  'device id': 'deviceid',
  'get device id': 'deviceid',
  'start time': 'start',
  'end time': 'end',
  'get start time': 'start',
  'get end time': 'end',
  'get today': 'today',
  'get phone number': 'phonenumber',
  'get sim id': 'simserial',
  'sim id': 'simserial',
  'subscriber id': 'subscriberid',
  'get subscriber id': 'subscriberid',
  'add text prompt': 'text',
  'add integer prompt': 'integer',
  'add decimal prompt': 'decimal',
  'add date prompt': 'date',
  'add note prompt': 'note',
  'q text': 'text',
  'q string': 'text',
  'q int': 'integer',
  'q integer': 'integer',
  'q decimal': 'decimal',
  'q date': 'date',
  'q note': 'note',
  'q image': 'image',
  'q audio': 'audio',
  'q video': 'video',
  'q barcode': 'barcode',
  'q geopoint': 'geopoint',
}

export type SelectType = {
  readonly is: 'select'
  readonly control: 'select1' | 'select' | 'odk:rank'
  /** A list of the workbook, a file, or an earlier repeat (`${people}`). */
  readonly from: 'list' | 'file' | 'repeat'
  readonly list: string
  readonly orOther: boolean
}
export type TypeWords =
  | SelectType
  | { readonly is: 'plain'; readonly type: string; readonly of: PlainType }
  | { readonly is: 'begin' | 'end'; readonly what: 'group' | 'repeat' }
  | { readonly is: 'external'; readonly format: 'csv' | 'xml' }
  | { readonly is: 'not-supported' }
  | { readonly is: 'unknown' }

const SELECTS: readonly [RegExp, SelectType['control'], SelectType['from']][] = [
  [/^select[ _]?(?:one|1)[ _]external /i, 'select1', 'list'],
  [/^select[ _]?(?:one|1)[ _]from[ _]file /i, 'select1', 'file'],
  [/^select[ _]?multiple[ _]from[ _]file /i, 'select', 'file'],
  [/^(?:add )?select[ _]?(?:one|1)(?: prompt)?(?: (?:from|using))? /i, 'select1', 'list'],
  [/^(?:q )?select1 /i, 'select1', 'list'],
  [/^(?:add )?select[ _]?multiple(?: prompt)?(?: (?:from|using))? /i, 'select', 'list'],
  [/^select all that apply(?: from)? /i, 'select', 'list'],
  [/^rank(?: from)? /i, 'odk:rank', 'list'],
]

export function readType(text: string): TypeWords {
  const words = text.trim().replaceAll(/\s+/g, ' ')
  for (const [pattern, control, from] of SELECTS) {
    const head = pattern.exec(words)
    if (!head) continue
    const rest = words.slice(head[0].length)
    const orOther = / ?(?:or[ _]other|or specify other)$/i.exec(rest)
    const list = (orOther ? rest.slice(0, orOther.index) : rest).trim()
    const isRepeat = /^\$\{[^}]+\}$/.test(list)
    return { is: 'select', control, from: isRepeat ? 'repeat' : from, list, orOther: orOther !== null }
  }
  const plain = words.toLowerCase()
  const block = /^(begin|end)[ _]?(group|repeat)$/.exec(plain)
  if (block) return { is: block[1] as 'begin' | 'end', what: block[2] as 'group' | 'repeat' }
  if (plain === 'csv-external') return { is: 'external', format: 'csv' }
  if (plain === 'xml-external') return { is: 'external', format: 'xml' }
  const type = ALIASES[plain] ?? plain
  if (NOT_SUPPORTED.test(type)) return { is: 'not-supported' }
  const of = Object.hasOwn(PLAIN_TYPES, type) ? PLAIN_TYPES[type] : undefined
  return of ? { is: 'plain', type, of } : { is: 'unknown' }
}
