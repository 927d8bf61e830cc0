import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { listProtocols, registryPath, renderRegistry } from '../scripts/gen-registry.ts'
import { drivers } from '../src/registry.gen.ts'

describe('the registry', () => {
  it('is what the script would write from src/protocols', () => {
    expect(readFileSync(registryPath, 'utf8')).toBe(renderRegistry(listProtocols()))
  })

  it('names each driver after its file', () => {
    expect(drivers.map((driver) => driver.protocol)).toEqual(listProtocols())
  })
})
