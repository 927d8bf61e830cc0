import type { Words } from './language.ts'
import { below, type Catalogue, type Detail, listOf, of } from './wording.ts'

/** What is wrong in a configuration, by its rule. */
function faultWords(fault: Detail): Words {
  const where = `${of(fault, 'line')}:${of(fault, 'column')} ${of(fault, 'path')}`.trimEnd()
  const allowed = of(fault, 'allowed')
  const found = of(fault, 'found')
  const [zh, en] = ruleWords(of(fault, 'rule'), found, allowed)
  return [`${where} ${zh}`, `${where} ${en}`]
}

function ruleWords(rule: string, found: string, allowed: string): Words {
  switch (rule) {
    case 'syntax':
      return [`不合 YAML 格式(${syntaxWords[found] ?? found})`, `is no YAML: ${allowed || found}`]
    case 'unknown-key':
      return [`没有这一项;这里可以有:${allowed}`, `is not known; here may be: ${allowed}`]
    case 'missing':
      return [`必须写;例如:${allowed}`, `is missing; for example: ${allowed}`]
    case 'not-a-map':
      return [`这里应是若干 “名: 值”;可以有:${allowed}`, `should be "name: value" pairs; may be: ${allowed}`]
    case 'not-a-list':
      return ['这里应是一列,每项以 “- ” 开头', 'should be a list, each item after "- "']
    case 'twice':
      return [`用了两次:${found || allowed}`, `is there twice: ${found || allowed}`]
    case 'one-of':
      return [`${allowed} 之中要写一个,只写一个`, `needs exactly one of: ${allowed}`]
    case 'not-together':
      return [`要和它一起写:${allowed}`, `goes with: ${allowed} only`]
    default:
      return [`不能是 “${found}”;可以是:${allowed}`, `cannot be "${found}"; may be: ${allowed}`]
  }
}

/** The parser's own codes that a person typing a configuration meets. */
const syntaxWords: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: '缩进要用空格,不能用制表符',
  BAD_INDENT: '缩进不对',
  DUPLICATE_KEY: '同一项写了两次',
  MISSING_CHAR: '少了符号,例如引号或冒号后的空格',
  UNEXPECTED_TOKEN: '这里不该有这个符号',
  MULTILINE_IMPLICIT_KEY: '一项的名字不能跨行',
  BLOCK_AS_IMPLICIT_KEY: '一行里有两个 “: ”',
  BAD_SCALAR_START: '这个符号开头的值要加引号',
}

/** Problems of the gateway as a service. */
export const gatewayProblems: Catalogue = {
  'bad-config': (d) => {
    const faults = listOf(d, 'faults')
    const [zh, en] = below(faults, faultWords, 50)
    return {
      zh: `配置 ${of(d, 'file')} 有 ${faults.length} 处不对,没有用它:${zh}`,
      en: `The configuration ${of(d, 'file')} has ${faults.length} faults and is not used:${en}`,
      next: [`doorstep gateway check ${of(d, 'file')}`, 'doorstep gateway init FILE'],
    }
  },
  'config-exists': (d) => ({
    zh: `${of(d, 'file')} 已经有了。没有改动它。`,
    en: `There is ${of(d, 'file')} already. It was not changed.`,
    next: [`doorstep gateway check ${of(d, 'file')}`, 'doorstep gateway init OTHER-FILE'],
  }),
  'backup-exists': (d) => ({
    zh: `${of(d, 'file')} 已经有了。没有覆盖它。`,
    en: `There is ${of(d, 'file')} already. It was not overwritten.`,
    next: ['doorstep gateway backup OTHER-FILE'],
  }),
  'not-a-backup': (d) => ({
    zh: `${of(d, 'file')} 不是备份,或不完整。什么都没有恢复。`,
    en: `${of(d, 'file')} is no backup, or is cut short. Nothing was restored.`,
    next: ['doorstep gateway restore OTHER-FILE'],
  }),
  'backup-altered': (d) => ({
    zh: `备份 ${of(d, 'file')} 里的 ${of(d, 'name')} 和写成时不一样了。什么都没有恢复。`,
    en: `${of(d, 'name')} in the backup ${of(d, 'file')} is not as it was written. Nothing was restored.`,
    next: ['doorstep gateway restore OTHER-FILE'],
  }),
  'backup-differs': (d) => ({
    zh: `备份 ${of(d, 'file')} 打得开,但摘要对不上。什么都没有恢复。`,
    en: `The backup ${of(d, 'file')} opens, but its digests are not those that were noted. Nothing was restored.`,
    next: ['doorstep gateway restore OTHER-FILE'],
  }),
  'folder-not-empty': (d) => ({
    zh: `文件夹 ${of(d, 'folder')} 里有别的东西。什么都没有恢复。`,
    en: `The folder ${of(d, 'folder')} is not empty. Nothing was restored.`,
    next: ['doorstep gateway restore FILE --home EMPTY-FOLDER'],
  }),
  'no-systemd': (d) => ({
    zh: `这里(${of(d, 'platform')})没有 systemd,不支持装成服务。网关本身可以直接运行。`,
    en: `There is no systemd here (${of(d, 'platform')}): installing as a service is not supported. The gateway itself can be run.`,
    next: ['doorstep gateway run --config FILE', 'doorstep gateway install --dry-run'],
  }),
}
