import type { Role } from '@doorstep/core'
import { type Language, say, type Words } from './language.ts'

/** What roles are called, beside the codes that are typed. */
const ROLES: Readonly<Record<Role, Words>> = {
  chief: ['站长', 'chief'],
  steward: ['管理站', 'steward'],
  worker: ['网格员', 'worker'],
  partner: ['协作单位', 'partner'],
  volunteer: ['志愿者', 'volunteer'],
  auditor: ['审计员', 'auditor'],
  relay: ['转发站', 'relay'],
}

const isKnown = (role: string): role is Role => Object.hasOwn(ROLES, role)

/** A role that a later version has is called by its code. */
export const roleWords = (role: string): Words => (isKnown(role) ? ROLES[role] : [role, role])

/** Where one may be typed after it: the code stands beside the word. */
export const roleText = (role: string, language: Language): string => {
  const word = say(language, roleWords(role))
  return word === role ? role : `${word} ${role}`
}
