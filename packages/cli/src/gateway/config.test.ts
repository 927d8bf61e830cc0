import { describe, expect, it } from 'vitest'
import { wordingOf } from '../voice/problems.ts'
import { parseConfig } from './config.ts'
import { exampleConfig } from './config-example.ts'

const LEAST = 'home: /var/lib/doorstep\nkeyFile: /etc/doorstep/key\n'
const faultsOf = (content: string) => {
  const parsed = parseConfig(content, '/etc/doorstep/gateway.yaml')
  return parsed.ok ? [] : parsed.problem.faults
}

describe('the configuration of a gateway', () => {
  it('needs a home and a key, and has a default for all else', () => {
    const parsed = parseConfig(LEAST, '/etc/doorstep/gateway.yaml')
    expect(parsed).toMatchObject({
      ok: true,
      value: {
        home: '/var/lib/doorstep',
        listen: { host: '0.0.0.0', port: 7345 },
        lines: [],
        metrics: null,
        statusPage: null,
      },
    })
  })

  it.each(['zh', 'en'] as const)(
    'is what the example says, in %s, also with every line switched on',
    (language) => {
      expect(faultsOf(exampleConfig(language, { home: '/h', keyFile: '/k' }))).toEqual([])
      const all = exampleConfig(language, { home: '/h', keyFile: '/k' }).replace(/^#(?=[a-zA-Z]| {2})/gm, '')
      const parsed = parseConfig(all, '/x.yaml')
      expect(parsed.ok ? [] : parsed.problem.faults).toEqual([])
      expect(parsed).toMatchObject({
        value: {
          lines: [
            { name: 'block-1' },
            { name: 'meter-room' },
            { name: 'boiler-room' },
            { name: 'far-block' },
          ],
          mqtt: [{ name: 'sensors' }, { name: 'other-sensors' }],
        },
      })
    },
  )

  it('says everything that is wrong at once, each with its line and column and what may be there', () => {
    const faults = faultsOf(
      [
        'home: /var/lib/doorstep', // 1
        'lisen: 0.0.0.0:7345', // 2
        'language: fr', // 3
        'lines:', // 4
        '  - name: Block 1', // 5
        '    at: 192.168.1.30', // 6
        '  - name: meter-room', // 7
        '    at: /dev/ttyUSB0@2400,8E1', // 8
        '    protocols: [dlt645, smoke-signals]', // 9
        '    every: 2 weeks', // 10
        'metrics: 0.0.0.0:9345', // 11
        'log: loud', // 12
      ].join('\n'),
    )
    expect(faults.map(({ line, column, path, rule }) => [line, column, path, rule])).toEqual([
      [1, 1, 'keyFile', 'missing'],
      [2, 1, 'lisen', 'unknown-key'],
      [3, 11, 'language', 'not-allowed'],
      [5, 11, 'lines[0].name', 'not-allowed'],
      [6, 9, 'lines[0].at', 'not-allowed'],
      [9, 25, 'lines[1].protocols[1]', 'not-allowed'],
      [10, 12, 'lines[1].every', 'not-allowed'],
      [11, 10, 'metrics', 'not-allowed'],
      [12, 6, 'log', 'not-a-map'],
    ])
    const problem = { type: 'bad-config', file: 'x.yaml', faults }
    const english = wordingOf(problem, 'en').message
    expect(english).toContain('10:12 lines[1].every cannot be "2 weeks"; may be: 10s, …, 7d')
    expect(english).toContain('2:1 lisen is not known; here may be: home, keyFile')
    expect(wordingOf(problem, 'zh').message).toContain('3:11 language 不能是 “fr”;可以是:zh, en')
  })

  it('says what does not go together where it stands', () => {
    const faults = faultsOf(
      `${LEAST}lines:\n  - name: a\n    at: h:1\n    dtu: 0.0.0.0:5000\n  - name: b\n    at: h:2\n    registration: X\n  - name: c\n`,
    )
    expect(faults.map(({ line, path, rule }) => [line, path, rule])).toEqual([
      [6, 'lines[0].dtu', 'one-of'],
      [9, 'lines[1].registration', 'not-together'],
      [10, 'lines[2].name', 'one-of'],
    ])
    const mute = `${LEAST}lines:\n  - {name: a, dtu: '0.0.0.0:5000'}\n  - {name: b, dtu: '0.0.0.0:5000', registration: B}\n`
    expect(faultsOf(mute)).toMatchObject([{ rule: 'missing', allowed: ['registration'] }])
    const twice = faultsOf(
      `${LEAST}listen: 0.0.0.0:7345\nmetrics: 127.0.0.1:7345\nlines:\n  - {name: a, at: 'h:1'}\n  - {name: a, at: 'h:2'}\n`,
    )
    expect(twice.map(({ line, path, rule }) => [line, path, rule])).toEqual([[7, 'lines[1]', 'twice']])
    expect(faultsOf(`${LEAST}listen: 0.0.0.0:7345\nmetrics: 127.0.0.1:7345\n`)).toMatchObject([
      { line: 4, path: 'metrics', rule: 'twice' },
    ])
  })

  it('a broker is our own with its clients, or another with a login', () => {
    const hash = 'scrypt$16384$8$1$ZG9vcnN0ZXAtZXhhbXBsZQ$Vo3LDXrI8lGJuDQu6ypVPBKZOKZMzBXQKE0vxDkVvbU'
    const mqtt = (...lines: string[]) =>
      faultsOf(`${LEAST}mqtt:\n${lines.map((one) => `  - {${one}}\n`).join('')}`).map(
        ({ path, rule }) => `${path} ${rule}`,
      )
    expect(
      mqtt(
        'name: a',
        `name: b, listen: 'h:1', url: 'mqtt://h', clients: [{user: u, password: ${hash}}]`,
        "name: c, listen: 'h:1'",
        "name: d, url: 'mqtt://h', user: u",
        `name: e, listen: 'h:1', clients: [{user: u, password: plain}]`,
        `name: f, listen: 'h:1', clients: [{user: u, password: ${hash}, publish: ['a/+']}]`,
      ),
    ).toEqual([
      'mqtt[0].name one-of',
      'mqtt[1].url one-of',
      'mqtt[1].clients not-together',
      'mqtt[2].clients missing',
      'mqtt[3].user not-together',
      'mqtt[4].clients[0].password not-allowed',
      'mqtt[5].clients[0].publish[0] not-allowed',
    ])
    expect(
      mqtt(`name: g, listen: 'h:1', clients: [{user: u, password: ${hash}, publish: ['a/#', b]}]`),
    ).toEqual([])
  })

  it('finds no sense in what is no YAML, and says where it ends', () => {
    expect(faultsOf('home: "x\nkeyFile: y\n')).toMatchObject([{ rule: 'syntax' }])
    expect(faultsOf('home: x\n\tkeyFile: y\n')[0]).toMatchObject({ line: 2, rule: 'syntax' })
    expect(faultsOf('home: a\nhome: b\n')).toMatchObject([
      { rule: 'syntax', line: 2, found: 'DUPLICATE_KEY' },
    ])
    for (const odd of ['', '[]', 'null', '42', '- home: x', '? [a]: b', 'home: &a [*a]'])
      expect(faultsOf(odd).length).toBeGreaterThan(0)
  })
})
