/** The home safety check, version 1. A visit's outcome is not asked here. Changing anything asks for a new version. */
import type { FormDocument } from '../form-registry.ts'
import type { Bilingual, HazardRule } from '../hazard.ts'
import { type SafetyItem, type SafetySection, SECTIONS } from './home-safety-items.ts'
import { type Choices, type Control, type Part, writeXForm } from './xform-writer.ts'

const ROOT = '/home_safety'
const both = (zh: string, en: string): Bilingual => ({ zh, en })

const TITLE = both('入户安全检查', 'Home safety check')
const REQUIRED = both('请回答这一项', 'Please answer this')
const YES_NO: Choices = { yes: both('有', 'Yes'), no: both('没有', 'No') }
const FINDINGS: Choices = {
  ok: both('正常', 'In order'),
  hazard: both('有隐患', 'Hazard'),
  na: both('不适用', 'Not applicable'),
  unseen: both('未看到', 'Not seen'),
}
const GRADES: Choices = { ordinary: both('一般', 'Ordinary'), serious: both('严重', 'Serious') }

/** Each item is four questions: what was found and, for a hazard, how bad, until when, and a note. */
function itemControls(section: SafetySection, { name, title, hint, relevant }: SafetyItem): Control[] {
  const hazard = `${ROOT}/${section.name}/${name} = 'hazard'`
  return [
    {
      name,
      kind: 'select-one',
      label: title,
      hint,
      choices: FINDINGS,
      required: REQUIRED,
      ...(relevant ? { relevant } : {}),
    },
    {
      name: `${name}_grade`,
      kind: 'select-one',
      label: both(`${title.zh}：隐患等级`, `${title.en}: how bad`),
      choices: GRADES,
      relevant: hazard,
      required: both('有隐患必须选等级', 'A hazard needs a grade'),
    },
    {
      name: `${name}_fix_by`,
      kind: 'date',
      label: both(`${title.zh}：整改期限`, `${title.en}: to be fixed by`),
      hint: both('不填则按等级取默认天数', 'Left blank, the default days of the grade apply'),
      relevant: hazard,
      // Checks written up late carry past dates; anything beyond a month back or a year ahead is a slip.
      constraint: '. >= today() - 31 and . <= today() + 366',
      constraintMessage: both('整改期限应在一年以内', 'The date must lie within a year'),
    },
    {
      name: `${name}_note`,
      kind: 'text',
      label: both(`${title.zh}：说明`, `${title.en}: note`),
      relevant: hazard,
      appearance: 'multiline',
    },
  ]
}

const FUEL: Control = {
  name: 'fuel',
  kind: 'select-one',
  label: both('家里用什么燃气？', 'Which gas is used in the home?'),
  choices: {
    piped: both('管道气', 'Piped gas'),
    bottled: both('瓶装气', 'Bottled gas'),
    none: both('不用燃气', 'No gas'),
  },
  required: REQUIRED,
}
const USES_GAS = `${ROOT}/gas/fuel = 'piped' or ${ROOT}/gas/fuel = 'bottled'`
const WATER_HEATER: Control = {
  name: 'water_heater',
  kind: 'select-one',
  label: both('用什么热水器？', 'Which water heater is there?'),
  choices: {
    gas: both('燃气热水器', 'Gas'),
    electric: both('电热水器', 'Electric'),
    none: both('没有', 'None'),
  },
  required: REQUIRED,
  relevant: USES_GAS,
}
const HAS_ALARM: Control = {
  name: 'has_alarm',
  kind: 'select-one',
  label: both('有没有燃气报警器？', 'Is there a gas alarm?'),
  choices: YES_NO,
  required: REQUIRED,
  relevant: USES_GAS,
}
const THIS_YEAR = "number(format-date(today(), '%Y'))"
const ALARM_EXPIRY: Control = {
  name: 'alarm_expiry_year',
  kind: 'integer',
  label: both('燃气报警器哪一年到期？', 'In which year does the gas alarm expire?'),
  hint: both('看机身标签；看不清可以不填', 'See the label on it; leave blank if it cannot be read'),
  relevant: `${ROOT}/gas/has_alarm = 'yes'`,
  constraint: `. >= 2005 and . <= ${THIS_YEAR} + 15`,
  constraintMessage: both(
    '到期年份应是 2005 年以后、今后 15 年以内的四位年份',
    'The year must have four digits, from 2005 to fifteen years ahead',
  ),
}
const ALARM_EXPIRED: Control = {
  name: 'alarm_expired',
  kind: 'note',
  label: both('报警器已过期，请提醒更换', 'The alarm has expired: remind them to replace it'),
  relevant: `${ROOT}/gas/alarm_expiry_year != '' and ${ROOT}/gas/alarm_expiry_year < ${THIS_YEAR}`,
}
const HAS_EBIKE: Control = {
  name: 'has_ebike',
  kind: 'select-one',
  label: both('家里有没有电动自行车？', 'Does the household have an electric bicycle?'),
  choices: YES_NO,
  required: REQUIRED,
}

/** Questions that open others stand before the first item they open. */
const BEFORE: Readonly<Record<string, readonly Control[]>> = {
  'gas/hose': [FUEL],
  'gas/flue': [WATER_HEATER],
  'gas/alarm_works': [HAS_ALARM],
  'passage/stairs': [HAS_EBIKE],
}
const AFTER: Readonly<Record<string, readonly Control[]>> = {
  'gas/alarm_works': [ALARM_EXPIRY, ALARM_EXPIRED],
}

const sections: Part[] = SECTIONS.map((section) => ({
  name: section.name,
  label: section.label,
  parts: section.items.flatMap((item) => [
    ...(BEFORE[`${section.name}/${item.name}`] ?? []),
    ...itemControls(section, item),
    ...(AFTER[`${section.name}/${item.name}`] ?? []),
  ]),
}))

const paths = SECTIONS.flatMap((section) =>
  section.items.map((item) => `${ROOT}/${section.name}/${item.name}`),
)
const tally = (suffix: string, answer: string): string =>
  paths.map((path) => `if(${path}${suffix} = '${answer}', 1, 0)`).join(' + ')

const closing: Part[] = [
  { name: 'hazard_count', kind: 'calculated', type: 'int', calculate: tally('', 'hazard') },
  { name: 'serious_count', kind: 'calculated', type: 'int', calculate: tally('_grade', 'serious') },
  {
    name: 'summary',
    kind: 'note',
    label: both(
      `共发现隐患 {${ROOT}/hazard_count} 处，其中严重 {${ROOT}/serious_count} 处`,
      `Hazards found: {${ROOT}/hazard_count}, of them serious: {${ROOT}/serious_count}`,
    ),
  },
  {
    name: 'serious_advice',
    kind: 'note',
    label: both(
      '有严重隐患：当场告知，能断的先断，并立即上报',
      'Serious hazard: tell them now, shut off what can be shut off, report at once',
    ),
    relevant: `${ROOT}/serious_count > 0`,
  },
  {
    name: 'notice_given',
    kind: 'select-one',
    label: both('是否已当面告知并留下书面通知？', 'Were they told in person and left a written notice?'),
    choices: { yes: both('是', 'Yes'), no: both('否', 'No') },
    relevant: `${ROOT}/hazard_count > 0`,
    required: REQUIRED,
  },
  { name: 'remark', kind: 'text', label: both('备注', 'Remark'), appearance: 'multiline' },
]

const VERSION = '1'

export const homeSafetyCheck: FormDocument = {
  id: 'home-safety-check',
  version: VERSION,
  title: TITLE,
  xml: writeXForm({
    id: 'home-safety-check',
    version: VERSION,
    root: 'home_safety',
    title: TITLE.zh,
    parts: [...sections, ...closing],
  }),
  hazards: SECTIONS.flatMap((section) =>
    section.items.map(
      ({ name, title, daysToFix }): HazardRule => ({
        item: name,
        path: [section.name, name],
        kind: section.kind,
        title,
        daysToFix,
      }),
    ),
  ),
}
