import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openNotifier } from './notify.ts'
import { watchOwnClock } from './own-clock.ts'

test('systemd is told through its own program, as often as it asks, and only where it asks', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'doorstep-notify-'))
  const program = join(folder, 'notify')
  writeFileSync(program, `#!/bin/sh\necho "$NOTIFY_SOCKET $*" >> ${join(folder, 'said')}\n`)
  chmodSync(program, 0o755)
  expect(openNotifier({})).toBeNull()
  const env = { NOTIFY_SOCKET: '/run/systemd/notify', WATCHDOG_USEC: '120000000', PATH: process.env.PATH }
  const notifier = openNotifier(env, program)!
  expect(notifier.watchdogMs).toBe(60_000)
  expect(openNotifier({ ...env, WATCHDOG_PID: '1' }, program)!.watchdogMs).toBeNull()
  expect(await notifier.say('READY=1', 'STATUS=ready')).toBe(true)
  expect(readFileSync(join(folder, 'said'), 'utf8')).toBe(
    `/run/systemd/notify --pid=${process.pid} READY=1 STATUS=ready\n`,
  )
  expect(await openNotifier(env, join(folder, 'none'))!.say('READY=1')).toBe(false)
  rmSync(folder, { recursive: true, force: true })
})

test('the time is offered once the network has set the clock, never before the own last entry, never when it is off', async () => {
  const told: boolean[] = []
  const watch = (mode: 'auto' | 'by-hand' | 'off', isSet: boolean, lastWroteMs: number | null = 500) =>
    watchOwnClock({
      mode,
      now: () => 1000,
      lastWroteMs: () => lastWroteMs,
      onChange: (set) => told.push(set),
      isSetByNetwork: async () => isSet,
    })
  for (const [mode, isSet, wrote, offered] of [
    ['auto', true, 500, 1000],
    ['auto', true, null, 1000],
    ['auto', false, 500, null],
    ['auto', true, 2000, null],
    ['by-hand', false, 500, 1000],
    ['by-hand', false, 2000, null],
    ['off', true, 500, null],
  ] as const) {
    const clock = watch(mode, isSet, wrote)
    await new Promise((resolve) => setImmediate(resolve))
    expect([mode, isSet, wrote, clock.offered()]).toEqual([mode, isSet, wrote, offered])
    clock.stop()
  }
  expect(told).toEqual([true, true, false, true, true, true])
})
