import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { mqttLogin } from './mqtt-login.ts'

afterEach(() => vi.unstubAllEnvs())

describe('the login at a broker', () => {
  it('takes the user from the address, the password from a file or the environment, never from the address', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mqtt-login-'))
    writeFileSync(join(folder, 'pw'), 'a b\r\n')
    expect(await mqttLogin({ mqtt: 'mqtt://x%40y@h:1884', 'password-file': join(folder, 'pw') })).toEqual({
      ok: true,
      value: { url: 'mqtt://h:1884', username: 'x@y', password: 'a b' },
    })
    rmSync(folder, { recursive: true })
    expect(await mqttLogin({ mqtt: 'mqtts://h' })).toEqual({ ok: true, value: { url: 'mqtts://h' } })
    vi.stubEnv('DOORSTEP_MQTT_PASSWORD', 'p')
    expect(await mqttLogin({ mqtt: 'mqtt://h' })).toMatchObject({ value: { password: 'p' } })
    const refused = async (mqtt: string) => (await mqttLogin({ mqtt })) as { problem?: unknown }
    expect((await refused('mqtt://u:secret@h')).problem).toEqual({
      type: 'bad-mqtt-url',
      reason: 'password-in-url',
    })
    for (const bad of ['', 'h:1883', 'http://h', 'mqtt://', 'mqtt:h'])
      expect([bad, (await refused(bad)).problem]).toMatchObject([bad, { type: 'bad-mqtt-url' }])
    expect(await mqttLogin({ mqtt: 'mqtt://h', 'password-file': '/none' })).toMatchObject({
      problem: { type: 'file-unreadable' },
    })
  })
})
