import type { FoundForm, Station } from '@doorstep/core'
import { type FormSource, offerOf, stationForms } from '../data/forms.ts'

/** A form with a question of every kind, in Chinese and English, written for the tests. */

type Words = readonly [zh: string, en: string]
const texts: (readonly [id: string, words: Words])[] = []
const instance: string[] = []
const binds: string[] = []
const body: string[] = []

const text = (id: string, words: Words): string => {
  texts.push([id, words])
  return `jr:itext('${id}')`
}
const label = (path: string, words: Words): string => `<label ref="${text(`${path}:label`, words)}"/>`
const items = (path: string, choices: Readonly<Record<string, Words>>): string =>
  Object.entries(choices)
    .map(([value, words]) => `<item>${label(`${path}-${value}`, words)}<value>${value}</value></item>`)
    .join('')

/** One question: a control around its label, and its bind. */
function ask(
  path: string,
  words: Words,
  { type = 'string', control = 'input', more = '', inside = '', bind = '' } = {},
): string {
  binds.push(`<bind nodeset="/data/${path}" type="${type}" ${bind}/>`)
  const tag = control === 'rank' ? 'odk:rank' : control
  return `<${tag} ref="/data/${path}" ${more}>${label(path, words)}${inside}</${tag}>`
}
function put(name: string, xml: string): void {
  instance.push(`<${name}/>`)
  body.push(xml)
}
const YES_NO: Readonly<Record<string, Words>> = { yes: ['有', 'Yes'], no: ['没有', 'No'] }
const streets = Array.from({ length: 60 }, (_, at) => ({
  value: `s${at + 1}`,
  district: at % 2 === 0 ? 'east' : 'west',
  words: [
    `${at % 2 === 0 ? '东' : '西'}区${at + 1}号路`,
    `Road ${at + 1} ${at % 2 === 0 ? 'east' : 'west'}`,
  ] as const,
}))

put(
  'mind',
  ask('mind', ['这一家要当心什么', 'What to mind here'], {
    bind: 'doorstep:from="household.mind" doorstep:save="household.mind"',
  }),
)
put(
  'phone',
  ask('phone', ['电话', 'Phone'], {
    more: 'appearance="numbers"',
    bind: 'doorstep:from="household.phone" doorstep:save="household.phone"',
  }),
)
put('words', ask('words', ['说了些什么', 'What was said'], { more: 'appearance="multiline"' }))
put('secret', ask('secret', ['门锁密码', 'Code of the door'], { more: 'appearance="masked numbers"' }))
put(
  'money',
  ask('money', ['每月补贴', 'Allowance a month'], {
    type: 'int',
    more: 'appearance="thousands-sep"',
    bind: `constraint=". &gt;= 0 and . &lt; 100000" jr:constraintMsg="${text('money:wrong', ['补贴应在 0 到 99999 之间', 'An allowance is from 0 to 99999'])}"`,
  }),
)
put('weight', ask('weight', ['体重(公斤)', 'Weight in kg'], { type: 'decimal' }))
put(
  'pain',
  ask('pain', ['疼痛程度', 'Pain'], { type: 'int', control: 'range', more: 'start="0" end="10" step="1"' }),
)
put(
  'stars',
  ask('stars', ['满意吗', 'Content?'], {
    type: 'int',
    control: 'range',
    more: 'start="1" end="5" step="1" appearance="rating"',
  }),
)
put('day', ask('day', ['上次体检是哪天', 'Day of the last check-up'], { type: 'date' }))
put(
  'month',
  ask('month', ['搬来的年月', 'Month of moving in'], { type: 'date', more: 'appearance="month-year"' }),
)
put(
  'year',
  ask('year', ['房子哪年建的', 'Year the house was built'], { type: 'date', more: 'appearance="year"' }),
)
put('time', ask('time', ['几点吃药', 'Time of medicine'], { type: 'time' }))
put('moment', ask('moment', ['什么时候摔的', 'Moment of the fall'], { type: 'dateTime' }))
put(
  'pets',
  ask('pets', ['有没有狗', 'Is there a dog?'], {
    control: 'select1',
    inside: items('pets', YES_NO),
    bind: `required="true()" jr:requiredMsg="${text('pets:needed', ['请回答有没有狗', 'Please say whether there is a dog'])}"`,
  }),
)
put('dog', ask('dog', ['狗叫什么', 'Name of the dog'], { bind: `relevant="/data/pets = 'yes'"` }))
put(
  'needs',
  ask('needs', ['需要什么', 'What is needed'], {
    control: 'select',
    inside: items('needs', { meal: ['送餐', 'Meals'], bath: ['助浴', 'Bathing'], walk: ['陪走', 'Walks'] }),
  }),
)
put(
  'fuel',
  ask('fuel', ['烧什么', 'Fuel'], {
    control: 'select1',
    inside: items('fuel', { gas: ['燃气', 'Gas'], power: ['用电', 'Power'], other: ['其他', 'Other'] }),
  }),
)
put(
  'fuel_other',
  ask('fuel_other', ['别的是什么', 'Which other'], { bind: `relevant="/data/fuel = 'other'"` }),
)
put(
  'district',
  ask('district', ['哪个区', 'District'], {
    control: 'select1',
    inside: items('district', { east: ['东区', 'East'], west: ['西区', 'West'] }),
  }),
)
const itemset = (filter: string): string =>
  `<itemset nodeset="instance('streets')/root/item${filter}"><value ref="name"/><label ref="jr:itext(itextId)"/></itemset>`
put(
  'street',
  ask('street', ['哪条路', 'Street'], {
    control: 'select1',
    more: 'appearance="minimal autocomplete"',
    inside: itemset('[district = /data/district]'),
  }),
)
put('roads', ask('roads', ['常走的路', 'Streets often walked'], { control: 'select', inside: itemset('') }))
put(
  'order',
  ask('order', ['先办哪件', 'What first'], {
    type: 'odk:rank',
    control: 'rank',
    inside: items('order', {
      tap: ['修水龙头', 'The tap'],
      lamp: ['换灯', 'The lamp'],
      ramp: ['装坡道', 'The ramp'],
    }),
  }),
)
instance.push('<people jr:template=""><name/><age/></people><people><name/><age/></people>')
body.push(
  `<group ref="/data/people">${label('people', ['家里的人', 'People here'])}<repeat nodeset="/data/people">${ask('people/name', ['姓名', 'Name'])}${ask('people/age', ['年龄', 'Age'], { type: 'int', bind: 'constraint=". &lt; 130"' })}</repeat></group>`,
)
put('rooms_count', ask('rooms_count', ['几间房', 'Rooms'], { type: 'int' }))
instance.push('<rooms jr:template=""><lamp/></rooms>')
body.push(
  `<group ref="/data/rooms">${label('rooms', ['房间', 'Room'])}<repeat nodeset="/data/rooms" jr:count="/data/rooms_count">${ask('rooms/lamp', ['灯亮吗', 'Does the lamp work?'])}</repeat></group>`,
)
instance.push('<page><left/><right/></page>')
body.push(
  `<group ref="/data/page" appearance="field-list">${label('page', ['血压', 'Blood pressure'])}${ask('page/left', ['高压', 'Upper'], { type: 'int' })}${ask('page/right', ['低压', 'Lower'], { type: 'int' })}</group>`,
)
put('note', ask('note', ['以上为血压', 'That was the blood pressure'], { bind: 'readonly="true()"' }))
put('seen', ask('seen', ['已当面说明', 'Explained in person'], { control: 'trigger' }))
put('place', ask('place', ['门口的位置', 'Place of the door'], { type: 'geopoint' }))
put('way', ask('way', ['走过的路线', 'Way walked'], { type: 'geotrace' }))
put('yard', ask('yard', ['院子的边', 'Edge of the yard'], { type: 'geoshape' }))
put('code', ask('code', ['灭火器条码', 'Code of the extinguisher'], { type: 'barcode' }))
const upload = (name: string, words: Words, accept: string, appearance = ''): void =>
  put(
    name,
    ask(name, words, {
      type: 'binary',
      control: 'upload',
      more: `mediatype="${accept}" appearance="${appearance}"`,
    }),
  )
upload('photo', ['门口照片', 'Photo of the door'], 'image/*')
upload('sign', ['签名', 'Signature'], 'image/*', 'signature')
upload('talk', ['录音', 'Recording'], 'audio/*')
upload('film', ['视频', 'Video'], 'video/*')
upload('paper', ['文件', 'Paper'], 'application/*')
instance.push('<adults/>')
binds.push('<bind nodeset="/data/adults" type="int" calculate="count(/data/people[age &gt;= 18])"/>')

for (const { value, words } of streets) text(`street-${value}`, words)
const translation = (name: string, at: 0 | 1): string =>
  `<translation lang="${name}">${texts.map(([id, words]) => `<text id="${id}"><value>${words[at]}</value></text>`).join('')}</translation>`

export const oneOfEach: FoundForm = {
  id: 'one-of-each',
  version: '1',
  title: { zh: '样样一题', en: 'One of each' },
  xml: `<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" xmlns:odk="http://www.opendatakit.org/xforms" xmlns:orx="http://openrosa.org/xforms" xmlns:doorstep="urn:doorstep:forms">
<h:head><h:title>样样一题</h:title><model odk:xforms-version="1.0.0"><itext>${translation('中文 (zh)', 0)}${translation('English (en)', 1)}</itext>
<instance><data id="one-of-each" version="1">${instance.join('')}<orx:meta><orx:instanceID/></orx:meta></data></instance>
<instance id="streets"><root>${streets.map(({ value, district }) => `<item><name>${value}</name><itextId>street-${value}</itextId><district>${district}</district></item>`).join('')}</root></instance>
${binds.join('\n')}
<bind nodeset="/data/orx:meta/orx:instanceID" type="string" readonly="true()" jr:preload="uid"/>
</model></h:head>
<h:body>${body.join('\n')}</h:body></h:html>`,
  record: null,
  attachments: {},
}

/** The forms of a station, and this one beside them. */
export function withForm(station: Station, form: FoundForm): FormSource {
  const others = stationForms(station)
  return {
    offers: () => [...others.offers(), offerOf(form, 'not')],
    find: (id, at) => {
      if (id !== form.id) return others.find(id, at)
      return at === undefined || at.version === form.version ? form : null
    },
  }
}
