/** The form's texts in several languages, as XForms keep them: by id, and by language. */
import { type Child, type Element, el } from './element.ts'
import type { Texts } from './table.ts'

export type Said = {
  /** How the text is used: null for what is read, else `image`, `audio`, `video`, `big-image`, `guidance`. */
  readonly form: string | null
  readonly texts: Texts
  readonly write: (text: string) => readonly Child[]
}

const FILES: Readonly<Record<string, string>> = {
  image: 'jr://images/',
  'big-image': 'jr://images/',
  audio: 'jr://audio/',
  video: 'jr://video/',
}

export class Itext {
  readonly #defaultLanguage: string
  readonly #texts = new Map<string, readonly Said[]>()
  readonly #languages = new Set<string>()
  /** Pictures and sounds that labels show, by file name. */
  readonly files = new Set<string>()

  constructor(defaultLanguage: string) {
    this.#defaultLanguage = defaultLanguage
  }

  /** Returns how it is referred to. */
  put(id: string, said: readonly Said[]): string {
    const filled = said.filter(({ texts }) => texts.size > 0)
    this.#texts.set(id, filled)
    for (const { form, texts } of filled)
      for (const [language, text] of texts) {
        this.#languages.add(language || this.#defaultLanguage)
        if (form && FILES[form]) this.files.add(text)
      }
    return `jr:itext('${id}')`
  }

  get languages(): readonly string[] {
    const others = [...this.#languages].filter((one) => one !== this.#defaultLanguage)
    return this.#languages.has(this.#defaultLanguage) ? [this.#defaultLanguage, ...others] : others
  }

  /** What one language lacks is said in the form's own. */
  element(): Element | null {
    const languages = this.languages
    if (languages.length === 0) return null
    return el(
      'itext',
      {},
      languages.map((language, at) =>
        el(
          'translation',
          { lang: language, default: at === 0 ? 'true()' : null },
          [...this.#texts].map(([id, said]) =>
            el(
              'text',
              { id },
              said.flatMap((one) => this.#value(one, language)),
            ),
          ),
        ),
      ),
    )
  }

  #value({ form, texts, write }: Said, language: string): Element[] {
    const own =
      language === this.#defaultLanguage ? (texts.get('') ?? texts.get(language)) : texts.get(language)
    const text =
      own ??
      texts.get('') ??
      texts.get(this.#defaultLanguage) ??
      texts.get(this.languages[0] ?? '') ??
      [...texts.values()][0]
    if (text === undefined) return []
    const folder = form ? FILES[form] : undefined
    return [el('value', { form }, folder ? [folder + text] : write(text))]
  }
}
