import { dimensions, measures, ratios, type TemplateFault, type TemplateRow } from '@doorstep/core'
import { bytesText } from './bytes.ts'
import { type Language, plural, say, type Words } from './language.ts'
import { ruleWords } from './rule-words.ts'
import { table } from './table.ts'
import { instantWords, type Today } from './time.ts'
import { type Detail, of } from './wording.ts'

const MEASURES = 'doorstep template measures'

const RULES: Readonly<Record<string, (d: Detail) => Words>> = {
  'empty-expression': () => ['{{ }} 里没有字', 'there is nothing between {{ and }}'],
  'braces-not-closed': () => ['{{ 没有配上 }}', '{{ without its }}'],
  'in-a-formula': () => [
    '公式里不能写 {{ }};请写在单独的格子里,再用公式引用',
    '{{ }} cannot stand in a formula; put it in a cell of its own and refer to that',
  ],
  'quote-not-closed': () => ['引号没有配上', 'a quotation mark without its other'],
  'no-such-measure': (d) => [
    `没有“${of(d, 'found')}”这个数;有哪些:${MEASURES}`,
    `there is no measure "${of(d, 'found')}"; see ${MEASURES}`,
  ],
  'measure-missing': () => [
    `要写一个数的名称;有哪些:${MEASURES}`,
    `the name of a measure is missing; see ${MEASURES}`,
  ],
  'no-such-dimension': (d) => [
    `每个后面没有“${of(d, 'found')}”;可用:${dimensionNames(0)}`,
    `there is no each of "${of(d, 'found')}"; there are: ${dimensionNames(1)}`,
  ],
  'dimension-missing': () => [
    `每个后面要写:${dimensionNames(0)}`,
    `"each" is followed by one of: ${dimensionNames(1)}`,
  ],
  'of-missing': () => ['百分比要写 占(percent A of B)', 'percent is written: percent A of B'],
  'no-such-filter': (d) => [
    `不能按“${of(d, 'found')}”筛选${of(d, 'allowed') && `;可用:${of(d, 'allowed')}`}`,
    `it cannot be filtered by "${of(d, 'found')}"${of(d, 'allowed') && `; it can by: ${of(d, 'allowed')}`}`,
  ],
  'filter-missing': () => ['条件后面要写 名称=值', 'after where stands NAME=VALUE'],
  'filter-twice': (d) => [
    `“${of(d, 'found')}”写了两次;几个值用 | 隔开`,
    `"${of(d, 'found')}" stands there twice; several values are parted by |`,
  ],
  'equals-missing': (d) => [`“${of(d, 'found')}”后面少了 =`, `"${of(d, 'found')}" without =`],
  'value-missing': (d) => [`“${of(d, 'found')}=”后面少了值`, `"${of(d, 'found')}=" without a value`],
  'not-understood': (d) => [`看不懂“${of(d, 'found')}”`, `"${of(d, 'found')}" is not understood`],
  'no-such-month': (d) => [
    `“${of(d, 'found')}”不是月份;可写 本月、上月、2026-11`,
    `"${of(d, 'found')}" is no month; write this, last or 2026-11`,
  ],
  'no-such-value': (d) => [
    `没有“${of(d, 'found')}”这个值;有:${of(d, 'allowed')}`,
    `there is no value "${of(d, 'found')}"; there are: ${of(d, 'allowed')}`,
  ],
  'two-each-in-row': () => ['一行只能有一个 每个(each)', 'a row has one each'],
  'not-told-apart': (d) => [
    `“${of(d, 'found')}”不能分到每个 ${of(d, 'value')}`,
    `${of(d, 'found')} is not told apart by ${of(d, 'value')}`,
  ],
}

const dimensionNames = (language: 0 | 1): string =>
  Object.values(dimensions)
    .map(({ label }) => label[language])
    .join(language === 0 ? '、' : ', ')

/** `月报!B4 {{vists}}:…`: where it is, what stands there, what is wrong with it. */
export function templateFaultWords(fault: Detail): Words {
  const rule = of(fault, 'rule')
  const [zh, en] = RULES[rule]?.(fault) ?? ruleWords(rule, fault)
  const place = `${of(fault, 'sheet')}!${of(fault, 'cell')}  ${of(fault, 'text')}`
  return [`${place}:${zh}`, `${place}: ${en}`]
}

const LOST: Readonly<Record<string, Words>> = {
  charts: ['图表', 'charts'],
  'pivot-tables': ['数据透视表', 'pivot tables'],
  macros: ['宏', 'macros'],
  controls: ['控件', 'controls'],
  slicers: ['切片器', 'slicers'],
}

export function templateCheckText(
  check: { cells: number; faults: readonly TemplateFault[]; lost: readonly string[] },
  language: Language,
): string {
  const { cells, faults, lost } = check
  return [
    ...faults.map((fault) => say(language, templateFaultWords(fault as unknown as Detail))),
    ...(lost.length > 0
      ? [
          say(language, [
            `填好的文件里不会有:${lost.map((one) => LOST[one]?.[0] ?? one).join('、')}。`,
            `The filled-in file will be without: ${lost.map((one) => LOST[one]?.[1] ?? one).join(', ')}.`,
          ]),
        ]
      : []),
    say(
      language,
      faults.length > 0
        ? [`有 ${faults.length} 处要改。`, `${plural(faults.length, 'place')} to put right.`]
        : cells === 0
          ? ['没有要填的格子:在格子里写 {{ }}。', 'No cell is to be filled in: write {{ }} in cells.']
          : [`可以用:${cells} 个格子要填。`, `It is sound: ${plural(cells, 'cell')} to fill in.`],
    ),
  ].join('\n')
}

export function templatesText(
  rows: readonly TemplateRow[],
  now: Today,
  memberOf: (id: string) => string,
): string {
  const { language } = now
  if (rows.length === 0)
    return say(language, [
      '还没有报表模板。加一个:doorstep template add FILE',
      'No report templates yet. Add one: doorstep template add FILE',
    ])
  return table(
    [
      say(language, ['名称', 'Name']),
      say(language, ['大小', 'Size']),
      say(language, ['谁加的', 'Added by']),
      say(language, ['时间', 'When']),
      '',
    ],
    rows.map(({ name, bytes, by, addedAtMs, whole }) => [
      name,
      bytesText(bytes),
      memberOf(by),
      instantWords(addedAtMs, now),
      whole ? '' : say(language, ['还没到齐', 'not all of it is here yet']),
    ]),
  )
}

/** Everything that may stand between the braces: each with its words of both languages, and what it can be told apart by. */
export function measuresText(language: Language): string {
  const at = language === 'zh' ? 0 : 1
  const dimension = (name: string) => dimensions[name as keyof typeof dimensions]
  const entry = (name: string, zh: string, label: Words, filters: readonly string[]) =>
    `${name}  ${zh}\n  ${label[at]}\n  ${filters.map((one) => (at === 0 ? dimension(one).label[0] : one)).join(' ')}`
  const value = (code: string, words: Words) =>
    code === words[0] ? code : at === 0 ? `${words[0]} ${code}` : code
  return [
    ...Object.entries(measures).map(([name, { words, label, filters }]) =>
      entry(name, words[0], label, filters),
    ),
    ...Object.entries(ratios).map(([name, { words, label, whole }]) =>
      entry(name, words[0], label, measures[whole.measure].filters),
    ),
    say(language, [
      '都可加 月=本月|上月|2026-11(不写就是报表的月份),或 起=、止= 日期(起=年初)。',
      'All take month=this, last or 2026-11 (the month of the report unless told), or from= and until= days (from=year).',
    ]),
    Object.entries(dimensions)
      .map(([name, { label, choices }]) => {
        const values = Object.entries((choices ?? {}) as Readonly<Record<string, Words>>)
        const told = values.map(([code, words]) => value(code, words)).join(', ')
        return `${name}=  ${label[0]}=  ${told || say(language, ['名称', 'its name'])}`
      })
      .join('\n'),
    say(language, [
      '{{探访次数 条件 月=本月, 结果=见到本人}}\n{{覆盖率 条件 类别=低保}}\n{{百分比 A 占 B}}\n{{每个 网格}}  这一行每个网格一行\n{{社区}} {{月份}} {{开始日期}} {{结束日期}} {{制表日期}} {{制表人}}',
      '{{visits where month=this, outcome=met}}\n{{coverage where category=low-income}}\n{{percent A of B}}\n{{each grid}}  repeats the row\n{{community}} {{month}} {{from}} {{until}} {{today}} {{maker}}',
    ]),
  ].join('\n\n')
}
