/** Writes an ODK XForm in Chinese (default) and English from a plain description. */
import type { Bilingual } from '../hazard.ts'

export type Choices = Readonly<Record<string, Bilingual>>
type Common = {
  readonly name: string
  readonly relevant?: string
}
type Shown = Common & {
  /** `{/path}` in the text shows that question's value. */
  readonly label: Bilingual
  readonly hint?: Bilingual
  readonly appearance?: string
  /** The message when it is left blank; absent: it may be. */
  readonly required?: Bilingual
  readonly constraint?: string
  readonly constraintMessage?: Bilingual
}
export type Control =
  | (Shown & { readonly kind: 'text' | 'integer' | 'date' | 'note' })
  | (Shown & { readonly kind: 'select-one'; readonly choices: Choices })
  | (Common & { readonly kind: 'calculated'; readonly type: 'int' | 'string'; readonly calculate: string })
export type Group = { readonly name: string; readonly label: Bilingual; readonly parts: readonly Part[] }
export type Part = Control | Group

export type XFormDescription = {
  readonly id: string
  readonly version: string
  readonly root: string
  readonly title: string
  readonly parts: readonly Part[]
}

type Written = {
  readonly texts: Map<string, Bilingual>
  readonly instance: string[]
  readonly binds: string[]
  readonly body: string[]
}

export function writeXForm({ id, version, root, title, parts }: XFormDescription): string {
  const out: Written = { texts: new Map(), instance: [], binds: [], body: [] }
  for (const part of parts) writePart(out, `/${root}`, part)
  return `<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" xmlns:odk="http://www.opendatakit.org/xforms" xmlns:orx="http://openrosa.org/xforms">
<h:head>
<h:title>${escapeXml(title)}</h:title>
<model odk:xforms-version="1.0.0">
<itext>
${translation('中文 (zh)', ' default="true()"', out.texts, (text) => text.zh)}
${translation('English (en)', '', out.texts, (text) => text.en)}
</itext>
<instance>
<${root} id="${escapeXml(id)}" version="${escapeXml(version)}">
${out.instance.join('\n')}
<orx:meta><orx:instanceID/></orx:meta>
</${root}>
</instance>
${out.binds.join('\n')}
<bind nodeset="/${root}/orx:meta/orx:instanceID" type="string" readonly="true()" jr:preload="uid"/>
</model>
</h:head>
<h:body>
${out.body.join('\n')}
</h:body>
</h:html>
`
}

function writePart(out: Written, parent: string, part: Part): void {
  const path = `${parent}/${part.name}`
  if ('parts' in part) {
    out.instance.push(`<${part.name}>`)
    out.body.push(`<group ref="${path}">${labelled(out, path, 'label', part.label)}`)
    for (const inner of part.parts) writePart(out, path, inner)
    out.body.push('</group>')
    out.instance.push(`</${part.name}>`)
    return
  }
  out.instance.push(`<${part.name}/>`)
  out.binds.push(bindOf(out, path, part))
  if (part.kind !== 'calculated') out.body.push(controlOf(out, path, part))
}

const TYPES = {
  text: 'string',
  integer: 'int',
  date: 'date',
  note: 'string',
  'select-one': 'string',
} as const

function bindOf(out: Written, path: string, control: Control): string {
  const attributes: Record<string, string | undefined> = { nodeset: path, relevant: control.relevant }
  if (control.kind === 'calculated') {
    attributes.type = control.type
    attributes.calculate = control.calculate
  } else {
    attributes.type = TYPES[control.kind]
    if (control.kind === 'note') attributes.readonly = 'true()'
    if (control.required) attributes.required = 'true()'
    attributes['jr:requiredMsg'] = message(out, path, 'required', control.required)
    attributes.constraint = control.constraint
    attributes['jr:constraintMsg'] = message(out, path, 'constraint', control.constraintMessage)
  }
  const written = Object.entries(attributes).flatMap(([name, value]) =>
    value === undefined ? [] : ` ${name}="${escapeXml(value)}"`,
  )
  return `<bind${written.join('')}/>`
}

function message(out: Written, path: string, role: string, text: Bilingual | undefined): string | undefined {
  if (!text) return undefined
  out.texts.set(`${path}:${role}`, text)
  return `jr:itext('${path}:${role}')`
}

function controlOf(out: Written, path: string, control: Exclude<Control, { kind: 'calculated' }>): string {
  const element = control.kind === 'select-one' ? 'select1' : 'input'
  const appearance = control.appearance ? ` appearance="${escapeXml(control.appearance)}"` : ''
  const hint = control.hint ? labelled(out, path, 'hint', control.hint) : ''
  const items = control.kind === 'select-one' ? itemsOf(out, control.choices) : ''
  return `<${element} ref="${path}"${appearance}>${labelled(out, path, 'label', control.label)}${hint}${items}</${element}>`
}

/** The same words for the same choices, wherever they are used, are one text. */
function itemsOf(out: Written, choices: Choices): string {
  return Object.entries(choices)
    .map(([value, text]) => {
      const id = `choice:${value}:${text.zh}`
      out.texts.set(id, text)
      return `<item><label ref="jr:itext('${id}')"/><value>${value}</value></item>`
    })
    .join('')
}

function labelled(out: Written, path: string, element: 'label' | 'hint', text: Bilingual): string {
  out.texts.set(`${path}:${element}`, text)
  return `<${element} ref="jr:itext('${path}:${element}')"/>`
}

function translation(
  language: string,
  attributes: string,
  texts: ReadonlyMap<string, Bilingual>,
  pick: (text: Bilingual) => string,
): string {
  const written = [...texts].map(
    ([id, text]) => `<text id="${escapeXml(id)}"><value>${withOutputs(pick(text))}</value></text>`,
  )
  return `<translation lang="${language}"${attributes}>\n${written.join('\n')}\n</translation>`
}

const withOutputs = (text: string): string =>
  escapeXml(text).replaceAll(/\{(\/[\w/]+)\}/g, '<output value="$1"/>')
const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
