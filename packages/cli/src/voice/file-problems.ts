import { ruleWords } from './rule-words.ts'
import { below, type Catalogue, listOf, of } from './wording.ts'

const IMPORT = 'doorstep import FILE --mapping FILE'

/** Problems of files that come from elsewhere: registers, mappings, forms, answers, what stands behind `@`. */
export const fileProblems: Catalogue = {
  'bad-mapping': (d) => {
    const [zh, en] = below(listOf(d, 'faults'), (fault) => {
      const [why, whyEn] = ruleWords(of(fault, 'rule'), fault)
      return [`${of(fault, 'path') || '整个文件'}:${why}`, `${of(fault, 'path') || 'the file'}: ${whyEn}`]
    })
    return {
      zh: `对照文件有错,什么都没有导入:${zh}`,
      en: `The mapping has faults, and nothing was imported:${en}`,
      next: [`${IMPORT} --dry-run`],
    }
  },
  'mapping-needed': () => ({
    zh: '这不是导出的表格,要一份对照文件说明哪一列是什么。可以先照表头拟一份,核对后再导入。什么都没有导入。',
    en: 'This is no table that was exported, so a mapping must say what its columns mean. One can be proposed from the headers; check it, then import. Nothing was imported.',
    next: ['doorstep import FILE --make-mapping MAPPING.json', IMPORT],
  }),
  'no-mapping-proposed': (d) => ({
    zh: `表头里认不出楼栋或房号(缺 ${of(d, 'lacking')})。有:${of(d, 'columns')}。地址写在一列里的,请先拆成楼栋、单元、房号。什么都没有写。`,
    en: `No building or room is recognized among the headers (lacking ${of(d, 'lacking')}). There are: ${of(d, 'columns')}. An address in one column must first be cut into building, unit and room. Nothing was written.`,
    next: ['doorstep import FILE --make-mapping MAPPING.json --sheet NAME', IMPORT],
  }),
  'no-such-sheet': (d) => ({
    zh: `工作簿里没有“${of(d, 'sheet')}”这张表。有:${of(d, 'sheets')}。什么都没有导入。`,
    en: `The workbook has no sheet "${of(d, 'sheet')}". It has: ${of(d, 'sheets')}. Nothing was imported.`,
    next: [`${IMPORT} --sheet NAME`],
  }),
  'sheet-not-chosen': (d) => ({
    zh: `工作簿里有好几张表:${of(d, 'sheets')}。请用 --sheet 说是哪一张。什么都没有导入。`,
    en: `The workbook has several sheets: ${of(d, 'sheets')}. Say which with --sheet. Nothing was imported.`,
    next: [`${IMPORT} --sheet NAME`],
  }),
  'empty-file': () => ({
    zh: '登记表是空的。什么都没有导入。',
    en: 'The register is empty. Nothing was imported.',
    next: [IMPORT],
  }),
  'file-too-large': (d) => ({
    zh: `文件太大(${of(d, 'bytes')} 字节,最多 ${of(d, 'maxBytes')})。请分成几份。什么都没有导入。`,
    en: `The file is too large (${of(d, 'bytes')} bytes, at most ${of(d, 'maxBytes')}). Cut it in parts. Nothing was imported.`,
    next: [IMPORT],
  }),
  'not-a-csv': (d) => ({
    zh: `这不是 CSV,也不是 .xlsx(像是 ${of(d, 'found')})。请在表格软件里另存为 .xlsx 或 CSV。什么都没有导入。`,
    en: `This is neither a CSV nor an .xlsx (it looks like ${of(d, 'found')}). Save it as .xlsx or CSV first. Nothing was imported.`,
    next: [IMPORT],
  }),
  'wrong-encoding': (d) => ({
    zh: `文件编码不是 ${of(d, 'declared')}${d.row === undefined ? '' : `(第 ${of(d, 'row')} 行)`}。请改对照文件的 encoding。什么都没有导入。`,
    en: `The file is not ${of(d, 'declared')}${d.row === undefined ? '' : ` (line ${of(d, 'row')})`}. Correct "encoding" in the mapping. Nothing was imported.`,
    next: [`${IMPORT} --dry-run`],
  }),
  'unknown-encoding': (d) => ({
    zh: `认不出文件的编码(第 ${of(d, 'row')} 行)。请另存为 UTF-8,或在对照文件里写明 encoding。什么都没有导入。`,
    en: `The encoding of the file is unknown (line ${of(d, 'row')}). Save it as UTF-8, or state "encoding" in the mapping. Nothing was imported.`,
    next: [`${IMPORT} --dry-run`],
  }),
  'bad-header': (d) => ({
    zh: `表头读不了(第 ${of(d, 'row')} 行):${ruleWords(of(d, 'reason'), d)[0]}。什么都没有导入。`,
    en: `The header cannot be read (line ${of(d, 'row')}): ${ruleWords(of(d, 'reason'), d)[1]}. Nothing was imported.`,
    next: [`${IMPORT} --dry-run`],
  }),
  'missing-column': (d) => ({
    zh: `登记表里没有这些列:${of(d, 'columns')}。有:${of(d, 'present')}。什么都没有导入。`,
    en: `The register lacks these columns: ${of(d, 'columns')}. It has: ${of(d, 'present')}. Nothing was imported.`,
    next: [`${IMPORT} --dry-run`],
  }),
  'duplicate-column': (d) => ({
    zh: `有好几列都叫“${of(d, 'column')}”。请改名。什么都没有导入。`,
    en: `Several columns are called "${of(d, 'column')}". Rename them. Nothing was imported.`,
    next: [`${IMPORT} --dry-run`],
  }),
  'no-grid-chosen': (d) => ({
    zh: `请说导入到哪个网格:${of(d, 'grids')};或用 --split 分成几个。什么都没有导入。`,
    en: `Say which grid to import into: ${of(d, 'grids')}; or make grids with --split. Nothing was imported.`,
    next: [`${IMPORT} --grid NAME`, `${IMPORT} --split 500`],
  }),
  'no-households-to-split': () => ({
    zh: '对照文件里没有住户,无从按户数分网格。什么都没有导入。',
    en: 'The mapping makes no households, so there is nothing to split by. Nothing was imported.',
    next: [`${IMPORT} --grid NAME`],
  }),
  'grid-and-split': () => ({
    zh: '--grid 和 --split 只能用一个。什么都没有导入。',
    en: 'Either --grid or --split, not both. Nothing was imported.',
    next: [`${IMPORT} --grid NAME`, `${IMPORT} --split 500`],
  }),
  'bad-split': (d) => ({
    zh: `--split 应为正整数,不是 ${of(d, 'split')}。什么都没有导入。`,
    en: `--split takes a whole number above 0, not ${of(d, 'split')}. Nothing was imported.`,
    next: [`${IMPORT} --split 500`],
  }),
  'unreadable-grid': (d) => ({
    zh: `这台机器读不了这些网格,分网格会重复:${of(d, 'grids')}。什么都没有导入。`,
    en: `This station does not read these grids, and a split could make them twice: ${of(d, 'grids')}. Nothing was imported.`,
    next: ['doorstep sync now', `${IMPORT} --grid NAME`],
  }),
  'answers-not-json': (d) => ({
    zh: `${of(d, 'file')} 应为 JSON 对象 {"题名": 回答}:${of(d, 'detail')}。没有存上。`,
    en: `${of(d, 'file')} should be a JSON object {"question": answer}: ${of(d, 'detail')}. Nothing was saved.`,
    next: ['doorstep form check ID', 'doorstep form fill ID --answers FILE'],
  }),
  'input-taken': () => ({
    zh: '标准输入只能给一个值,却有两处写了 @- 或 -。什么都没有改动。',
    en: 'Standard input gives one value, and two were asked of it (@- or -). Nothing was changed.',
    next: ['doorstep household edit ID --set phone=@- --set note=@FILE'],
  }),
  'form-not-xml': (d) => ({
    zh: `表单不是 XML:${of(d, 'reason')}`,
    en: `The form is no XML: ${of(d, 'reason')}`,
    next: ['doorstep form check FILE'],
  }),
  'form-not-xform': (d) => ({
    zh: `这份 XML 不是 ODK 表单:${of(d, 'reason')}`,
    en: `This XML is no ODK form: ${of(d, 'reason')}`,
    next: ['doorstep form check FILE'],
  }),
  'form-not-supported': (d) => ({
    zh: `这张表单用了这里没有的功能:${of(d, 'reason')}`,
    en: `The form uses what is not here: ${of(d, 'reason')}`,
    next: ['doorstep form check FILE', 'doorstep form list'],
  }),
  'form-attachment-missing': (d) => ({
    zh: `表单要用的文件不在旁边:${of(d, 'files') || of(d, 'reason')}`,
    en: `The form needs files that do not lie beside it: ${of(d, 'files') || of(d, 'reason')}`,
    next: ['doorstep form check FILE'],
  }),
  'form-engine-unavailable': (d) => ({
    zh: `表单引擎起不来:${of(d, 'reason')}。没有存上;不带表单也可以记探访。`,
    en: `The form engine does not start: ${of(d, 'reason')}. Not saved; a visit can be recorded without a form.`,
    next: ['doorstep visit record HOUSEHOLD --outcome met --note TEXT'],
  }),
  'draft-unreadable': (d) => ({
    zh: `填了一半的表单读不了:${of(d, 'reason')}。请重新填。`,
    en: `The half-filled form cannot be read: ${of(d, 'reason')}. Please fill it in again.`,
    next: ['doorstep visit record HOUSEHOLD --form ID --answers FILE'],
  }),
  'draft-of-other-form': () => ({
    zh: '填了一半的是另一张表单或另一个版本。草稿还在。',
    en: 'The half-filled form is another one, or another version. The draft is still there.',
    next: ['doorstep form list'],
  }),
  'language-unknown': (d) => ({
    zh: `表单没有 ${of(d, 'language')} 这种语言,有:${of(d, 'languages')}。`,
    en: `The form does not speak ${of(d, 'language')}; it speaks: ${of(d, 'languages')}.`,
    next: ['doorstep form check FILE'],
  }),
  'form-not-sound': (d) => {
    const [zh, en] = below(listOf(d, 'problems'), (one) => [
      `${of(one, 'where')}:${of(one, 'reason')}`,
      `${of(one, 'where')}: ${of(one, 'reason')}`,
    ])
    return {
      zh: `表单用不了:${zh}`,
      en: `The form cannot be used:${en}`,
      next: [`doorstep form check ${of(d, 'file') || 'FILE'}`],
    }
  },
}
