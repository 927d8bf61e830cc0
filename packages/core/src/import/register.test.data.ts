import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expectOk } from '../result.ts'
import { createCommunity } from '../station/create-community.ts'
import type { Station } from '../station/station.ts'
import type { Mapping } from './mapping.ts'
import { parseMapping } from './parse-mapping.ts'

export const SECRET = { type: 'key', bytes: new Uint8Array(32) } as const

const EXAMPLES = new URL('../../../../examples/registers/', import.meta.url)
export const exampleFile = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, EXAMPLES)))

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

/** A register of buildings, laid out. */
export const blocksMapping = (extra: object = {}): Mapping =>
  expectOk(
    parseMapping({
      doorstep: 'mapping/1',
      name: 'blocks',
      gridName: '{town}-{nn}',
      skipWhen: [{ column: 'units', is: '0', reason: 'no-dwellings' }],
      records: {
        building: {
          key: ['street', 'block'],
          fields: {
            name: { text: '{block} {street}' },
            street: 'street',
            storeys: 'floors',
            yearBuilt: 'year',
            gasPipeline: { column: 'gas', values: { Y: true, N: false } },
          },
        },
      },
      layout: { storeys: 'floors', dwellings: 'units', room: '{f}{nn}' },
      ...extra,
    }),
  )

export const BLOCKS_HEADER = 'town,street,block,floors,units,year,gas'

/** A register of people: one row a person, and a row for each empty flat. */
export const peopleMapping = (extra: object = {}): Mapping =>
  expectOk(
    parseMapping({
      doorstep: 'mapping/1',
      name: 'people',
      gridName: 'P-{n}',
      records: {
        building: { key: ['楼栋'], fields: { name: { text: '{楼栋}栋' }, yearBuilt: '年份' } },
        dwelling: {
          key: [{ column: '单元', mayBeEmpty: true }, '房号'],
          fields: { unit: '单元', room: '房号' },
        },
        household: {
          fields: { name: '户名', phone: '电话' },
          sets: {
            categories: {
              column: '类别',
              split: '、',
              values: { 独居: 'elderly-alone', 低保: 'low-income' },
            },
          },
        },
        person: {
          key: [['证件'], ['姓名', '楼栋', '房号']],
          optional: true,
          fields: { name: '姓名', idNumber: '证件', birthDate: '生日' },
        },
        residence: { fields: { from: '入住' } },
      },
      ...extra,
    }),
  )

export const PEOPLE_HEADER = '楼栋,单元,房号,年份,户名,电话,类别,姓名,证件,生日,入住'

/** A community in a folder of its own, removed when the test is over. */
export class TestCommunity implements AsyncDisposable {
  readonly folder: string
  readonly station: Station
  /** Moves on a millisecond each time it is read: no two writes share one. */
  readonly now: () => number
  readonly #others: Station[] = []

  private constructor(folder: string, station: Station, now: () => number) {
    this.now = now
    this.folder = folder
    this.station = station
  }

  static async create(grids: readonly string[] = ['东']): Promise<TestCommunity> {
    let clockMs = Date.UTC(2026, 0, 5)
    const now = () => clockMs++
    const folder = mkdtempSync(join(tmpdir(), 'doorstep-import-'))
    const station = expectOk(
      await createCommunity({
        home: join(folder, 'chief'),
        secret: SECRET,
        community: '测试社区',
        member: '测试主任',
        grids,
        now,
      }),
    )
    return new TestCommunity(folder, station, now)
  }

  keep(station: Station): Station {
    this.#others.push(station)
    return station
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const station of [this.station, ...this.#others]) await station.close()
    rmSync(this.folder, { recursive: true, force: true })
  }
}
