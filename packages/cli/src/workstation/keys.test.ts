import { expect, test } from 'vitest'
import { eventOf, KEYS, type KeyRow, keysHere, keysOf } from './keys.ts'
import type { Screen, ScreenType } from './screens.ts'
import { push } from './state.ts'
import { anyScreens, sampleState } from './testing/sample-state.test.data.ts'

const here = (row: KeyRow, screen: ScreenType) => row.on === 'every' || row.on.includes(screen)

test('on no screen and in no mode does a key mean two things', () => {
  const clashes: string[] = []
  for (const screen of anyScreens)
    for (const mode of ['choosing', 'typing'] as const) {
      const rows = KEYS.filter((row) => here(row, screen.type) && (row.mode === mode || row.mode === 'both'))
      const seen = new Map<string, string>()
      for (const row of rows)
        for (const key of row.keys) {
          if (seen.has(key))
            clashes.push(`${screen.type} ${mode} ${key}: ${seen.get(key)} and ${row.command}`)
          seen.set(key, row.command)
        }
    }
  expect(clashes).toEqual([])
})

test('everywhere one can go back, ask for help, change the language and leave', () => {
  for (const screen of anyScreens) {
    const commands = keysHere(push(sampleState(), screen)).map((row) => row.command)
    expect(commands, screen.type).toEqual(expect.arrayContaining(['back', 'help', 'language', 'quit']))
  }
})

test('the same letter means the same wherever it is a command', () => {
  const meanings = new Map<string, Set<string>>()
  for (const row of KEYS)
    for (const key of row.keys)
      if (/^[a-zA-Z]$/.test(key)) meanings.set(key, (meanings.get(key) ?? new Set()).add(row.words[0]))
  const several = [...meanings].filter(([, words]) => words.size > 1).map(([key, words]) => [key, ...words])
  // What one writes or takes away differs by what is at hand; g turns a list round to what else it can list; s meets
  // others, at once where the others are shown. Among the people of a home letters are about them.
  expect(several).toEqual([
    ['x', '下一步', '清除回答', '不是同一个'],
    ['i', '记事', '读入文件'],
    ['z', '认领/让出整个单元', '撤回'],
    ['m', '见到,无表', '并排看像的'],
    ['o', '新案件', '搬走'],
    ['b', '上一题', '代办'],
    ['w', '打印通知', '印给住户', '写到文件带走', '外出/回来'],
    ['t', '写备注', '今天的账'],
    ['e', '改写', '家里的人'],
    ['s', '现在同步', '同步'],
    ['a', '按地址呼叫', '全局', '登记'],
    ['g', '全部/待访', '要办/全部', '未结/逾期/全部'],
    ['k', '上移', '往上看'],
    ['j', '下移', '往下看'],
  ])
})

test('letters are text where one types, full-width ones too', () => {
  const typing = push(sampleState(), { type: 'search', text: '', pick: { id: null, at: 0 } })
  expect(eventOf(typing, { text: 'Q' })).toEqual({ type: 'text', text: 'Q' })
  expect(eventOf(typing, { text: '测试' })).toEqual({ type: 'text', text: '测试' })
  expect(eventOf(typing, { text: '１' })).toEqual({ type: 'text', text: '１' })
  expect(eventOf(typing, { text: 'enter' })).toEqual({ type: 'text', text: 'enter' })
})

test('with an input method left on, full-width keys are commands all the same', () => {
  expect(eventOf(sampleState(), { text: '？' })).toEqual({ type: 'command', command: 'help' })
  expect(eventOf(sampleState(), { text: '３' })).toEqual({ type: 'digit', digit: 3 })
})

test('what means nothing here does nothing', () => {
  expect(eventOf(sampleState(), { text: 'f' })).toBeNull()
  expect(eventOf(sampleState(), { name: 'ctrl-z' })).toBeNull()
  expect(eventOf(sampleState(), { text: 'nnnn' })).toBeNull()
})

test('help names every key of a screen once', () => {
  for (const type of new Set(anyScreens.map((screen: Screen) => screen.type))) {
    const named = keysOf(type).map((row) => `${row.command} ${row.words[0]}`)
    expect(new Set(named).size, type).toBe(named.length)
    const commands = new Set(KEYS.filter((row) => here(row, type)).map((row) => row.command))
    expect(new Set(keysOf(type).map((row) => row.command)), type).toEqual(commands)
  }
})
