import { say } from '../../voice/language.ts'
import { subjectsHere } from '../asking/reduce-choose.ts'
import { cut } from '../cells.ts'
import { blank, type Line, line, span, windowOf } from '../lines.ts'
import type { Pane } from '../pane.ts'
import { bodyRows } from '../rows.ts'
import type { ChooseFormScreen } from '../screens.ts'
import type { State } from '../state.ts'

/** Which form, or about whom: a number, or the arrows and ↵. */
export function chooseFormView(state: State, screen: ChooseFormScreen): Pane {
  const { language, size, facts } = state
  const people = subjectsHere(state, screen.household, screen.form)
  const form = facts.forms.find((one) => one.id === screen.form)
  const labels = form
    ? people.map((one) =>
        one === null
          ? say(language, ['这一户', 'The household'])
          : [
              String(one.fields.name ?? ''),
              one.age === null ? '' : say(language, [`${one.age} 岁`, `aged ${one.age}`]),
            ]
              .filter(Boolean)
              .join('  '),
      )
    : facts.forms.map((one) => `${say(language, one.title)}  ${one.version}`)
  const shown = windowOf(labels, screen.at, Math.max(3, bodyRows(size.rows) - 3))
  const rows = shown.rows.map((label, index): Line => {
    const at = shown.from + index
    return {
      ...line(
        span(at === screen.at ? ' › ' : '   ', 'strong'),
        cut(`${at < 9 ? at + 1 : ' '}  ${label}`, size.columns - 6),
      ),
      selected: at === screen.at,
    }
  })
  const door = facts.door?.door ?? ''
  const title = form
    ? say(language, [`${form.title[0]}:问的是谁?`, `${form.title[1]}: about whom?`])
    : say(language, ['填哪张表?', 'Which form?'])
  return { title: line(' ', span(`${door}  ${title}`, 'strong')), body: [blank, ...rows] }
}
