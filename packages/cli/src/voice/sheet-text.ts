import type { SheetCondition } from '@doorstep/core'
import { type Language, say, type Words } from './language.ts'

/** A condition of a form as a person with a pen reads it: `第 3 题选“有隐患”`, `3 is "Hazard"`. */
export function conditionText(condition: SheetCondition, language: Language): string {
  return say(language, words(condition))
}

type Ref = Extract<SheetCondition, { readonly question: unknown }>['question']

/** The question itself is not named: what stands before says which one it is. */
const named = (question: Ref): Words =>
  question ? [`第 ${question.number} 题`, `${question.number} `] : ['', '']

const COMPARED: Readonly<Record<string, Words>> = {
  '=': ['是', 'is'],
  '!=': ['不是', 'is not'],
  '<': ['小于', 'is less than'],
  '<=': ['不超过', 'is at most'],
  '>': ['大于', 'is more than'],
  '>=': ['至少', 'is at least'],
}
const DAYS: Readonly<Record<string, Words>> = {
  '=': ['就是', 'is'],
  '!=': ['不是', 'is not'],
  '<': ['早于', 'is before'],
  '<=': ['不晚于', 'is not after'],
  '>': ['晚于', 'is after'],
  '>=': ['不早于', 'is not before'],
}

function words(condition: SheetCondition): Words {
  switch (condition.type) {
    case 'all':
    case 'any': {
      const parts = condition.of.map((one) => {
        const inner = words(one)
        const nested = one.type === 'all' || one.type === 'any'
        return nested ? ([`(${inner[0]})`, `(${inner[1]})`] as const) : inner
      })
      const join: Words = condition.type === 'all' ? ['，并且', ' and '] : ['，或者', ' or ']
      return [parts.map(([zh]) => zh).join(join[0]), parts.map(([, en]) => en).join(join[1])]
    }
    case 'not': {
      if (condition.of.type === 'answered') {
        const [zh, en] = named(condition.of.question)
        return [`${zh}没有答`, `${en}is left blank`]
      }
      const [zh, en] = words(condition.of)
      return [`并非(${zh})`, `not (${en})`]
    }
    case 'answered': {
      const [zh, en] = named(condition.question)
      return [`${zh}答了`, `${en}is answered`]
    }
    case 'selected': {
      const [zh, en] = named(condition.question)
      return [`${zh}勾了“${condition.value}”`, `${en}has "${condition.value}" ticked`]
    }
    case 'day': {
      const [zh, en] = named(condition.question)
      const [zhOp, enOp] = DAYS[condition.op]!
      return [`${zh}${zhOp}${dayWords(condition.days)[0]}`, `${en}${enOp} ${dayWords(condition.days)[1]}`]
    }
    case 'compare': {
      const { question, op, value } = condition
      const [zh, en] = named(question)
      if (typeof value === 'string' && (op === '=' || op === '!='))
        return op === '='
          ? [`${zh}选“${value}”`, `${en}is "${value}"`]
          : [`${zh}没有选“${value}”`, `${en}is not "${value}"`]
      const [zhOp, enOp] = COMPARED[op]!
      return [`${zh}${zhOp} ${value}`, `${en}${enOp} ${value}`]
    }
    case 'other': {
      const rule = condition.expression.replaceAll(/(?:\/[\w.:-]+)*\/([\w.:-]+)/g, '$1')
      return [`表单的规则要求(${rule})`, `the form's own rule asks for it (${rule})`]
    }
  }
}

function dayWords(days: number): Words {
  if (days === 0) return ['填表那天', 'the day of filling in']
  const count = Math.abs(days)
  return days > 0
    ? [`填表后 ${count} 天`, `${count} days after filling in`]
    : [`填表前 ${count} 天`, `${count} days before filling in`]
}
