import fc from 'fast-check'
import { expect, it } from 'vitest'
import { expectOk } from '../result.ts'
import { type FormSession, openForm } from './form-session.ts'
import type { Question } from './question.ts'

/** Forms made up by chance: any kinds of questions in any nesting, some of which hang on others. */

const KINDS = [
  'text',
  'int',
  'decimal',
  'date',
  'time',
  'dateTime',
  'geopoint',
  'barcode',
  'one',
  'many',
  'rank',
  'range',
  'trigger',
  'note',
] as const
type Part =
  | { readonly kind: (typeof KINDS)[number]; readonly required: boolean; readonly hangs: boolean }
  | { readonly kind: 'group' | 'repeat'; readonly parts: readonly Part[] }

const { part } = fc.letrec<{ part: Part; leaf: Part }>((tie) => ({
  leaf: fc.record({ kind: fc.constantFrom(...KINDS), required: fc.boolean(), hangs: fc.boolean() }),
  part: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 4, arbitrary: tie('leaf') },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constantFrom('group' as const, 'repeat' as const),
        parts: fc.array(tie('part'), { minLength: 1, maxLength: 4 }),
      }),
    },
  ),
}))
const forms = fc.array(part, { minLength: 1, maxLength: 7 })

const ITEMS = ['a', 'b', 'c'].map((one) => `<item><label>${one}</label><value>${one}</value></item>`).join('')

function xmlOf(parts: readonly Part[]): string {
  const binds: string[] = []
  const asked: string[] = []
  let count = 0
  const write = (all: readonly Part[], parent: string): { instance: string; body: string } => {
    const written = all.map((one) => {
      const name = `q${count++}`
      const ref = `${parent}/${name}`
      if ('parts' in one) {
        const { instance, body } = write(one.parts, ref)
        const inside = one.kind === 'repeat' ? `<repeat nodeset="${ref}">${body}</repeat>` : body
        return {
          instance: `<${name}>${instance}</${name}>`,
          body: `<group ref="${ref}"><label>${name}</label>${inside}</group>`,
        }
      }
      const { kind, required, hangs } = one
      const before = asked.at(-1)
      const type =
        {
          one: 'string',
          many: 'string',
          text: 'string',
          note: 'string',
          trigger: 'string',
          rank: 'odk:rank',
          range: 'int',
        }[kind as string] ?? kind
      binds.push(
        `<bind nodeset="${ref}" type="${type}" ${required && kind !== 'note' ? 'required="true()"' : ''} ${kind === 'note' ? 'readonly="true()"' : ''} ${hangs && before ? `relevant="${before} != ''"` : ''}/>`,
      )
      if (parent === '/data' && kind === 'text') asked.push(ref)
      const [tag, more, inside] =
        kind === 'one'
          ? ['select1', '', ITEMS]
          : kind === 'many'
            ? ['select', '', ITEMS]
            : kind === 'rank'
              ? ['odk:rank', '', ITEMS]
              : kind === 'range'
                ? ['range', 'start="0" end="10" step="2"', '']
                : [kind === 'trigger' ? 'trigger' : 'input', '', '']
      return {
        instance: `<${name}/>`,
        body: `<${tag} ref="${ref}" ${more}><label>${name}</label>${inside}</${tag}>`,
      }
    })
    return {
      instance: written.map((one) => one.instance).join(''),
      body: written.map((one) => one.body).join(''),
    }
  }
  const { instance, body } = write(parts, '/data')
  return `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" xmlns:odk="http://www.opendatakit.org/xforms"><h:head><h:title>Random</h:title><model><instance><data id="random">${instance}</data></instance>${binds.join('')}</model></h:head><h:body>${body}</h:body></h:html>`
}

const GIVEN = [
  '',
  ' ',
  '-1',
  '3',
  '4',
  '2.5',
  'a',
  'a c',
  'c b a',
  '2026-02-29',
  '20260305',
  '14:30',
  '3-5 9:00',
  '31.2,121.4',
  '北纬31 东经121',
  '\u0000',
  '<&>',
  '测试住户',
  'true',
]
const VALUES: readonly unknown[] = [
  ...GIVEN,
  null,
  true,
  4,
  ['a'],
  ['c', 'a', 'b'],
  ['d'],
  { latitude: 31, longitude: 121 },
  {},
]

const state = (session: FormSession) => ({
  places: session.places(),
  values: session.values(),
  problems: session.validate(),
  draft: session.draft(),
})

it('any answers in any form throw nothing; whoever leaves and comes back finds everything as it was', async () => {
  const steps = fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 15 })
  await fc.assert(
    fc.asyncProperty(forms, steps, async (parts, walk) => {
      const xml = xmlOf(parts)
      using session = expectOk(await openForm(xml))
      for (const [which, what] of walk) {
        const places = session.places()
        const place = places[which % places.length]
        if (!place) break
        if (place.kind === 'repeat') {
          if (place.count > 0 && what % 3 === 0) expectOk(session.removeRepeat(`${place.ref}[1]`))
          else if (place.count < 3) expectOk(session.addRepeat(place.ref))
          continue
        }
        const before = session.draft()
        const answered = session.answer(place.ref, VALUES[what % VALUES.length])
        if (answered.ok) expect((answered.value as Question).ref).toBe(place.ref)
        else {
          expect(answered.problem.question).toBe(place.path)
          expect(session.draft()).toBe(before)
        }
      }
      using again = expectOk(await openForm(xml, { draft: session.draft() }))
      expect(again.notCarriedOver).toEqual([])
      expect(state(again)).toEqual(state(session))
    }),
    { numRuns: 25, endOnFailure: true },
  )
})
