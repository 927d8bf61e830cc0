/**
 * What a form takes from the register and gives back to it, as its binds say: `doorstep:from="household.mind"`,
 * `doorstep:save="person.phone"`, and `doorstep:blank="clear"` where a blank answer clears the field. In an XLSForm
 * these are columns `bind::doorstep:from` and so on.
 */
import type { Value } from '../record/change.ts'
import { checkField } from '../record/define.ts'
import { definitionOf } from '../records/registry.ts'
import { looksMasked } from '../work/mask.ts'
import { type AnswerValue, nodeValue } from './answer-value.ts'
import { leavesOf } from './engine-nodes.ts'
import type { FormCore } from './form-core.ts'
import type { FormProblem } from './form-problem.ts'
import { choicesOf, isQuestion, kindOf, pathOf, problemOf } from './question.ts'

export const RULES_NAMESPACE = 'urn:doorstep:forms'

/** Records a form can be about: the household, its dwelling, and one of its people. */
export type RuledType = 'household' | 'dwelling' | 'person'
export type RegisterField = {
  readonly type: RuledType
  readonly name: string
  /** A set, such as tags: answered by a question with several choices. */
  readonly isSet: boolean
}
export type FormRule = {
  /** Of the question, as its bind names it. */
  readonly nodeset: string
  readonly from: RegisterField | null
  readonly save: RegisterField | null
  /** A blank answer clears the field; otherwise it leaves what is known. */
  readonly clears: boolean
}
export type RuleProblem = {
  readonly type: 'rule-unknown-field' | 'rule-unfit'
  readonly where: string
  readonly reason: string
  /** The field, or the rule. */
  readonly about: string
}

const TYPES: readonly string[] = ['household', 'dwelling', 'person'] satisfies RuledType[]
const ATTRIBUTES = ['from', 'save', 'blank'] as const

/** Rules that can be followed, and what is wrong with the others. */
export function readRules(document: Document): {
  readonly rules: readonly FormRule[]
  readonly problems: readonly RuleProblem[]
} {
  const rules: FormRule[] = []
  const problems: RuleProblem[] = []
  const repeats = [...document.querySelectorAll('repeat')].flatMap((one) => one.getAttribute('nodeset') ?? [])
  for (const bind of document.querySelectorAll('bind')) {
    const given = attributesOf(bind)
    if (given.size === 0) continue
    const nodeset = bind.getAttribute('nodeset') ?? ''
    const found = readRule(nodeset, given, bind.getAttribute('type') ?? 'string', repeats)
    if ('reason' in found) problems.push({ ...found, where: pathOf(nodeset) })
    else rules.push(found)
  }
  return { rules, problems }
}

function attributesOf(bind: Element): ReadonlyMap<string, string> {
  const given = new Map<string, string>()
  for (const { localName, prefix, namespaceURI, value } of bind.attributes)
    if (prefix === 'doorstep' || namespaceURI === RULES_NAMESPACE) given.set(localName, value.trim())
  return given
}

function readRule(
  nodeset: string,
  given: ReadonlyMap<string, string>,
  type: string,
  repeats: readonly string[],
): FormRule | Omit<RuleProblem, 'where'> {
  const unfit = (reason: string, about: string) => ({ type: 'rule-unfit', reason, about }) as const
  const unknown = [...given.keys()].find((name) => !ATTRIBUTES.some((one) => one === name))
  if (unknown)
    return unfit(
      `there is no rule doorstep:${unknown}; there are ${ATTRIBUTES.join(', ')}`,
      `doorstep:${unknown}`,
    )
  if (repeats.some((one) => nodeset.startsWith(`${one}/`)))
    return unfit('a question that repeats cannot take from or save to one record', [...given.values()][0]!)
  const blank = given.get('blank')
  if (blank !== undefined && blank !== 'clear')
    return unfit('doorstep:blank can only be clear', 'doorstep:blank')
  const fields: Partial<Record<'from' | 'save', RegisterField>> = {}
  for (const way of ['from', 'save'] as const) {
    const name = given.get(way)
    if (name === undefined) continue
    const field = registerField(name)
    if (!field)
      return {
        type: 'rule-unknown-field',
        reason: `doorstep:${way}: there is no field ${name} in the register`,
        about: name,
      }
    const wrong = unfitness(field, way, type)
    if (wrong) return unfit(wrong, `doorstep:${way}="${name}"`)
    fields[way] = field
  }
  if (blank !== undefined && !fields.save)
    return unfit('doorstep:blank needs doorstep:save', 'doorstep:blank')
  return { nodeset, from: fields.from ?? null, save: fields.save ?? null, clears: blank === 'clear' }
}

function registerField(text: string): RegisterField | null {
  const [type = '', name = '', ...more] = text.split('.')
  const definition = TYPES.includes(type) && more.length === 0 ? definitionOf(type) : undefined
  if (!definition) return null
  const isSet = Object.hasOwn(definition.sets ?? {}, name)
  return isSet || Object.hasOwn(definition.fields, name) ? { type: type as RuledType, name, isSet } : null
}

/** Which types of a bind hold a field of this type; text holds anything that is a text in XML. */
const HOLDERS: Readonly<Record<string, readonly string[]>> = {
  text: ['string', 'barcode', 'int', 'decimal', 'date'],
  choice: ['string'],
  date: ['date'],
  integer: ['int'],
  number: ['int', 'decimal'],
}

function unfitness({ type, name, isSet }: RegisterField, way: 'from' | 'save', bind: string): string | null {
  if (isSet) return bind === 'string' ? null : `several values do not fit a question of type ${bind}`
  const field = definitionOf(type)!.fields[name]!
  if (field.derived || !HOLDERS[field.type])
    return way === 'save' ? 'it is not written by forms' : 'it is nothing a form can show'
  return HOLDERS[field.type]!.includes(bind)
    ? null
    : `a ${field.type} does not fit a question of type ${bind}`
}

/** Choices that the field would not take. Lists that depend on other answers are judged when they are answered. */
export function unfitChoices(core: FormCore): RuleProblem[] {
  return ruledLeaves(core).flatMap(({ rule, node }): RuleProblem[] => {
    const { save } = rule
    if (!save || !isQuestion(node)) return []
    const where = pathOf(node.currentState.reference)
    const several = kindOf(node) === 'select-many'
    if (save.isSet !== several)
      return [
        {
          type: 'rule-unfit',
          where,
          about: `${save.type}.${save.name}`,
          reason: save.isSet
            ? `${save.type}.${save.name} needs a question with several choices`
            : `several choices do not fit ${save.type}.${save.name}`,
        },
      ]
    if (save.isSet) return []
    const bad = choicesOf(node).filter((one) => !takes(save, one.value))
    if (bad.length === 0) return []
    const reason = `${save.type}.${save.name} does not take ${bad.map((one) => one.value).join(', ')}`
    return [{ type: 'rule-unfit', where, reason, about: `${save.type}.${save.name}` }]
  })
}

const takes = ({ type, name }: RegisterField, value: Value): boolean =>
  checkField(definitionOf(type)!, name, value).ok

/** An answer to a question with a rule. */
export type RuledAnswer = {
  readonly rule: FormRule
  readonly ref: string
  readonly path: string
  readonly label: string
  /** Null when blank, or not asked. */
  readonly value: AnswerValue | null
  readonly relevant: boolean
}

export const ruledAnswers = (core: FormCore): readonly RuledAnswer[] =>
  ruledLeaves(core).map(({ rule, node }) => ({
    rule,
    ref: node.currentState.reference,
    path: pathOf(node.currentState.reference),
    label: node.currentState.label?.asString.trim() || node.definition.qualifiedName.localName,
    value: node.currentState.relevant ? nodeValue(node) : null,
    relevant: node.currentState.relevant,
  }))

function ruledLeaves(core: FormCore) {
  if (core.rules.length === 0) return []
  const rules = new Map(core.rules.map((rule) => [rule.nodeset, rule]))
  return [...leavesOf(core.root)].flatMap((node) => {
    const rule = rules.get(node.definition.nodeset)
    return rule ? [{ rule, node }] : []
  })
}

/** Answers that the register would not take, while the form itself has nothing against them. */
export function ruleProblems(core: FormCore): FormProblem[] {
  return ruledLeaves(core).flatMap(({ rule: { save }, node }) => {
    const value = node.currentState.relevant ? nodeValue(node) : null
    if (!save || save.isSet || value === null) return []
    const field = fieldValue(save, value)
    const masked = looksMasked(save.type, save.name, field)
    const checked = checkField(definitionOf(save.type)!, save.name, field)
    if (checked.ok && !masked) return []
    const rule = checked.ok ? 'masked' : checked.problem.rule
    const reason = `the register does not take this as ${save.type}.${save.name}: ${rule}`
    return [problemOf(node, 'answer-unfit-for-record', reason, { of: save.type, field: save.name, rule })]
  })
}

/** An answer as the field holds it. Texts of phones and names are trimmed; a set is a list. */
export function fieldValue({ type, name }: RegisterField, answer: AnswerValue): Value {
  if (Array.isArray(answer)) return answer.map(String)
  const field = definitionOf(type)?.fields[name]
  if (field?.type === 'integer' || field?.type === 'number') return Number(answer)
  return String(answer).trim()
}
