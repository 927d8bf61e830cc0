import { describe, expect, it } from 'vitest'
import { parseTemplate } from './template.ts'

const payload = JSON.stringify({
  x: { y: 21.55 },
  list: [1, { z: 'on' }],
  on: true,
  off: false,
  word: ' Open ',
  n: '12.7',
  zero: 0,
})

describe('value templates', () => {
  it.each<[string, unknown]>([
    ['{{ value_json.x.y }}', 21.55],
    ['{{value_json["x"]["y"]}}', 21.55],
    ["{{ value_json.list[1]['z'] | upper }}", 'ON'],
    ['{{ value }}', payload],
    ['{{ value_json.x.y | round(1) }}', 21.6],
    ['{{ value_json.n | int }}', 12],
    ['{{ value_json.gone | float(-1) }}', -1],
    ['{{ value_json.gone | default("no") }}', 'no'],
    ['{{ value_json.gone.deeper }}', null],
    ['{{ value_json.x }}', null],
    ['{{ value_json.word | trim | lower }}', 'open'],
    ['{{ (value_json.n | float) / 10 }}', 1.27],
    ['{{ value_json.x.y * 2 - 3 }}', 40.1],
    ["{{ 'ON' if value_json.on else 'OFF' }}", 'ON'],
    ["{{ 'ON' if value_json.zero > 0 else 'OFF' }}", 'OFF'],
    ["{{ 'a' if value_json.off else 'b' if value_json.on == true else 'c' }}", 'b'],
    ['{{- value_json.on -}}', true],
    ['{{ value_json.zero / 0 }}', null],
    ['{{ value_json.constructor.name }}', null],
    ['{{ value_json.__proto__ }}', null],
  ])('%s', (template, value) => {
    const parsed = parseTemplate(template)
    expect(parsed.ok && parsed.value(payload)).toEqual(value)
    expect(parsed.ok && parsed.value('not json')).not.toBeUndefined()
  })

  it.each<[string, string]>([
    ['{% for i in range(999999999) %}{% endfor %}', 'statements {% %} are not supported'],
    ['{{ value_json.x }} W', 'not one {{ expression }}'],
    ['{{ value_json.x }}{{ value_json.y }}', 'not one {{ expression }}'],
    ['plain', 'not one {{ expression }}'],
    ["{{ states('sensor.x') }}", '“states” is not supported'],
    ['{{ value_json.x.items() }}', 'the call items() is not supported'],
    ["{{ value_json.x | regex_replace('a') }}", 'the filter regex_replace is not supported'],
    ['{{ value_json.x | round(value) }}', 'round takes one plain value'],
    ['{{ value_json. }}', 'a name must follow the dot'],
    ['{{ }}', 'it ends too early'],
    ['{{ value_json.x $ }}', 'cannot read “$”'],
    ['{{ value value }}', 'cannot read “value” here'],
    [`{{ ${'('.repeat(50)}value${')'.repeat(50)} }}`, 'too deep'],
    [`{{ ${' '.repeat(600)} }}`, 'too long'],
  ])('refuses %s', (template, reason) => {
    expect(parseTemplate(template)).toEqual({ ok: false, problem: { type: 'template-refused', reason } })
  })
})
