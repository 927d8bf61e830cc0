import type { FormPlace, Question } from '@doorstep/core'
import type { Words } from '../../voice/language.ts'
import { aheadText, weekdayText } from '../dates.ts'
import type { FormScreen } from '../screens.ts'
import { placesOfChoices } from './choice-filter.ts'
import type { Clock } from './typed-date.ts'
import { typedMoment, typedTime } from './typed-date.ts'
import { isNumbers, typedValue, understoodDay } from './typed-value.ts'
import { type Way, wayOf } from './way.ts'

/** One line under every question: how it is answered, or what is understood of what is typed so far. */
export function howTo(place: FormPlace, screen: FormScreen, typed: string, clock: Clock): Words {
  if (place.kind === 'repeat')
    return place.count === 0
      ? ['1 添一组,2 或 ↵ 没有', '1 adds one, 2 or ↵: there is none']
      : [
          '1 再添一组,2 或 ↵ 够了;↓ 选一组,↵ 打开它,x 去掉它',
          '1 adds another, 2 or ↵ goes on; ↓ marks one, ↵ opens it, x removes it',
        ]
  const way = wayOf(place)
  return (
    (typed.trim() === '' ? null : understood(place, typed, clock)) ??
    (way === 'list' || way === 'ticks' ? howToList(place, way, screen) : (plainly(place, way) ?? KINDS[way]!))
  )
}

const KINDS: Readonly<Partial<Record<Way, Words>>> = {
  number: ['按数字键回答', 'A number key answers'],
  numbers: ['按数字键勾选、取消;↵ 下一题', 'Number keys tick and untick; ↵ goes on'],
  order: [
    '按先后打号码;或 ↑↓ 选一项,空格拿起、放下;↵ 就这样',
    'Numbers in order; or ↑↓ mark, space takes up and puts down; ↵ takes it',
  ],
  scale: ['← → 移动,或打数字;↵ 就这样', '← → move it, or type a number; ↵ takes it'],
  typed: ['打字,↵ 下一题', 'Type, then ↵'],
  lines: ['↵ 换行,再按一次 ↵ 就写完', '↵ begins a new line, ↵ once more is done'],
  tick: ['1 或 ↵ 确认', '1 or ↵ confirms'],
  told: ['↵ 继续', '↵ to go on'],
  none: ['这种题在这里答不了,↵ 跳过', 'This kind of question cannot be answered here; ↵ skips it'],
}

/** What is particular to a kind. */
function plainly({ kind, appearances, media, required }: Question, way: Way): Words | null {
  const blank: Words = required ? ['', ''] : [';空着 ↵ 不填', '; ↵ leaves it blank']
  const said = (zh: string, en: string): Words => [zh + blank[0], en + blank[1]]
  if (way === 'file')
    return {
      image: said('打照片的路径,如 ~/door.jpg', 'Path of a photo, like ~/door.jpg'),
      signature: said('打签名图片的路径,如 ~/sign.png', 'Path of a signature image, like ~/sign.png'),
      audio: said('打录音的路径,如 ~/talk.m4a', 'Path of a recording, like ~/talk.m4a'),
      video: said('打视频的路径,如 ~/stairs.mp4', 'Path of a video, like ~/stairs.mp4'),
      file: said('打文件的路径(PDF、图片、录音)', 'Path of a file (PDF, image, recording)'),
    }[media ?? 'file']
  switch (kind) {
    case 'integer':
      return said('打整数', 'A whole number')
    case 'decimal':
      return said('打数字,可带小数点', 'A number, with decimals if need be')
    case 'date':
      if (appearances.includes('year')) return said('打年份,如 2026', 'A year, like 2026')
      if (appearances.includes('month-year'))
        return said('打年月,如 202611;11 是今年11月', 'Year and month, like 202611; 11 is of this year')
      return said(
        '3-5 是3月5日,今天、昨天、周五,+7 七天后,-3 三天前',
        '3-5 is 5 March; today, fri, +7 in a week, -3 ago',
      )
    case 'time':
      return said('打时间:1430、9:05、下午2点半,现在', 'A time: 1430, 9:05, 2:30pm, now')
    case 'datetime':
      return said('打日期和时间:昨天 1430、11-26 9:30,现在', 'Day and time: yesterday 1430, 11-26 9:30, now')
    case 'geopoint':
      return said(
        '纬度,经度,如 31.2304,121.4737;可再加海拔和 ±精度(米)',
        'Latitude,longitude: 31.2304,121.4737; then altitude and ±accuracy, m',
      )
    case 'geotrace':
    case 'geoshape':
      return said('几个地点,用 ; 隔开', 'Several places, with ; between them')
    case 'barcode':
      return said('用扫码枪扫,或打字', 'Scan it, or type it')
    case 'text':
      if (way === 'lines') return null
      return appearances.includes('numbers')
        ? said('打号码:数字和 + - . # *', 'A number: digits and + - . # *')
        : said('打字,↵ 下一题', 'Type, then ↵')
    default:
      return null
  }
}

function howToList({ choices }: Question, way: Way, screen: FormScreen): Words {
  const typed = (screen.entry ?? '').trim()
  const many = choices.length
  if (typed !== '') {
    const fit = placesOfChoices(choices, typed).length
    return way === 'ticks'
      ? [`${many} 项里有 ${fit} 项;↑↓ 选,↵ 勾上它`, `${fit} of ${many}; ↑↓ mark, ↵ ticks it`]
      : [`${many} 项里有 ${fit} 项;↑↓ 选,↵ 就是它`, `${fit} of ${many}; ↑↓ mark, ↵ takes it`]
  }
  return way === 'ticks'
    ? [
        `${many} 项:打几个字或号码来找,↵ 勾上;或 ↓ 选,空格勾;↵ 下一题`,
        `${many}: type to find, ↵ ticks; or ↓ marks, space ticks; ↵ goes on`,
      ]
    : [
        `${many} 项:打几个字、拼音首字母或号码来找,或 ↓ 选;↵ 就是它`,
        `${many}: type a few letters or its number, or ↓ marks; ↵ takes it`,
      ]
}

/** What is typed, said back before it is taken. */
function understood(question: Question, typed: string, clock: Clock): Words | null {
  const { kind, appearances } = question
  switch (kind) {
    case 'date': {
      const day = understoodDay(appearances, typed, clock)
      if (!day) return null
      if (appearances.includes('year')) return [`= ${day.slice(0, 4)}年`, `= ${day.slice(0, 4)}`]
      if (appearances.includes('month-year'))
        return [`= ${day.slice(0, 4)}年${Number(day.slice(5, 7))}月`, `= ${day.slice(0, 7)}`]
      return dayWords(day, clock)
    }
    case 'time': {
      const time = typedTime(typed, clock)
      return time ? [`= ${time}`, `= ${time}`] : null
    }
    case 'datetime': {
      const moment = typedMoment(typed, clock)
      if (!moment) return null
      const [day = '', time] = moment.split('T')
      const [zh, en] = dayWords(day, clock)
      return [`${zh} ${time}`, `${en} ${time}`]
    }
    case 'integer':
    case 'decimal': {
      const number = Number(typedValue(question, typed, clock))
      if (!appearances.includes('thousands-sep') || !Number.isFinite(number)) return null
      const text = number.toLocaleString('en-US', { maximumFractionDigits: 20 })
      return [`= ${text}`, `= ${text}`]
    }
    case 'text':
      return appearances.includes('numbers') && !isNumbers(typed)
        ? ['这里只要数字和 + - . # *', 'Only digits and + - . # * here']
        : null
    default:
      return null
  }
}

const dayWords = (day: string, { today }: Clock): [zh: string, en: string] => [
  `= ${day} ${weekdayText(day, 'zh')},${aheadText(day, today, 'zh')}`,
  `= ${day} ${weekdayText(day, 'en')}, ${aheadText(day, today, 'en')}`,
]
