import { below, type Catalogue, type Detail, listOf, of } from './wording.ts'

/** Problems of paper: codes of sheets that are typed in, and what is printed. */
export const paperProblems: Catalogue = {
  'sheet-code-shape': (d) => ({
    zh: `纸表编号是 ${of(d, 'wanted') || 12} 位,这里有 ${of(d, 'length') || '?'} 位(没有字母 I L O U V)。什么都没有记。`,
    en: `The code of a sheet has ${of(d, 'wanted') || 12} characters; this has ${of(d, 'length') || '?'} (there is no I, L, O, U or V in it). Nothing was recorded.`,
    next: ['doorstep visit paper XXXX-XXXX-XXXX'],
  }),
  'sheet-code-mistyped': (d) => ({
    zh: `编号 ${of(d, 'code')} 有一位打错了(校验不对)。对着纸再看一遍。什么都没有记。`,
    en: `A character of ${of(d, 'code')} is wrong: its check does not come out. Look at the sheet again. Nothing was recorded.`,
    next: ['doorstep visit paper XXXX-XXXX-XXXX'],
  }),
  'sheet-household-unknown': (d) => ({
    zh: `编号 ${of(d, 'code')} 没打错,但这台机器没有这一户:可能是别的网格或社区的,已删除,或还没同步过来。纸表收好,什么都没有记。`,
    en: `The code ${of(d, 'code')} is right, but this station has no such household: it is another grid's or community's, was erased, or has not come here yet. Keep the sheet; nothing was recorded.`,
    next: ['doorstep sync now', 'doorstep find TEXT'],
  }),
  'sheet-form-unknown': (d) => {
    const [zh, en] = below(listOf(d, 'forms'), (one) => [of(one, 'value'), of(one, 'value')])
    return {
      zh: `编号 ${of(d, 'code')} 的表单,或它的这一版,这里没有(印于 ${of(d, 'printedOn')})。看纸脚的版本。什么都没有记。这里有:${zh}`,
      en: `The form of ${of(d, 'code')}, or this version of it, is not here (printed on ${of(d, 'printedOn')}). Its foot says which version it is. Nothing was recorded. Here are:${en}`,
      next: ['doorstep form list', 'doorstep visit record HOUSEHOLD --mode paper --note TEXT'],
    }
  },
  'sheet-typed-in': (d) => ({
    zh: `这张纸表 ${of(d, 'by')} 已经填过,探访日期 ${of(d, 'on')}。没有再记。`,
    en: `This sheet was typed in by ${of(d, 'by')} already, as of ${of(d, 'on')}. It was not recorded again.`,
    next: [`doorstep visit show ${of(d, 'visit') || 'ID'}`, 'doorstep visit paper CODE --again'],
  }),
  'sheet-day-needed': (d) => ({
    zh: '纸表是哪天填的?要写明,不猜。什么都没有记。',
    en: 'On which day was the sheet filled in? It has to be said and is not guessed. Nothing was recorded.',
    next: [`doorstep visit paper ${of(d, 'code') || 'CODE'} --answers FILE --on YYYY-MM-DD`],
  }),
  'sheet-household-needed': (d) => ({
    zh: `这张纸是哪一户的?${matches(d)[0]}`,
    en: `Which household is this sheet for?${matches(d)[1]}`,
    next: [`doorstep visit paper ${of(d, 'code') || 'CODE'} --household DOOR --answers FILE --on YYYY-MM-DD`],
  }),
  'sheet-of-another': (d) => ({
    zh: `这张纸不是这一户的。编号说的是:${matches(d)[0]}`,
    en: `This sheet is not for that household. Its code says:${matches(d)[1]}`,
    next: [`doorstep visit paper ${of(d, 'code') || 'CODE'}`],
  }),
  'no-printer': (d) => ({
    zh: `这台机器没有打印命令(lp、lpr)。PDF 已写好:${of(d, 'file')}。`,
    en: `There is no printing command here (lp, lpr). The PDF is written: ${of(d, 'file')}.`,
    next: [
      `lp ${of(d, 'file') || 'FILE.pdf'}`,
      'doorstep print notice HOUSEHOLD --kind absent --to FILE.pdf',
    ],
  }),
  'printer-refused': (d) => ({
    zh: `${of(d, 'program')} 没有收下:${of(d, 'detail')}。PDF 已写好:${of(d, 'file')}。`,
    en: `${of(d, 'program')} did not take it: ${of(d, 'detail')}. The PDF is written: ${of(d, 'file')}.`,
    next: [`lp ${of(d, 'file') || 'FILE.pdf'}`],
  }),
  'not-practice': (d) => ({
    zh: `${of(d, 'home')} 不是练习社区。真的工作站不会被练习命令改动。`,
    en: `${of(d, 'home')} is no practice community. Commands of practice leave real homes alone.`,
    next: ['doorstep practice start'],
  }),
  'practice-invite': (d) => ({
    zh: `${of(d, 'file')} 是练习社区的邀请。练习的东西进不了真的社区;确实要一起练习,加 --practice。什么都没有建。`,
    en: `${of(d, 'file')} is an invite of a practice community. Nothing of practice gets into a real one; to practise together, add --practice. Nothing was made.`,
    next: ['doorstep member join INVITE --practice --home FOLDER'],
  }),
  'draft-in-the-way': () => ({
    zh: '这一户还有没填完的表。先填完或丢掉(门前按 D),再填这张纸。',
    en: 'A half-filled form of this household is in the way. Finish it or throw it away (D at the door), then type this sheet in.',
    next: ['doorstep visit paper CODE --answers FILE --on YYYY-MM-DD'],
  }),
  'nobody-due': () => ({
    zh: '这个网格今天没有要去的住户,没有东西可印。',
    en: 'Nobody in this grid is due today, so there is nothing to print.',
    next: ['doorstep visit due', 'doorstep print form FORM --grid GRID'],
  }),
}

const matches = (d: Detail) =>
  below(listOf(d, 'matches'), (one) => [
    `${of(one, 'title')}  ${of(one, 'id')}`,
    `${of(one, 'title')}  ${of(one, 'id')}`,
  ])
