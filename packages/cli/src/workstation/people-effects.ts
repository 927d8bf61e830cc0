import {
  addPerson,
  mergeRecords,
  moveOut,
  type Problem,
  sayNotSame,
  setAway,
  setReturned,
  undoResidence,
} from '@doorstep/core'
import { actText, warningsText } from '../voice/person-text.ts'
import type { Desk } from './desk.ts'
import type { Effect } from './state.ts'
import { typedResident } from './typed-resident.ts'

export type PeopleEffect = Extract<
  Effect,
  { type: 'add-person' | 'move-out' | 'away' | 'take-back' | 'merge' | 'not-same' }
>

/** Who lives at a door, as it is said there. */
export async function people(desk: Desk, effect: PeopleEffect): Promise<void> {
  const { station } = desk
  switch (effect.type) {
    case 'add-person': {
      const { badId, fields, ...details } = typedResident(effect.text)
      if (badId)
        return desk.fail({
          type: 'invalid-field',
          record: 'person',
          field: 'idNumber',
          rule: 'id-number-check',
        })
      if (fields.name === undefined)
        return desk.fail({ type: 'invalid-field', record: 'person', field: 'name', rule: 'required' })
      const added = await addPerson(station, { household: effect.household, fields, ...details })
      if (!added.ok) return desk.fail(added.problem)
      const { warnings } = added.value
      const said = (language: 'zh' | 'en') =>
        warnings.length === 0 ? '' : `  ${warningsText('person', warnings, language).replaceAll('\n', '  ')}`
      return saved(desk, [`已登记${said('zh')}`, `Registered${said('en')}`])
    }
    case 'move-out': {
      const { person, household, destination } = effect
      const out = await moveOut(station, { person, household, destination })
      return settle(desk, out, ['已记下:搬走。z 撤回', 'Noted: moved out. z takes it back'])
    }
    case 'away': {
      const { person, household, back } = effect
      const changed = await (back ? setReturned : setAway)(station, { person, household })
      return settle(desk, changed, back ? ['已记下:回来了', 'Noted: back'] : ['已记下:外出', 'Noted: away'])
    }
    case 'take-back': {
      const undone = await undoResidence(station, { person: effect.person, reason: effect.reason })
      if (!undone.ok) return desk.fail(undone.problem)
      const what = undone.value.undone
      return saved(desk, [`已撤回:${actText(what, 'zh')}`, `Taken back: ${actText(what, 'en')}`])
    }
    case 'merge': {
      const { keep, other, take } = effect
      const reason = '门口核对:同一个人'
      const merged = await mergeRecords(station, { type: 'person', keep, other, take, reason })
      return left(desk, merged, [
        '已合并,两条都留着,可以分开',
        'Merged; both are kept and can be taken apart',
      ])
    }
    case 'not-same': {
      const { one, other } = effect
      const noted = await sayNotSame(station, { type: 'person', one, other, reason: '门口核对:不是同一个人' })
      return left(desk, noted, ['已记下:不是同一个人', 'Noted: not the same'])
    }
  }
}

type Done = { readonly ok: true } | { readonly ok: false; readonly problem: Problem }

const settle = (desk: Desk, done: Done, words: readonly [string, string]): void =>
  done.ok ? saved(desk, words) : desk.fail(done.problem)

function saved(desk: Desk, words: readonly [string, string]): void {
  desk.refresh()
  desk.dispatch({ type: 'resident-saved', words })
}

function left(desk: Desk, done: Done, words: readonly [string, string]): void {
  if (!done.ok) return desk.fail(done.problem)
  desk.refresh()
  desk.dispatch({ type: 'done', words, leave: true })
}
