import { type Catalogue, of } from './wording.ts'

/** Problems of what leaves the station as tables and reports. */
export const exportProblems: Catalogue = {
  'export-exists': (d) => ({
    zh: `${of(d, 'file')} 已经在那里,没有盖掉。什么都没有写。`,
    en: `${of(d, 'file')} is there already, and was not replaced. Nothing was written.`,
    next: ['doorstep export WHAT --to OTHER-FILE', 'doorstep export WHAT --to FILE --replace'],
  }),
  'no-such-column': (d) => ({
    zh: `没有“${of(d, 'column')}”这一列。有:${of(d, 'columns')}。什么都没有写。`,
    en: `There is no column "${of(d, 'column')}". There are: ${of(d, 'columns')}. Nothing was written.`,
    next: ['doorstep export WHAT --to FILE'],
  }),
  'filter-not-here': (d) => ({
    zh: `${of(d, 'what')} 这张表不能用 --${of(d, 'filter')} 筛选。能用:${of(d, 'allowed')}。什么都没有写。`,
    en: `The table ${of(d, 'what')} cannot be filtered by --${of(d, 'filter')}. It can by: ${of(d, 'allowed')}. Nothing was written.`,
    next: ['doorstep export WHAT --to FILE --grid NAME'],
  }),
  'bad-state': (d) => ({
    zh: `--state 没有“${of(d, 'state')}”。有:${of(d, 'allowed')}。什么都没有写。`,
    en: `--state has no "${of(d, 'state')}". It has: ${of(d, 'allowed')}. Nothing was written.`,
    next: ['doorstep export cases --to FILE --state closed'],
  }),
  'bad-month': (d) => ({
    zh: `“${of(d, 'month')}”不是月份,应为 年-月。什么都没有写。`,
    en: `"${of(d, 'month')}" is no month, it should be YYYY-MM. Nothing was written.`,
    next: ['doorstep report html --month 2026-11 --to FILE.html'],
  }),
  'small-numbers-need-reason': (d) => ({
    zh: `--limit 小于 ${of(d, 'standard') || 5} 会公开居民的小数,要用 --reason 说明为什么。什么都没有写。`,
    en: `A --limit below ${of(d, 'standard') || 5} gives small numbers about residents away: say why with --reason. Nothing was written.`,
    next: ['doorstep report html --to FILE.html --limit 1 --reason TEXT'],
  }),
}
