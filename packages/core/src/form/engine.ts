/**
 * The one place that knows ODK's `@getodk/xforms-engine` and jsdom. Both are loaded on first use (about
 * half a second together). The engine is written for browsers and reads `document`, `Node`, `DOMParser`,
 * `require` and `__dirname` as globals; its bundle imports nothing, so it is compiled here as one function
 * that receives these as arguments, and globalThis stays as it was.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Script } from 'node:vm'
import { fail, ok, type Result } from '../result.ts'
import type { EngineRoot } from './engine-nodes.ts'

/** What one form may borrow from its caller while the engine works for it. */
export type EngineContext = { readonly newId: () => string; readonly warn: (text: string) => void }

export type InstanceData = readonly [FormData]
export type LoadedForm = {
  readonly status: 'success' | 'warning' | 'failure'
  readonly error: Error | null
  createInstance(): { readonly root: EngineRoot }
  restoreInstance(input: { readonly data: InstanceData }): Promise<{ readonly root: EngineRoot }>
}
type EngineModule = {
  loadForm(
    xml: string,
    options: { fetchFormAttachment(url: URL): Promise<Response>; missingResourceBehavior: 'ERROR' | 'BLANK' },
  ): Promise<LoadedForm>
}
export type Engine = EngineModule & {
  parseXml(xml: string): Document
  writeXml(document: Document): string
  /** Runs `work` with ids and warnings going to `context`, across awaits too. */
  within<T>(context: EngineContext, work: () => T): T
}

const ENGINE = '@getodk/xforms-engine'
let loading: Promise<Result<Engine>> | undefined

/** Failure: `form-engine-unavailable` {reason} when the installed engine or jsdom cannot be started. */
export function loadEngine(): Promise<Result<Engine>> {
  loading ??= startEngine().then(ok, (cause: unknown) => {
    loading = undefined
    return fail({ type: 'form-engine-unavailable', reason: errorText(cause) })
  })
  return loading
}

export const errorText = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

async function startEngine(): Promise<Engine> {
  // jsdom carries its own undici, which installs a global dispatcher unless Node's own is there already.
  new Response(null)
  const { JSDOM, VirtualConsole } = await import('jsdom')
  const { window } = new JSDOM('<!doctype html>', { virtualConsole: new VirtualConsole() })
  const require = createRequire(import.meta.url)
  // Under the condition `development` (test runners) the package resolves to sources it cannot run from.
  const [packageRoot] = require.resolve(ENGINE).split(/(?<=xforms-engine)[\\/](?:src|dist)[\\/]/)
  const file = join(packageRoot!, 'dist', 'index.js')
  const run = compile(await readFile(file, 'utf8'), file)

  const contexts = new AsyncLocalStorage<EngineContext>()
  const warn = (...words: unknown[]) => contexts.getStore()?.warn(words.map(String).join(' '))
  // Ids of the engine's own nodes are bound at start to the real source; later ones are the caller's.
  let started = false
  const crypto = {
    randomUUID: () => (started ? contexts.getStore()?.newId() : undefined) ?? globalThis.crypto.randomUUID(),
    getRandomValues: (array: Uint8Array<ArrayBuffer>) => globalThis.crypto.getRandomValues(array),
    subtle: globalThis.crypto.subtle,
  }
  const own: Record<PropertyKey, unknown> = {
    document: window.document,
    Node: window.Node,
    get crypto() {
      return started ? crypto : globalThis.crypto
    },
  }
  const scope = new Proxy(globalThis, {
    get: (target, key) => (Object.hasOwn(own, key) ? own[key] : Reflect.get(target, key)),
  })
  const module = await run(
    scope,
    undefined,
    window.document,
    window.Node,
    window.DOMParser,
    { log: warn, warn, error: warn },
    require,
    dirname(file),
  )
  started = true
  return {
    loadForm: module.loadForm,
    parseXml: (xml) => new window.DOMParser().parseFromString(xml, 'text/xml'),
    writeXml: (document) => new window.XMLSerializer().serializeToString(document),
    within: (context, work) => contexts.run(context, work),
  }
}

const PARAMETERS = 'globalThis,window,document,Node,DOMParser,console,require,__dirname'
type EngineFunction = (...given: readonly unknown[]) => Promise<EngineModule>

function compile(source: string, file: string): EngineFunction {
  const exports = /\nexport \{([^}]*)\};?\s*(?:\/\/# sourceMappingURL=\S*\s*)?$/.exec(source)
  if (!exports || /^import[\s{]/m.test(source))
    throw new Error(`${file} is built in another way than this version of the form loader knows`)
  const names = exports[1]!.replaceAll(/(\w+) as (\w+)/g, '$2: $1')
  // On one line with the first of the source, so that line numbers in stack traces stay true.
  const body = `(async function (${PARAMETERS}) { 'use strict'; ${source.slice(0, exports.index)}\nreturn {${names}} })`
  return new Script(body, { filename: file }).runInThisContext() as EngineFunction
}
