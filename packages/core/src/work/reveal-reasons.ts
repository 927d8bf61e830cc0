/** Reasons that need no typing. What somebody writes instead is kept as it is. */
export const revealReasons = {
  contact: ['要联系本人或家属', 'To reach the person or family'],
  emergency: ['紧急情况', 'Emergency'],
  verify: ['核对身份', 'To verify who it is'],
  correct: ['更正登记', 'To correct the register'],
  request: ['本人要求', 'The person asked'],
  duty: ['法定协查', 'Required by law'],
} as const satisfies Record<string, readonly [zh: string, en: string]>
export type RevealReason = keyof typeof revealReasons

export const isRevealReason = (text: unknown): text is RevealReason =>
  typeof text === 'string' && Object.hasOwn(revealReasons, text)
