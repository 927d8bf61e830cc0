import type { DirtCounts } from '@doorstep/core'
import type { Words } from './language.ts'

/** Each kind of dirt: what it is, and what is done about it when the register is read. */
export const DIRT_WORDS: Readonly<Record<keyof DirtCounts, { readonly name: Words; readonly done: Words }>> =
  {
    late: {
      name: ['迟到或乱序', 'late or out of order'],
      done: ['按时间排好', 'put in the order of time'],
    },
    'two-values': {
      name: ['同一时刻两个数', 'two values of one moment'],
      done: ['留合得上的那个', 'the one that fits counts'],
    },
    'negative-step': {
      name: ['读数倒退', 'lower than before'],
      done: ['不算那一个', 'that reading is left out'],
    },
    jump: {
      name: ['跳得太多', 'jumps more than can flow'],
      done: ['不算那一个', 'that reading is left out'],
    },
    rollover: {
      name: ['走满一圈', 'register came round'],
      done: ['按位数接上', 'goes on by its width'],
    },
    'step-back': {
      name: ['末位回走', 'last digits went back'],
      done: ['那一段不说', 'that stretch is not told'],
    },
    'meter-change': {
      name: ['换了表', 'meter changed'],
      done: ['那一段不说', 'that stretch is not told'],
    },
    gap: {
      name: ['一天以上没有读数', 'nothing for over a day'],
      done: ['动过就不说', 'not told, unless it stood still'],
    },
  }
