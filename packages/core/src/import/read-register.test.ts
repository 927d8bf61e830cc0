import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { expectOk } from '../result.ts'
import { readRegister } from './read-register.ts'
import { BLOCKS_HEADER, blocksMapping, bytesOf, PEOPLE_HEADER, peopleMapping } from './register.test.data.ts'

const mapping = blocksMapping()
const blocks = (...lines: string[]) => bytesOf([BLOCKS_HEADER, ...lines].join('\n'))
const people = (...lines: string[]) => bytesOf([PEOPLE_HEADER, ...lines].join('\n'))
const GOOD = 'TP,A ST,1,3,6,1980,Y'
const rejectedOf = (bytes: Uint8Array, by = mapping) =>
  expectOk(readRegister(bytes, by)).rejected.map(({ row, column, reason }) => ({ row, column, reason }))

describe('a file that cannot be read', () => {
  it('is a problem when it is empty, or a header alone is nothing to reject', () => {
    for (const text of ['', '\n\n'])
      expect(readRegister(bytesOf(text), mapping)).toEqual({ ok: false, problem: { type: 'empty-file' } })
    expect(readRegister(blocks(), mapping)).toMatchObject({ value: { read: 0, rejected: [], buildings: [] } })
  })

  it('names the columns it lacks and those it has', () => {
    expect(readRegister(bytesOf('town,street,floors\n'), mapping)).toEqual({
      ok: false,
      problem: {
        type: 'missing-column',
        columns: ['block', 'year', 'gas', 'units'],
        present: ['town', 'street', 'floors'],
      },
    })
    expect(readRegister(blocks(GOOD), mapping, { where: { district: 'x' } })).toMatchObject({
      problem: { type: 'missing-column', columns: ['district'] },
    })
  })

  it('does not guess between two columns of one name', () => {
    expect(readRegister(bytesOf(`${BLOCKS_HEADER},year\n`), mapping)).toMatchObject({
      problem: { type: 'duplicate-column', column: 'year' },
    })
  })

  it('is a problem when its header has a lost quote', () => {
    expect(readRegister(bytesOf('"town,street\nx,y'), mapping)).toEqual({
      ok: false,
      problem: { type: 'bad-header', row: 1, reason: 'unclosed-quote' },
    })
  })
})

describe('rows that are not taken', () => {
  it('lists a malformed row with its line and keeps the good ones', () => {
    const file = blocks(GOOD, 'TP,A ST,2,3,6,1980', 'TP,"A ST,3,3,6,1980,Y', '', 'TP,A ST,4,3,6,1980,Y')
    const register = expectOk(readRegister(file, mapping))
    expect(register.rejected).toEqual([
      { row: 3, column: null, reason: 'wrong-column-count', expected: 7, found: 6 },
      { row: 4, column: null, reason: 'unclosed-quote' },
    ])
    expect(register.buildings.map(({ rows }) => rows)).toEqual([[2], [6]])
    expect(register.read).toBe(4)
  })

  it('names column, value and limit of each bad cell', () => {
    const file = blocks(
      'TP,A ST,1,many,6,1980,Y',
      'TP,A ST,2,300,6,1980,Y',
      'TP,A ST,3,2.5,6,1980,maybe',
      'TP,A ST,4,3,6,19 80,Y',
      'TP,A ST,,3,-1,,N',
    )
    expect(expectOk(readRegister(file, mapping)).rejected).toMatchObject([
      { row: 2, column: 'floors', reason: 'not-a-number', value: 'many', field: 'storeys' },
      { row: 3, column: 'floors', reason: 'too-large', value: '300', max: 200 },
      { row: 4, column: 'floors', reason: 'not-an-integer' },
      { row: 4, column: 'gas', reason: 'value-not-in-map', value: 'maybe', allowed: ['Y', 'N'] },
      { row: 5, column: 'year', reason: 'not-a-number' },
      { row: 6, column: 'block', reason: 'empty-key' },
      { row: 6, column: 'units', reason: 'too-small', min: 1 },
    ])
  })

  it('rejects the second row of a building and names the first, whatever width its letters have', () => {
    const file = blocks(GOOD, 'TP,B ST,1,3,6,1980,Y', 'TP,a  st,1,4,8,1990,N')
    expect(expectOk(readRegister(file, mapping)).rejected).toEqual([
      { row: 4, column: 'street', reason: 'duplicate-key', firstRow: 2 },
    ])
  })

  it('counts what the mapping skips, and what the filter leaves out not at all', () => {
    const file = blocks(GOOD, 'TP,A ST,2,3,0,1980,Y', ',,,,,,', 'AMK,A ST,3,3,6,bad,Y')
    const register = expectOk(readRegister(file, mapping, { where: { town: ' TP ' } }))
    expect(register).toMatchObject({ read: 2, rejected: [], skipped: [{ reason: 'no-dwellings', rows: 1 }] })
    expect(expectOk(readRegister(file, mapping))).toMatchObject({
      read: 4,
      skipped: [
        { reason: 'no-dwellings', rows: 1 },
        { reason: 'empty-row', rows: 1 },
      ],
    })
  })

  it('rejects a building whose doors the pattern cannot tell apart', () => {
    const pattern = blocksMapping({ layout: { storeys: 'floors', dwellings: 'units', room: '{f}{n}' } })
    expect(rejectedOf(blocks('TP,A ST,1,11,121,1980,Y'), pattern)).toEqual([
      { row: 2, column: 'units', reason: 'rooms-not-distinct' },
    ])
  })
})

describe('a register of people', () => {
  const row = (changes: Partial<Record<string, string>> = {}) => {
    const cells: Record<string, string> = {
      楼栋: '1',
      单元: '2',
      房号: '301',
      年份: '1998',
      户名: '测试户',
      电话: '',
      类别: '独居、低保',
      姓名: '测试住户 1-2-301',
      证件: '990000198802110128',
      生日: '1988/2/11',
      入住: '',
      ...changes,
    } as Record<string, string>
    return PEOPLE_HEADER.split(',')
      .map((name) => cells[name])
      .join(',')
  }

  it('makes a building, a dwelling, a household, a person and where they live of one row', () => {
    const [building] = expectOk(readRegister(people(row()), peopleMapping())).buildings
    expect(building!.records.map(({ type, set, sets }) => ({ type, set, sets }))).toEqual([
      { type: 'building', set: { name: '1栋', yearBuilt: 1998 }, sets: {} },
      { type: 'dwelling', set: { unit: '2', room: '301' }, sets: {} },
      {
        type: 'household',
        set: { name: '测试户', phone: null },
        sets: { categories: ['elderly-alone', 'low-income'] },
      },
      {
        type: 'person',
        set: { name: '测试住户 1-2-301', idNumber: '990000198802110128', birthDate: '1988-02-11' },
        sets: {},
      },
      { type: 'residence', set: { from: null }, sets: {} },
    ])
    const residence = building!.records[4]!
    expect(Object.fromEntries(Object.entries(residence.links).map(([name, to]) => [name, to?.type]))).toEqual(
      {
        person: 'person',
        dwelling: 'dwelling',
        household: 'household',
      },
    )
  })

  it('reads the same from GB18030', () => {
    const utf8 = expectOk(readRegister(people(row()), peopleMapping()))
    const bytes = new Uint8Array(iconv.encode([PEOPLE_HEADER, row()].join('\r\n'), 'gb18030'))
    expect(expectOk(readRegister(bytes, peopleMapping()))).toEqual({ ...utf8, encoding: 'gb18030' })
  })

  it('joins rows of one household: what one leaves empty another says, and their categories add up', () => {
    const spouse = {
      姓名: '测试住户 1-2-301 配偶',
      证件: '990000196301020061',
      生日: '',
      电话: '000-0001',
      类别: '',
    }
    const [building] = expectOk(
      readRegister(
        people(row({ 类别: '独居' }), row(spouse), row({ ...spouse, 姓名: '丙', 证件: '', 类别: '低保' })),
        peopleMapping(),
      ),
    ).buildings
    const households = building!.records.filter(({ type }) => type === 'household')
    expect(households).toMatchObject([
      { set: { phone: '000-0001' }, sets: { categories: ['elderly-alone', 'low-income'] } },
    ])
    expect(building!.records.filter(({ type }) => type === 'person')).toHaveLength(3)
  })

  it('rejects a row that says something else of what an earlier row said', () => {
    const file = people(row(), row({ 证件: '990000196301020061', 年份: '1999', 户名: '别的户名' }))
    expect(expectOk(readRegister(file, peopleMapping())).rejected).toEqual([
      {
        row: 3,
        column: '年份',
        reason: 'contradicts-row',
        firstRow: 2,
        record: 'building',
        field: 'yearBuilt',
      },
      { row: 3, column: '户名', reason: 'contradicts-row', firstRow: 2, record: 'household', field: 'name' },
    ])
  })

  it('takes an empty flat without a person, and rejects a person without a key', () => {
    const empty = { 姓名: '', 证件: '', 生日: '' }
    const register = expectOk(
      readRegister(people(row(empty), row({ ...empty, 房号: '302' })), peopleMapping()),
    )
    expect(register.rejected).toEqual([])
    expect(register.buildings[0]!.records.map(({ type }) => type)).toEqual([
      'building',
      'dwelling',
      'household',
      'dwelling',
      'household',
    ])
    expect(rejectedOf(people(row({ 房号: '' })), peopleMapping())).toContainEqual({
      row: 2,
      column: '房号',
      reason: 'empty-key',
    })
  })

  it('rejects the same person in the same dwelling twice, and not in another', () => {
    expect(rejectedOf(people(row(), row(), row({ 房号: '302' })), peopleMapping())).toEqual([
      { row: 3, column: '证件', reason: 'duplicate-key' },
    ])
  })

  it('keeps ID numbers out of what it reports', () => {
    const [rejection] = expectOk(
      readRegister(people(row({ 证件: '990000198802110120' })), peopleMapping()),
    ).rejected
    expect(rejection).toEqual({
      row: 2,
      column: '证件',
      reason: 'id-number-check',
      record: 'person',
      field: 'idNumber',
    })
  })

  it('reads dates as registers write them, and no day that does not exist', () => {
    const bornOn = (生日: string, by = peopleMapping()) => {
      const register = expectOk(readRegister(people(row({ 生日 })), by))
      const person = register.buildings[0]?.records.find(({ type }) => type === 'person')
      return person?.set.birthDate ?? register.rejected[0]?.reason
    }
    for (const text of ['1946-03-02', '1946/3/2', '1946.3.2', '19460302', '1946年3月2日', '1946-03-02'])
      expect(bornOn(text)).toBe('1946-03-02')
    for (const text of ['1946-02-30', '2/3/1946', '46-3-2', '1946', '1946-13-01', '昨天'])
      expect(bornOn(text)).toBe('not-a-date')
    const withDates = (date: string) => {
      const person = { key: ['证件'], fields: { name: '姓名', birthDate: { column: '生日', date } } }
      const records = { building: { key: ['楼栋'], fields: { name: '楼栋' } }, person }
      return peopleMapping({ records })
    }
    expect(bornOn('2/3/1946', withDates('day-first'))).toBe('1946-03-02')
    expect(bornOn('3/2/1946', withDates('month-first'))).toBe('1946-03-02')
    expect(bornOn('13/2/1946', withDates('month-first'))).toBe('not-a-date')
  })
})
