import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parsePairingInput } from '@doorstep/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type Json, type World } from './run.ts'

const INVITE = ['member', 'invite', '--role', 'worker', '--name', '测试员丙', '--grid', '一号网格', '--code']
const QUIET = ['--no-discover']
const LISTEN = ['--listen', '127.0.0.1:0', ...QUIET]

describe('joining by a code, each side a process of its own', () => {
  let world: World
  let homes = 0
  const children: ChildProcess[] = []
  beforeAll(async () => {
    world = createWorld()
    await world.json(['init', '--community', '测试社区', '--member', '测试员甲', '--grid', '一号网格'])
  })
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL')
    world.remove()
  })

  /** An inviter that waits: what it printed when it began, and how it ended. */
  async function invite(more: readonly string[] = []) {
    const child = world.start([...INVITE, ...LISTEN, '--json', ...more])
    children.push(child)
    let [stdout, stderr] = ['', '']
    child.stderr!.on('data', (chunk: Buffer) => {
      stderr += chunk.toString()
    })
    const ended = once(child, 'close').then(([code]) => ({ code, stdout, stderr }))
    const document = await new Promise<Json>((resolve, reject) => {
      child.stdout!.on('data', (chunk: Buffer) => {
        stdout += chunk.toString()
        if (stdout.endsWith('}\n')) resolve(JSON.parse(stdout))
      })
      child.once('close', () => reject(new Error(`ended: ${stdout}${stderr}`)))
    })
    return { child, document, ended, at: `127.0.0.1:${document.listening.port}` }
  }
  const newHome = () => join(world.folder, `newcomer-${homes++}`)
  const joining = (home: string, more: readonly string[]) => [
    'member',
    'join',
    '--home',
    home,
    ...QUIET,
    ...more,
  ]

  it('a typed code and address: member, equal, one document each, and the code is used up', async () => {
    const inviter = await invite()
    expect(inviter.document).toMatchObject({
      listening: { host: '127.0.0.1', port: expect.any(Number) },
      addresses: [inviter.at],
      code: expect.stringMatching(/^(\w{4}-){3}\w{4}$/),
      uri: `DOORSTEP:JOIN/${inviter.document.code.replaceAll('-', '')}/${inviter.at}`,
      invite: expect.stringMatching(/^in-/),
      expiresAt: expect.stringMatching(/Z$/),
    })
    const home = newHome()
    const code = inviter.document.code.toLowerCase().replaceAll('-', ' ')
    const joined = await world.json(joining(home, ['--code', code, '--peer', inviter.at]))
    expect(joined).toMatchObject({ joined: true, spaces: [{ name: '测试社区' }, { name: '一号网格' }] })
    const { code: exit, stdout, stderr } = await inviter.ended
    expect([exit, JSON.parse(stdout)]).toEqual([0, inviter.document])
    expect(stderr).toContain('both are equal')
    const [mine, theirs] = [await world.json(['digest']), await world.json(['digest', '--home', home])]
    expect(mine.spaces.length).toBeGreaterThan(1)
    expect(theirs.spaces).toEqual(mine.spaces)
    const { invites } = await world.json(['member', 'invites'])
    expect(invites).toMatchObject([{ id: inviter.document.invite, state: 'used', station: joined.station }])
    expect((await world.json(['member', 'withdraw', inviter.document.invite])).error.type).toBe('invite-used')
  })

  it('the text of the QR code, as a scanner types it, from standard input', async () => {
    const inviter = await invite()
    const home = newHome()
    const joined = await world.json(joining(home, ['--code', '-']), {
      input: `${inviter.document.uri.toLowerCase()}\n`,
    })
    expect(joined).toMatchObject({ joined: true })
    expect((await inviter.ended).code).toBe(0)
  })

  it('a typo is told before anything is done, in both languages', async () => {
    const home = newHome()
    const typo = joining(home, ['--code', '4K7Q-0RXD-AAAA-BBBB'])
    const told = await world.run([...typo, '--lang', 'zh'])
    expect([told.code, told.stderr]).toEqual([1, expect.stringContaining('打错')])
    expect((await world.json(typo)).error.type).toBe('code-mistyped')
    expect((await world.run(joining(home, []))).code).toBe(2)
    expect((await world.run(joining(home, ['FILE', '--code', 'X']))).code).toBe(2)
    expect(existsSync(home)).toBe(false)
  })

  it('five wrong codes: the inviter says so and ends, its invite withdrawn, and nobody has a home', async () => {
    const inviter = await invite()
    const wrong = another(inviter.document.code)
    const home = newHome()
    for (let n = 0; n < 5; n++)
      expect((await world.json(joining(home, ['--code', wrong, '--peer', inviter.at]))).error).toMatchObject({
        type: 'wrong-code',
        address: inviter.at,
      })
    const { code, stdout, stderr } = await inviter.ended
    expect([code, JSON.parse(stdout)]).toEqual([1, inviter.document])
    expect(stderr).toContain('0 of 5 tries left')
    expect(stderr).toContain('doorstep member invite')
    expect(existsSync(home)).toBe(false)
    expect(await stateOf(inviter.document.invite)).toBe('withdrawn')
  })

  it('Ctrl-C withdraws the code', async () => {
    const inviter = await invite()
    inviter.child.kill('SIGINT')
    const { code, stderr } = await inviter.ended
    expect([code, stderr]).toEqual([130, expect.stringContaining('withdrawn')])
    expect(await stateOf(inviter.document.invite)).toBe('withdrawn')
    const lost = await world.json(joining(newHome(), ['--code', inviter.document.uri]))
    expect(lost.error.type).toBe('unreachable')
  })

  it('an inviter that was killed: its code is gone, and a new one is not the old', async () => {
    const first = await invite()
    first.child.kill('SIGKILL')
    await first.ended
    const second = await invite()
    const home = newHome()
    const { error } = await world.json(joining(home, ['--code', first.document.code, '--peer', second.at]))
    expect(['unknown-code', 'wrong-code']).toContain(error.type)
    expect(existsSync(home)).toBe(false)
    // It is withdrawn by its beginning, while another process holds it open; that one lets nobody in any more.
    expect(await world.json(['member', 'withdraw', second.document.invite.slice(3, 12)])).toEqual({
      invite: second.document.invite,
      state: 'withdrawn',
    })
    const late = await world.json(joining(home, ['--code', second.document.code, '--peer', second.at]))
    expect(late.error.type).toBe('code-closed')
    second.child.kill('SIGTERM')
    expect((await second.ended).code).toBe(130)
    await world.json(['member', 'withdraw', first.document.invite])
    expect((await world.json(['member', 'withdraw', 'in-0000'])).error.type).toBe('unknown-invite')
  })

  it.each(['.joining', 'station.db'])(
    'a newcomer killed as soon as %s is there goes on with the same command',
    async (name) => {
      const inviter = await invite()
      const home = newHome()
      const command = joining(home, ['--code', inviter.document.uri])
      const child = world.start(command)
      children.push(child)
      // The invite is handed over; the request may be unmade, on its way, or granted.
      while (!existsSync(join(home, name))) await new Promise((resolve) => setImmediate(resolve))
      child.kill('SIGKILL')
      await once(child, 'close')
      const again = await world.json(command)
      expect(again.joined ?? again.error).toBe(true)
      expect((await inviter.ended).code).toBe(0)
    },
  )

  it('without a terminal there is text alone, and nothing to draw', async () => {
    const child = world.start([...INVITE, ...LISTEN, '--lang', 'zh'])
    children.push(child)
    const [chunk] = (await once(child.stdout!, 'data')) as [Buffer]
    child.kill('SIGINT')
    await once(child, 'close')
    expect(chunk.toString()).toMatch(/^加入码 (\w{4}-){3}\w{4},15 分钟内有效/)
    expect(chunk.toString()).toContain('doorstep member join --code - --peer 127.0.0.1:')
    expect(chunk.toString()).not.toMatch(/[█▀▄\u001b]/)
  })

  const stateOf = async (id: string) =>
    (await world.json(['member', 'invites'])).invites.find((one: Json) => one.id === id).state
})

/** A code with the same public part that was typed right and is wrong: other secret, fitting check characters. */
function another(code: string): string {
  const alphabet = [...'0123456789ABCDEFGHJKMNPQRSTVWXYZ']
  const secret = code.includes('AAAA') ? 'B'.repeat(12) : 'A'.repeat(12)
  for (const one of alphabet)
    for (const two of alphabet) {
      const text = `${code.slice(0, 2)}${secret}${one}${two}`
      if (parsePairingInput(text).ok) return text
    }
  throw new Error('some two characters always fit')
}
