/**
 * Functions that other systems added to XPath and many forms use, said in those the engine has. Dates reckon as the
 * Community Health Toolkit documents them: whole months between two days; days beyond a month's end run on into the
 * next.
 */
import { replaceCalls } from './calls.ts'

const year = (day: string) => `number(format-date(date(${day}),'%Y'))`
const month = (day: string) => `number(format-date(date(${day}),'%n'))`
const dayOfMonth = (day: string) => `number(format-date(date(${day}),'%e'))`
const unlessEmpty = (given: readonly string[], then: string) =>
  `if(${given.map((one) => `string(${one})=''`).join(' or ')},'',${then})`
const days = (from: string, to: string) =>
  `(int(decimal-date-time(date(${to}))+0.5)-int(decimal-date-time(date(${from}))+0.5))`

function months(from: string, to: string): string {
  const partial = `if(${dayOfMonth(to)}<${dayOfMonth(from)},1,0)`
  return `((${year(to)}-${year(from)})*12+${month(to)}-${month(from)}-${partial})`
}

function addDate(day: string, added: readonly string[]): string {
  const [y = '0', m = '0', d = '0', hours, minutes] = added.map((one) => `number(${one})`)
  const total = `(${year(day)}*12+${month(day)}-1+${y}*12+${m})`
  const padded = `substring(string(101+${total} mod 12),2)`
  const first = `concat(string(floor(${total} div 12)),'-',${padded},'-01')`
  const at = `decimal-date-time(date(${first}))+${dayOfMonth(day)}-1+${d}`
  if (hours === undefined) return `date(${at})`
  return `date-time(${at}+decimal-time(format-date-time(date-time(${day}),'%H:%M:%S'))+${hours} div 24+${minutes ?? '0'} div 1440)`
}

type Rewrite = {
  readonly least: number
  readonly most: number
  readonly write: (given: readonly string[]) => string
}
const between = (write: (from: string, to: string) => string): Rewrite => ({
  least: 2,
  most: 2,
  write: ([from, to]) => unlessEmpty([from!, to!], write(from!, to!)),
})

const REWRITES: Readonly<Record<string, Rewrite>> = {
  'difference-in-days': between(days),
  'difference-in-weeks': between((from, to) => `int(${days(from, to)} div 7)`),
  'difference-in-months': between(months),
  'difference-in-years': between((from, to) => `floor(${months(from, to)} div 12)`),
  'add-date': { least: 2, most: 6, write: ([day, ...added]) => unlessEmpty([day!], addDate(day!, added)) },
  'parse-timestamp-to-date': { least: 1, most: 1, write: ([stamp]) => `date-time(${stamp} div 86400000)` },
  /** The engine takes two. */
  coalesce: {
    least: 3,
    most: 99,
    write: (given) => given.reduceRight((rest, one) => `coalesce(${one},${rest})`),
  },
  'strip-whitespace': { least: 1, most: 1, write: ([text]) => `translate(${text},' \t\r\n','')` },
}

const rewriteOf = (name: string): Rewrite | undefined => {
  const bare = name.startsWith('cht:') ? name.slice(4) : name
  return Object.hasOwn(REWRITES, bare) ? REWRITES[bare] : undefined
}

/** Whether a call of this name is rewritten before the engine sees it. */
export const isRewritten = (name: string): boolean => rewriteOf(name) !== undefined

export const rewriteForeign = (expression: string): string =>
  replaceCalls(expression, ({ name, arguments: given }) => {
    const rewrite = rewriteOf(name)
    return rewrite && given.length >= rewrite.least && given.length <= rewrite.most
      ? rewrite.write(given)
      : null
  })

const FOREIGN = new RegExp(`\\b(?:${Object.keys(REWRITES).join('|')})\\s*\\(`)
const ATTRIBUTE = /(\s[\w:.-]+\s*=\s*)("[^"]*"|'[^']*')/g

/** The form as the engine takes it; the text as it is where nothing needs rewriting. */
export function withoutForeign(xml: string): string {
  if (!FOREIGN.test(xml)) return xml
  return xml.replaceAll(ATTRIBUTE, (whole, name: string, quoted: string) => {
    const value = quoted.slice(1, -1)
    if (!FOREIGN.test(value)) return whole
    return `${name}"${encode(rewriteForeign(decode(value)))}"`
  })
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }
const decode = (text: string): string =>
  text.replaceAll(
    /&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi,
    (whole, hex?: string, decimal?: string, name?: string) =>
      hex
        ? String.fromCodePoint(Number.parseInt(hex, 16))
        : decimal
          ? String.fromCodePoint(Number(decimal))
          : (NAMED[name!] ?? whole),
  )
const encode = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replaceAll(/[\t\r\n]/g, (sign) => `&#${sign.charCodeAt(0)};`)
