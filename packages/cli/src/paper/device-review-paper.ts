/** The quarterly review on paper, for the meeting that talks it over: a device a block, with room for what is said. */
import type { DeviceReview, RecordSet } from '@doorstep/core'
import { reviewChoices } from '@doorstep/core'
import { reviewText } from '../voice/device-review-text.ts'
import { type Language, say } from '../voice/language.ts'
import type { Block, PaperSheet } from './block.ts'

export function deviceReviewPaper(
  set: RecordSet,
  reviews: readonly DeviceReview[],
  frame: {
    readonly quarter: string
    readonly size: number
    readonly community: string
    readonly today: string
    readonly language: Language
  },
): PaperSheet {
  const { quarter, size, community, today, language } = frame
  const choices = Object.values(reviewChoices).map((words) => say(language, words))
  return {
    title: say(language, [`设备季度评估 ${quarter}`, `Review of devices ${quarter}`]),
    lead: [
      say(language, [
        `${reviews.length} 台。建议按写明的标准得出;住户的话先听;站长决定。`,
        `${reviews.length} devices. What is proposed follows from written norms; residents are heard first; the chief decides.`,
      ]),
    ],
    code: null,
    size,
    foot: `${community} · ${quarter} · ${say(language, ['印于', 'printed on'])} ${today}`,
    blocks: reviews.flatMap((one): Block[] => {
      const [head = '', ...lines] = reviewText(set, one, language).split('\n')
      return [
        {
          type: 'group',
          blocks: [
            { type: 'text', text: head, size: size + 1, weight: 'strong' },
            {
              type: 'pairs',
              size,
              rows: lines.map((line) => {
                const [label = '', ...rest] = line.split(/ {2,}/)
                return [label, rest.join('  ')] as const
              }),
            },
            { type: 'boxes', size, labels: choices },
            { type: 'rule' },
          ],
        },
      ]
    }),
  }
}
