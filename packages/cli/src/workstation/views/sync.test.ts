import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clockCommand } from '../../voice/clock-doubt-text.ts'
import { asOfText, stateWords, type Told, unheardText } from '../../voice/sync-text.ts'
import { cellsOf } from '../cells.ts'
import { textOfLine } from '../lines.ts'
import { pickFirst } from '../screens.ts'
import { push, type State } from '../state.ts'
import { sampleState } from '../testing/sample-state.test.data.ts'
import { SAMPLE_NOW_MS } from '../testing/sample-words.test.data.ts'
import { viewOf } from '../view.ts'

const onSync = (state: State, scroll = 0): string[] =>
  viewOf(push(state, { type: 'sync', prompt: null, scroll })).lines.map((one) => textOfLine(one).trimEnd())

test('the whole truth on one screen of 80×24, in Chinese', () => {
  expect(onSync(sampleState()).slice(1, 22)).toEqual([
    ' 同步                                             本机:甲的笔记本  0.0.0.0:7345',
    '─'.repeat(80),
    ' 同步  37%  1,234/3,300 条  1.2/3.4 MB  210 KB/s  还要约 15 秒',
    ` ${'▇'.repeat(22)}${'▁'.repeat(38)}`,
    '',
    ' 一号网格(名字特别特别长… 1,284 条   摘要 7f3a c21e',
    '   网关 居委会             相同             09:12  局域网',
    '   乙的笔记本              少 3 条          昨天 09:14  正在发送 2/3',
    '   丁的笔记本(名字特别特…  自称都有,未核对  11月15日 09:14(9 天前)  数据包',
    '   戊的笔记本              从未相遇',
    ' 成员与钥匙               7 条   摘要 0000 1111',
    '   乙                      相同             09:14  在线 局域网',
    '   相同 1 台(09:14起):居委会',
    '',
    ' 我最后一次探访(1-2-201,09:02)在 2 台上:本机、居委会,网关在内',
    ' 今天的探访 12 次,其中 3 次只在本机',
    ' 你写的 3 条只在这台机器上,最早的已有 3 天',
    ' 扣下待看 1 条,拒收 1 条 — q 查看',
    ' 9 天没有消息:丁的笔记本(测试员丁、二号网格);它的钟说 2027年12月29日 09:14',
    ' 192.0.2.7:7345(上次在那里):连不上(听力差,敲重些;有小狗;儿子每周三来;钥匙在隔',
    '   ↓ 下面还有 5 行',
  ])
})

test('narrower, and in English: nothing runs over, and every kind of thing is still told', () => {
  const size = { columns: 60, rows: 60 }
  const lines = onSync(sampleState({ language: 'en', size }))
  for (const one of lines) expect(cellsOf(one), one).toBeLessThanOrEqual(60)
  const text = lines.join('\n')
  for (const words of [
    '1,234/3,300 entries',
    'lacks 3',
    'says it has all',
    'never met',
    'a gateway among',
    'Visits of today: 12, of which 3 only here',
    'the oldest for 3 days',
    '1 held back, 1 refused',
    'no word for 9 days',
    'its clock says',
    '192.0.2.8:7345 (given): no answer',
  ])
    expect(text.replaceAll(/\n\s+/g, ' ')).toContain(words)
})

test('for a screen reader the bar is left out, its number is not', () => {
  const { lines } = viewOf(push(sampleState(), { type: 'sync', prompt: null, scroll: 0 }))
  const read = lines.filter(({ decoration }) => !decoration).map(textOfLine)
  expect(read.join('')).not.toMatch(/[▇▁]/)
  expect(read.join('')).toContain('37%')
})

test('the first screen warns: own work that lies here alone for days, and for a chief a station nobody heard of', () => {
  const today = (truth: Partial<NonNullable<State['facts']['truth']>>, language: 'zh' | 'en' = 'zh') => {
    const state = sampleState({ language })
    const facts = { ...state.facts, truth: { ...state.facts.truth!, ...truth } }
    const screen = { type: 'today', scope: 'due', pick: pickFirst } as const
    return viewOf(push({ ...state, facts }, screen)).lines.map((one) => textOfLine(one).trimEnd())
  }
  const alone = { onlyHere: 3, aloneSinceMs: SAMPLE_NOW_MS - 3 * 86_400_000 }
  expect(today(alone).slice(3, 5)).toEqual([
    ' ! 你写的 3 条只在这台机器上,最早的已有 3 天 — s 查看',
    ' ! 9 天没有消息:丁的笔记本(测试员丁、二号网格) — s 查看',
  ])
  expect(today({ ...alone, unheard: [] }, 'en')[3]).toBe(
    ' ! Only on this machine: 3 entries of yours, the oldest for 3 days — s to look',
  )
  const calm = today({ ...alone, aloneSinceMs: SAMPLE_NOW_MS - 3600_000, unheard: [] }).join('\n')
  expect(calm).not.toMatch(/只在这台机器上|没有消息/)
  expect(today(alone)[0]).toContain('3 条只在本机 3 天')
})

test('a clock that is off, by a gateway’s word, is told on the first screen, with the command where there is room', () => {
  const state = sampleState()
  const clock = { station: 'st-2', name: '居委会', aheadMs: -432_000 }
  const facts = {
    ...state.facts,
    truth: { ...state.facts.truth!, clock },
    sync: { ...state.facts.sync!, clock },
  }
  const screen = { type: 'today', scope: 'due', pick: pickFirst } as const
  const today = viewOf(push({ ...state, facts }, screen))
    .lines.map(textOfLine)
    .join('\n')
  expect(today).toContain('! 本机时钟比网关 居委会 慢 7 分钟 — s 查看')
  const roomy = { ...state, facts, size: { columns: 80, rows: 60 } }
  expect(onSync(roomy).join('\n')).toContain('   sudo date --set="+432 seconds"')
})

test.each([
  ['linux', -432_000, 'sudo date --set="+432 seconds"'],
  ['linux', 3_600_500, 'sudo date --set="-3600 seconds"'],
  ['darwin', 60_000, 'date -v-60S +%m%d%H%M%Y.%S | xargs sudo date'],
  ['win32', -3_700_000, 'powershell Set-Date -Adjust ([TimeSpan]"1:01:40")'],
  ['win32', 200_000, 'powershell Set-Date -Adjust -([TimeSpan]"0:03:20")'],
] as const)(
  'on %s a clock that is %d ms ahead is moved, not set to a time that has passed',
  (platform, aheadMs, command) => {
    expect(clockCommand({ aheadMs }, platform)).toBe(command)
  },
)

const told: Told = { language: 'en', nowMs: SAMPLE_NOW_MS, when: () => 'T' }

test('"same" is said of what is equal, and of nothing else', () => {
  fc.assert(
    fc.property(
      fc.record({
        state: fc.constantFrom('equal', 'says-same', 'differs', 'unheard'),
        lacks: fc.nat(),
        ahead: fc.nat(),
        reads: fc.boolean(),
      }),
      (peer) => {
        const [zh, en] = stateWords(peer)
        expect(zh.includes('相同')).toBe(peer.state === 'equal')
        expect(en.includes('same')).toBe(peer.state === 'equal')
      },
    ),
  )
})

test('how old it is, in words; a time that lies ahead is not given as one', () => {
  expect(asOfText(null, told)).toBe('')
  expect(asOfText(SAMPLE_NOW_MS - 3600_000, told)).toBe('T')
  expect(asOfText(SAMPLE_NOW_MS - 9 * 86_400_000, told)).toBe('T (9 days ago)')
  expect(asOfText(SAMPLE_NOW_MS + 86_400_000, told)).toBe('time unknown (clock was set)')
  const unheard = sampleState().facts.sync!.unheard[0]!
  expect(unheardText({ ...unheard, days: null, atMs: null, clockSaysMs: null }, told)).toMatch(
    /nobody knows how long/,
  )
  expect(unheardText({ ...unheard, by: 'added', days: 1, clockSaysMs: null }, told)).toBe(
    'no word since it was added 1 day ago: 丁的笔记本 (测试员丁, 二号网格)',
  )
})
