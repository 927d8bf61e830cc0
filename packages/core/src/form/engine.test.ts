import { createRequire } from 'node:module'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { expectOk } from '../result.ts'

const loaded = () =>
  Object.keys(createRequire(import.meta.url).cache).some((file) => /[\\/]jsdom[\\/]/.test(file))

it('starts on first use only, and leaves globalThis as it was', async () => {
  const dispatchers = /undici/ // Node's own, which appear with its first Response
  const before = new Set(Reflect.ownKeys(globalThis))
  const { openForm, fillForm, checkForm } = await import('./index.ts')
  expect([typeof openForm, typeof fillForm, typeof checkForm]).toEqual(['function', 'function', 'function'])
  expect(loaded()).toBe(false)
  const { smallForm } = await import('./sample-form.test.data.ts')
  expectOk(await openForm(smallForm())).close()
  expect(loaded()).toBe(true)
  const added = Reflect.ownKeys(globalThis).filter((key) => !before.has(key))
  expect(added.filter((key) => !dispatchers.test(String(key)))).toEqual([])
  for (const name of ['window', 'document', 'Node', 'DOMParser', 'self', 'require', '__dirname'])
    expect([name, name in globalThis]).toEqual([name, before.has(name)])
  expect(await (await fetch('data:text/plain,ok')).text()).toBe('ok')
})

it('opens two hundred forms without holding on to them', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const { openForm } = await import('./index.ts')
  const { everyKind } = await import('./sample-form.test.data.ts')
  const ends: WeakRef<object>[] = []
  const round = async (count: number) => {
    for (let index = 0; index < count; index++) {
      const session = expectOk(await openForm(everyKind))
      session.answer('/data/text', `answer ${index}`)
      session.addRepeat('/data/people')
      ends.push(new WeakRef(session))
      session.close()
    }
  }
  const heapMegabytes = async () => {
    // Weak references are kept to the end of the current job.
    await new Promise((resolve) => setImmediate(resolve))
    collect()
    return process.memoryUsage().heapUsed / 2 ** 20
  }
  await round(20)
  const before = await heapMegabytes()
  await round(200)
  const grown = (await heapMegabytes()) - before
  expect(ends.filter((end) => end.deref()).length).toBeLessThan(5)
  // One such open form takes about a megabyte.
  expect(grown).toBeLessThan(20)
})
