import { fail, ok, type Result } from '../result.ts'
import type { FormOpenProblem } from './form-problem.ts'

export type XFormDocument = { readonly title: string; readonly id: string; readonly version: string }

const XHTML = 'http://www.w3.org/1999/xhtml'
const XFORMS = 'http://www.w3.org/2002/xforms'

/**
 * Looks at the outside of an XForm before the engine does, whose own complaints about other documents
 * name its internals. Failures: `form-not-xml` (with `line` and `column` where known), `form-not-xform`.
 */
export function readXForm(document: Document): Result<XFormDocument, FormOpenProblem> {
  const broken = document.querySelector('parsererror')
  if (broken) return notXml(broken.textContent ?? '')
  const html = document.documentElement
  if (html.localName !== 'html' || html.namespaceURI !== XHTML)
    return notXForm(`the outermost element is <${html.nodeName}>, not <h:html> of XHTML`)
  const model = child(child(html, XHTML, 'head'), XFORMS, 'model')
  if (!model) return notXForm('there is no <model> of XForms in its <h:head>')
  if (!child(html, XHTML, 'body')) return notXForm('there is no <h:body>')
  const root = child(model, XFORMS, 'instance')?.firstElementChild
  if (!root) return notXForm('its model has no primary <instance>')
  const id = root.getAttribute('id')
  if (!id) return notXForm('its primary instance has no id')
  const title = child(child(html, XHTML, 'head'), XHTML, 'title')?.textContent?.trim()
  return ok({ title: title || id, id, version: root.getAttribute('version') ?? '' })
}

const child = (parent: Element | undefined, namespace: string, name: string): Element | undefined =>
  [...(parent?.children ?? [])].find((one) => one.localName === name && one.namespaceURI === namespace)

/** The parser writes `line:column: what`. */
function notXml(message: string) {
  const place = /^(\d+):(\d+): (.*)/s.exec(message)
  if (!place) return fail<FormOpenProblem>({ type: 'form-not-xml', reason: message.trim() })
  const [, line, column, reason] = place
  return fail<FormOpenProblem>({
    type: 'form-not-xml',
    reason: reason!.trim(),
    line: Number(line),
    column: Number(column),
  })
}

const notXForm = (reason: string) => fail<FormOpenProblem>({ type: 'form-not-xform', reason })
