/** What the resident keeps: what was taken, what came back, and what is still with us. */
import {
  type ErrandCard,
  type ErrandStepRow,
  errandRule,
  errandStateLabel,
  isErrandStep,
} from '@doorstep/core'
import { errandKindText, errandStepName, moneyText, stepDetails, withUsText } from '../voice/errand-text.ts'
import { say, type Words } from '../voice/language.ts'
import { instantOnPaper, type Today } from '../voice/time.ts'
import type { Block, PaperSheet } from './block.ts'

/** The errand, and the step it had come to: a later receipt of the same errand has another number. */
export const receiptNumber = ({ id, steps }: Pick<ErrandCard, 'id' | 'steps'>): string =>
  `${id.slice(0, 11).toUpperCase()}/${steps.length}`

export type ReceiptFrame = {
  readonly now: Today
  readonly size: number
  readonly community: string
  readonly contact: string | null
}

export function receiptPaper(card: ErrandCard, { now, size, community, contact }: ReceiptFrame): PaperSheet {
  const { language, today } = now
  const said = (words: Words) => say(language, words)
  const heading = (words: Words): Block => ({
    type: 'text',
    text: said(words),
    size: size + 2,
    weight: 'strong',
  })
  const things = (words: Words, moves: 'in' | 'out'): Block[] => {
    const steps = card.steps.filter((one) => movesOf(one) === moves && (one.papers.length > 0 || one.fen > 0))
    if (steps.length === 0) return []
    return [
      heading(words),
      ...steps.flatMap((step): Block[] => [
        {
          type: 'text',
          size,
          tone: 'quiet',
          text: `${instantOnPaper(step.atMs, now)}  ${errandStepName(step, language)}  ${step.by.name}`,
        },
        ...step.papers.map((paper): Block => ({ type: 'text', text: `· ${paper}`, size, indent: size })),
        ...(step.fen > 0
          ? [
              {
                type: 'text' as const,
                size,
                indent: size,
                text: `· ${moneyText(step.fen, language)}${step.counted ? said(['(当面点清)', ' (counted in person)']) : ''}${step.receipt ? said([` 票据 ${step.receipt}`, ` receipt ${step.receipt}`]) : ''}`,
              },
            ]
          : []),
      ]),
      { type: 'space', height: size / 2 },
    ]
  }
  return {
    title: said(['代办回执', 'Errand receipt']),
    lead: [said([`编号 ${receiptNumber(card)}`, `No. ${receiptNumber(card)}`])],
    code: null,
    size,
    foot: `${community} · ${receiptNumber(card)} · ${said(['印于', 'printed'])} ${today}`,
    blocks: [
      {
        type: 'pairs',
        size,
        rows: [
          [said(['住户', 'Household']), card.address] as const,
          ...(card.personName ? [[said(['为谁', 'For whom']), card.personName] as const] : []),
          [said(['代办', 'Errand']), `${card.what ?? ''} (${errandKindText(card, language)})`] as const,
          [said(['办到', 'State']), errandStateLabel(card.state, language)] as const,
          ...(card.dueOn ? [[said(['期限', 'Due on']), card.dueOn] as const] : []),
        ],
      },
      { type: 'rule' },
      ...things(['收到', 'Taken'], 'in'),
      ...things(['交出、付出、还回', 'Handed in, paid or given back'], 'out'),
      heading(['现在还在我们这里的', 'Still with us now']),
      {
        type: 'text',
        size,
        weight: 'strong',
        text: withUsText(card, language) || said(['没有了,都清了。', 'Nothing: all is settled.']),
      },
      { type: 'rule' },
      heading(['步骤', 'Steps']),
      ...card.steps.map(
        (step): Block => ({
          type: 'text',
          size,
          text: [
            instantOnPaper(step.atMs, now),
            errandStepName(step, language),
            movesOf(step) === null ? stepDetails(step, language) : '',
          ]
            .filter(Boolean)
            .join('  '),
        }),
      ),
      { type: 'space', height: size },
      {
        type: 'group',
        blocks: [
          {
            type: 'text',
            size,
            text: said([
              '住户签名 ______________    经办人签名 ______________',
              'Resident ______________    Worker ______________',
            ]),
          },
          ...(contact
            ? [
                {
                  type: 'text' as const,
                  size,
                  text: said([`有事请找:${contact}`, `To reach us: ${contact}`]),
                },
              ]
            : []),
        ],
      },
    ],
  }
}

const movesOf = ({ step }: ErrandStepRow): 'in' | 'out' | null =>
  isErrandStep(step) ? (errandRule(step).moves ?? null) : null
