import { type Catalogue, of, sizeIn } from './wording.ts'

/** Problems of workbooks that come from elsewhere. */
export const workbookProblems: Catalogue = {
  'not-a-workbook': (d) => ({
    zh: `${of(d, 'file') || '文件'}不是工作簿(.xlsx)。什么都没有改动。`,
    en: `${of(d, 'file') || 'The file'} is no workbook (.xlsx). Nothing was changed.`,
    next: [`ls -l ${of(d, 'file') || 'FILE'}`],
  }),
  'workbook-old-format': (d) => ({
    zh: `${of(d, 'file') || '文件'}是旧式的 .xls,或用密码锁着。请在表格软件里去掉密码,另存为 .xlsx。什么都没有改动。`,
    en: `${of(d, 'file') || 'The file'} is an old .xls, or locked by a password. Take the password off and save it as .xlsx. Nothing was changed.`,
    next: [`soffice --convert-to xlsx ${of(d, 'file') || 'FILE.xls'}`],
  }),
  'workbook-too-large': (d) => ({
    zh: `${of(d, 'file') || '工作簿'}展开后有 ${sizeIn(d, 'bytes')},最多 ${sizeIn(d, 'maxBytes')}。请分成几份。什么都没有改动。`,
    en: `${of(d, 'file') || 'The workbook'} unpacks to ${sizeIn(d, 'bytes')}; at most ${sizeIn(d, 'maxBytes')} are read. Cut it in parts. Nothing was changed.`,
    next: [`ls -l ${of(d, 'file') || 'FILE'}`],
  }),
  'workbook-damaged': (d) => ({
    zh: `${of(d, 'file') || '工作簿'}损坏了,读不出来(${of(d, 'reason')})。请在表格软件里打开,另存一份再试。什么都没有改动。`,
    en: `${of(d, 'file') || 'The workbook'} is damaged and cannot be read (${of(d, 'reason')}). Open it in a spreadsheet, save a copy, and try that. Nothing was changed.`,
    next: [`ls -l ${of(d, 'file') || 'FILE'}`],
  }),
}
