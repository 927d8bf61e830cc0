import { expect, test } from 'vitest'
import { naturalKey } from './natural-key.ts'

const sorted = (texts: string[]) => [...texts].sort((a, b) => (naturalKey(a) < naturalKey(b) ? -1 : 1))

test.each([
  [['1幢', '2幢', '10幢', '一百零三幢']],
  [['一号楼', '2号楼', '三号楼', '十号楼', '十二号楼', '二十号楼', '二十一号楼']],
  [['101', '101A', '102', '1001']],
  [['', '007', '8', '０９', 'A1', 'A2', 'a10', 'b1']],
])('%o', (texts) => {
  expect(sorted([...texts].reverse())).toEqual(texts)
})
