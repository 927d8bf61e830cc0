import type { MonthReport } from '@doorstep/core'
import type { Language, Words } from '../voice/language.ts'
import { barChart, dayChart } from './chart.ts'
import { both, escaped, HIDDEN, number, share, table } from './html.ts'
import { meterSections } from './meter-sections.ts'
import { coverageBar, plainBar, section } from './section.ts'
import { STYLE } from './style.ts'

/** One page in one file: no network, no script; printed as it is. `language` is the one it opens in. */
export function monthPage(report: MonthReport, madeAt: string, language: Language): string {
  const title: Words = [`${report.community} ${report.month} 月报`, `${report.community}: ${report.month}`]
  const chosen = (one: Language) => (one === language ? ' checked' : '')
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(language === 'zh' ? title[0] : title[1])}</title>
<style>${STYLE}</style>
</head>
<body>
<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="#d9e6e6"/><line x1="0" y1="0" x2="0" y2="6" stroke="#0b6b6b" stroke-width="1.2"/></pattern></defs></svg>
<input class="switch" type="radio" name="language" id="zh"${chosen('zh')}><input class="switch" type="radio" name="language" id="en"${chosen('en')}>
<div class="languages"><label for="zh" lang="zh">中文</label><label for="en" lang="en">English</label></div>
<main>
${head(report, title, madeAt)}
${figures(report)}
${sections(report).join('\n')}
</main>
</body>
</html>
`
}

function head({ period, asOf, limit, grids }: MonthReport, title: Words, madeAt: string): string {
  const names = grids.map(({ grid }) => grid)
  return [
    `<h1>${both(title)}</h1>`,
    `<p>${both([
      `${period.from} 至 ${period.until};到期与未结是 ${asOf} 的情况。网格:${names.join('、')}。`,
      `${period.from} to ${period.until}; what is due or open is as of ${asOf}. Grids: ${names.join(', ')}.`,
    ])}</p>`,
    `<p class="soft">${both([
      `${HIDDEN} 为不公开的数:涉及居民的 1 至 ${limit - 1},以及会让人推算出它的数。做表时间 ${madeAt}。`,
      `${HIDDEN} stands for numbers that are not given: 1 to ${limit - 1} about residents, and those from which one could be computed. Made at ${madeAt}.`,
    ])}</p>`,
  ].join('\n')
}

function figures({ total, caseTotal }: MonthReport): string {
  const one = (value: string, label: Words) => `<div><b>${escaped(value)}</b>${both(label)}</div>`
  return `<div class="figures">${[
    one(number(total.visits), ['探访', 'visits']),
    one(number(total.met), ['见到人', 'met somebody']),
    one(share(total.percent, total.households), ['住户已访', 'of households visited']),
    one(number(total.overdue), ['户逾期未访', 'households overdue']),
    one(number(caseTotal.open), ['案件未结', 'cases open']),
    one(number(caseTotal.closed), ['案件办结', 'cases closed']),
  ].join('')}</div>`
}

function sections(report: MonthReport): string[] {
  const {
    grids,
    workers,
    days,
    overdue,
    categories,
    caseStates,
    caseKinds,
    caseTotal,
    ages,
    unheard,
    total,
  } = report
  const all: Words = ['合计', 'All']
  return [
    section(
      ['各网格进度', 'Progress by grid'],
      [
        ['已访', 'visited'],
        ['还没有', 'not yet'],
      ],
      barChart(
        ['各网格已访户数', 'Households visited in each grid'],
        grids.map((row) => coverageBar([row.grid, row.grid], row)),
      ),
      table(
        [
          ['网格', 'Grid'],
          ['住户', 'Households'],
          ['已访', 'Visited'],
          ['覆盖', 'Coverage'],
          ['探访', 'Visits'],
          ['应访', 'Due'],
          ['逾期', 'Overdue'],
        ],
        [...grids.map((row) => ({ name: row.grid as Words | string, row })), { name: all, row: total }].map(
          ({ name, row }) => [
            name,
            number(row.households),
            number(row.visited),
            share(row.percent, row.households),
            number(row.visits),
            number(row.due),
            number(row.overdue),
          ],
        ),
      ),
    ),
    section(
      ['各网格员', 'By worker'],
      [
        ['见到人', 'met'],
        ['没见到', 'not met'],
      ],
      barChart(
        ['各网格员的探访', 'Visits of each worker'],
        workers.map(({ worker, visits, met }) => ({
          label: [worker, worker],
          done: met,
          rest: visits - met,
          text: String(visits),
        })),
      ),
      table(
        [
          ['网格员', 'Worker'],
          ['探访', 'Visits'],
          ['见到', 'Met'],
          ['无人', 'Absent'],
          ['拒访', 'Refused'],
        ],
        workers.map(({ worker, visits, met, absent, refused }) => [
          worker,
          ...[visits, met, absent, refused].map(number),
        ]),
      ),
    ),
    section(
      ['每天的探访', 'Visits by day'],
      [
        ['见到人', 'met'],
        ['没见到', 'not met'],
      ],
      dayChart(
        ['每天的探访', 'Visits by day'],
        days.map(({ day, visits, met }) => ({ day, done: met, rest: visits - met })),
      ),
      table(
        [
          ['日期', 'Day'],
          ['探访', 'Visits'],
          ['见到', 'Met'],
        ],
        days.map(({ day, visits, met }) => [day, number(visits), number(met)]),
      ),
    ),
    section(
      ['逾期未访', 'Overdue'],
      null,
      barChart(
        ['逾期未访的住户', 'Households overdue'],
        overdue.map(({ label, households }) => ({
          label,
          done: households,
          rest: 0,
          text: String(households),
        })),
      ),
      table(
        [
          ['逾期', 'Overdue by'],
          ['住户', 'Households'],
        ],
        overdue.map(({ label, households }) => [label, number(households)]),
      ),
    ),
    section(
      ['各类住户的覆盖', 'Coverage by category'],
      [
        ['已访', 'visited'],
        ['还没有', 'not yet'],
      ],
      barChart(
        ['各类住户已访', 'Households visited, by category'],
        categories.map((row) => coverageBar(row.label, row)),
      ),
      table(
        [
          ['类别', 'Category'],
          ['住户', 'Households'],
          ['已访', 'Visited'],
          ['覆盖', 'Coverage'],
        ],
        categories.map((row) => [
          row.label,
          number(row.households),
          number(row.visited),
          share(row.percent, row.households),
        ]),
      ),
    ),
    section(
      ['未结案件在哪一步', 'Open cases by stage'],
      null,
      barChart(
        ['未结案件', 'Open cases'],
        caseStates.map(({ label, cases }) => plainBar(label, cases)),
      ),
      table(
        [
          ['状态', 'Stage'],
          ['案件', 'Cases'],
        ],
        [
          ...caseStates.map(({ label, cases }) => [label, number(cases)] as const),
          [all, number(caseTotal.open)],
        ],
      ),
    ),
    section(
      ['案件与按时办结', 'Cases closed on time'],
      [
        ['按时', 'on time'],
        ['超期或无期限', 'late, or without a limit'],
      ],
      barChart(
        ['各类案件办结', 'Cases closed, by kind'],
        caseKinds.map(({ label, closed, closedOnTime }) =>
          coverageBar(label, { households: closed, visited: closedOnTime }),
        ),
      ),
      table(
        [
          ['种类', 'Kind'],
          ['新开', 'Opened'],
          ['办结', 'Closed'],
          ['按时', 'On time'],
          ['未结', 'Open'],
        ],
        [...caseKinds.map((row) => ({ name: row.label, row })), { name: all, row: caseTotal }].map(
          ({ name, row }) => [
            name,
            number(row.opened),
            number(row.closed),
            number(row.closedOnTime),
            number(row.open),
          ],
        ),
      ),
    ),
    section(
      ['在住人口按年龄', 'Residents by age'],
      null,
      barChart(
        ['在住人口', 'Residents'],
        ages.map(({ age, people }) => plainBar([age, age], people)),
      ),
      table(
        [
          ['年龄', 'Age'],
          ['人', 'People'],
        ],
        ages.map(({ age, people }) => [age, number(people)]),
      ),
    ),
    ...meterSections(report.meters),
    `<h2>${both(['没有同步的机器', 'Who has not synced'])}</h2>${
      unheard.stations.length === 0
        ? `<p>${both([`${unheard.afterDays} 天之内都有消息。`, `All were heard of within ${unheard.afterDays} days.`])}</p>`
        : table(
            [
              ['谁', 'Who'],
              ['机器', 'Machine'],
              ['多久没消息', 'Not heard of for'],
            ],
            unheard.stations.map(({ member, station, days: age }) => [
              member,
              station,
              age === null ? (['从来没有', 'ever'] as const) : ([`${age} 天`, `${age} days`] as const),
            ]),
          )
    }`,
  ]
}
