/** The status page for those who run a pilot: one page without scripts, in both languages, from facts that name nobody. */
import type { Result } from '@doorstep/core'
import { bytesText } from '../voice/bytes.ts'
import { type Language, plural, say, type Words } from '../voice/language.ts'
import { roleWords } from '../voice/role-words.ts'
import type { HostPort } from './config-values.ts'
import { type Answer, type Asked, type LocalServer, listen, plainText } from './http-server.ts'
import type { StatusFacts } from './status-facts.ts'

export const serveStatusPage = (
  at: HostPort,
  language: Language,
  facts: () => StatusFacts,
): Promise<Result<LocalServer>> => listen(at, (asked) => answer(asked, language, facts))

function answer({ path, query, acceptLanguage }: Asked, usual: Language, facts: () => StatusFacts): Answer {
  const typed = query.get('lang')
  const wanted = typed === 'zh' || typed === 'en' ? typed : preferred(acceptLanguage, usual)
  switch (path) {
    case '/':
      return { status: 200, type: 'text/html; charset=utf-8', body: pageOf(facts(), wanted) }
    case '/style.css':
      return { status: 200, type: 'text/css; charset=utf-8', body: STYLE }
    case '/status.json':
      return {
        status: 200,
        type: 'application/json; charset=utf-8',
        body: `${JSON.stringify(jsonOf(facts()), null, 2)}\n`,
      }
    case '/favicon.ico':
      return { status: 204, type: 'image/x-icon', body: '' }
    default:
      return plainText(404, 'not found\n')
  }
}

const preferred = (header: string, usual: Language): Language => {
  const first = header.split(',')[0]?.trim().toLowerCase() ?? ''
  return first.startsWith('zh') ? 'zh' : first.startsWith('en') ? 'en' : usual
}

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())

const jsonOf = ({ atMs, startedMs, sources, stations, ...facts }: StatusFacts) => ({
  at: iso(atMs),
  startedAt: iso(startedMs),
  ...facts,
  sources: sources.map(({ lastHeardMs, ...source }) => ({ ...source, lastHeardAt: iso(lastHeardMs) })),
  stations: stations.map(({ equalMs, metMs, ...one }) => ({
    ...one,
    equalAt: iso(equalMs),
    metAt: iso(metMs),
  })),
})

const htmlText = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`)

/** Below this much the disk is told of: a full one refuses writes. */
export const LOW_DISK_SHARE = 0.05

function pageOf(facts: StatusFacts, language: Language): string {
  const words = (both: Words) => htmlText(say(language, both))
  const time = (ms: number | null) =>
    ms === null
      ? `<span class="none">${words(['从未', 'never'])}</span>`
      : `<time datetime="${iso(ms)}">${htmlText(agoText(facts.atMs - ms, language))}</time>`
  const { online, silent, never } = facts.devices
  const watched = online + silent + never
  const share = watched === 0 ? null : Math.floor((online / watched) * 100)
  const free = facts.storage.freeBytes / facts.storage.totalBytes
  const other = language === 'zh' ? 'en' : 'zh'
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="30">
<title>${words(['敲门网关', 'Doorstep gateway'])}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header>
<h1>${words(['敲门网关', 'Doorstep gateway'])}</h1>
<p><a href="/?lang=${other}" hreflang="${other}" lang="${other}">${other === 'zh' ? '中文' : 'English'}</a></p>
</header>
<main>
<section class="tiles">
${tile(words(['设备在线', 'Devices online']), share === null ? '–' : `${share}%`, words([`${online}/${watched} 台`, `${online} of ${watched}`]), share !== null && share < 90)}
${tile(words(['失联的设备', 'Silent devices']), String(silent), words([`另有 ${never} 台从未听到`, `${never} more never heard`]), silent > 0)}
${tile(words(['未处理的报警', 'Open alarms']), String(facts.alarmsOpen), '', facts.alarmsOpen > 0)}
${tile(words(['磁盘剩余', 'Disk free']), `${Math.floor(free * 100)}%`, htmlText(bytesText(facts.storage.freeBytes)), free < LOW_DISK_SHARE)}
${tile(words(['时钟', 'Clock']), words(facts.clock.isSet ? ['已对时', 'set'] : ['未对时', 'not set']), words(facts.clock.isOffered ? ['向笔记本报时', 'offered to laptops'] : ['不向笔记本报时', 'not offered to laptops']), !facts.clock.isSet)}
</section>
${section(
  words(['网格', 'Grids']),
  [words(['网格', 'Grid']), words(['住户', 'Households']), words(['设备', 'Devices'])],
  facts.grids.map(({ name, households, devices }) => [htmlText(name), String(households), String(devices)]),
  words(['还没有网格。', 'No grid yet.']),
)}
${section(
  words(['在听什么', 'Sources']),
  [words(['名称', 'Name']), words(['情况', 'State']), words(['上次听到', 'Last heard'])],
  facts.sources.map(({ name, state, lastHeardMs }) => [
    htmlText(name),
    `<span class="${state === 'failing' ? 'bad' : 'good'}">${words(STATES[state])}</span>`,
    time(lastHeardMs),
  ]),
  words(['没有配置线路或传感器。', 'No line and no broker is configured.']),
)}
${section(
  words(['同步', 'Sync']),
  [
    words(['站点', 'Station']),
    words(['角色', 'Role']),
    words(['上次一致', 'Last equal']),
    words(['上次相遇', 'Last met']),
  ],
  facts.stations.map(({ id, role, isHere, equalMs, metMs }) => [
    `<code>${htmlText(id)}</code>${isHere ? ` <span class="good">${words(['在线', 'here now'])}</span>` : ''}`,
    words(roleWords(role)),
    time(equalMs),
    time(metMs),
  ]),
  words(['还没有遇到过别的站点。', 'No other station was met yet.']),
)}
</main>
<footer><p>${words([
    `启动于 ${agoText(facts.atMs - facts.startedMs, 'zh')} · 版本 ${facts.version} · 只有数目,没有任何人的资料`,
    `started ${agoText(facts.atMs - facts.startedMs, 'en')} · version ${facts.version} · counts alone, nothing about anybody`,
  ])}</p></footer>
</body>
</html>
`
}

const STATES: Readonly<Record<'starting' | 'running' | 'failing', Words>> = {
  starting: ['还没听到', 'nothing heard yet'],
  running: ['正常', 'running'],
  failing: ['中断,重试中', 'down, trying again'],
}

const tile = (label: string, value: string, more: string, isBad: boolean): string =>
  `<div class="tile${isBad ? ' alert' : ''}"><h2>${label}</h2><p class="value">${value}</p><p>${more}</p></div>`

function section(
  title: string,
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  none: string,
): string {
  if (rows.length === 0) return `<section><h2>${title}</h2><p class="none">${none}</p></section>`
  const head = heads.map((one) => `<th scope="col">${one}</th>`).join('')
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('\n')
  return `<section><h2>${title}</h2><table><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table></section>`
}

/** Since then, in one unit; a time that lies ahead is now. */
export function agoText(ms: number, language: Language): string {
  const minutes = Math.floor(Math.max(0, ms) / 60_000)
  const hours = Math.floor(minutes / 60)
  const days = Math.floor(hours / 24)
  if (minutes < 1) return say(language, ['刚才', 'just now'])
  if (hours < 1) return say(language, [`${minutes} 分钟前`, `${plural(minutes, 'minute')} ago`])
  if (days < 2) return say(language, [`${hours} 小时前`, `${plural(hours, 'hour')} ago`])
  return say(language, [`${days} 天前`, `${plural(days, 'day')} ago`])
}

const STYLE = `:root{color-scheme:light dark;--line:#8884;--good:#1a7f37;--bad:#b42318}
@media (prefers-color-scheme:dark){:root{--good:#4ac26b;--bad:#ff8a80}}
body{font:16px/1.5 system-ui,"Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif;margin:0 auto;max-width:60rem;padding:1rem}
header{display:flex;justify-content:space-between;align-items:baseline}
h1{font-size:1.4rem;margin:.3rem 0}h2{font-size:1rem;margin:0 0 .3rem}
section{margin:1.2rem 0}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.8rem}
.tile{border:1px solid var(--line);border-radius:.5rem;padding:.7rem .9rem}
.tile p{margin:0}.tile .value{font-size:1.8rem;font-weight:600}
.tile.alert{border-color:var(--bad)}.tile.alert .value{color:var(--bad)}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid var(--line)}
.good{color:var(--good)}.bad{color:var(--bad);font-weight:600}.none{opacity:.7}
footer{opacity:.7;font-size:.9rem}
`
