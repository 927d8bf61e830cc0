/** XML to be written: elements as values, so that what is written is always well-formed. */

export type Child = Element | string
export type Element = {
  readonly name: string
  readonly attributes: Readonly<Record<string, string | null | undefined>>
  readonly children: readonly Child[]
}

export const el = (
  name: string,
  attributes: Element['attributes'] = {},
  ...children: readonly (Child | readonly Child[])[]
): Element => ({ name, attributes, children: children.flat() as Child[] })

export function toXml(root: Element): string {
  const out: string[] = ['<?xml version="1.0"?>\n']
  write(root, out)
  out.push('\n')
  return out.join('')
}

function write({ name, attributes, children }: Element, out: string[]): void {
  out.push('<', name)
  for (const [key, value] of Object.entries(attributes))
    if (value !== null && value !== undefined) out.push(' ', key, '="', escapeAttribute(value), '"')
  if (children.length === 0) {
    out.push('/>')
    return
  }
  out.push('>')
  for (const child of children)
    if (typeof child === 'string') out.push(escapeText(child))
    else write(child, out)
  out.push('</', name, '>')
}

/** What XML 1.0 cannot say at all is left out. */
const UNSAYABLE = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu
const escapeText = (text: string): string =>
  text.replaceAll(UNSAYABLE, '').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
const escapeAttribute = (text: string): string =>
  escapeText(text).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')
