import { templateFaultWords } from './template-text.ts'
import { below, type Catalogue, listOf, of, sizeIn } from './wording.ts'

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
  'template-faults': (d) => {
    const [zh, en] = below(listOf(d, 'faults'), templateFaultWords)
    return {
      zh: `模板里有要改的地方,什么都没有写:${zh}`,
      en: `The template has faults, and nothing was written:${en}`,
      next: ['doorstep template check FILE', 'doorstep template measures'],
    }
  },
  'template-too-large': (d) => ({
    zh: `模板有 ${sizeIn(d, 'bytes')},最多 ${sizeIn(d, 'maxBytes')}(每台机器都要存一份)。请去掉图片和用不着的表。什么都没有写。`,
    en: `The template has ${sizeIn(d, 'bytes')}; at most ${sizeIn(d, 'maxBytes')} travel with the community. Take out pictures and sheets that it does not need. Nothing was written.`,
    next: ['doorstep template add SMALLER-FILE', 'doorstep report table ./FILE.xlsx --to OTHER.xlsx'],
  }),
  'no-such-template': (d) => ({
    zh: `没有“${of(d, 'template')}”这个模板,或者还没到齐。有:${of(d, 'templates') || '(一个也没有)'}。`,
    en: `There is no template "${of(d, 'template')}", or not all of it is here yet. There are: ${of(d, 'templates') || '(none)'}.`,
    next: ['doorstep template list', 'doorstep template add FILE'],
  }),
}
