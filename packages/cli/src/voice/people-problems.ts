import { categoriesText } from './value-text.ts'
import { type Catalogue, of } from './wording.ts'

const listed = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []

/** Problems of registering people and homes, of moving in and out. */
export const peopleProblems: Catalogue = {
  'basis-needed': (d) => ({
    zh: `这个类别敏感,要写明依据(证件,或谁说的):${categoriesText(listed(d.categories), 'zh')}。没有存上。`,
    en: `A sensitive category needs what it rests on (a document, or who said so): ${categoriesText(listed(d.categories), 'en')}. Not saved.`,
    next: [
      'doorstep person edit PERSON --add-category CATEGORY --document TEXT',
      'doorstep household edit HOUSEHOLD --add-category CATEGORY --said-by TEXT',
    ],
  }),
  'person-elsewhere': () => ({
    zh: '这个人登记在另一个网格。没有存上。在这里登记后可以合并,或把住户转过来。',
    en: 'This person is registered in another grid. Not saved. Register them here and merge, or move the household.',
    next: ['doorstep person add HOUSEHOLD NAME', 'doorstep household move HOUSEHOLD --grid GRID'],
  }),
  'lives-there': (d) => ({
    zh: '这个人已经登记在这一户。没有存上。',
    en: 'This person is registered at this household already. Not saved.',
    next: [`doorstep household people ${of(d, 'household') || 'HOUSEHOLD'}`],
  }),
  'no-residence': (d) => ({
    zh: '这个人现在没有登记住在这里。没有存上。',
    en: 'This person is not registered as living here now. Not saved.',
    next: [`doorstep person show ${of(d, 'person') || 'PERSON'}`],
  }),
  'several-residences': (d) => ({
    zh: `这个人登记在不止一户,请说是哪一户:${listed(d.households).join('、')}。没有存上。`,
    en: `This person is registered at more than one household; say which: ${listed(d.households).join(', ')}. Not saved.`,
    next: [`doorstep person show ${of(d, 'person') || 'PERSON'}`],
  }),
  'nothing-to-undo': (d) => ({
    zh: '没有可以撤回的居住变动。什么都没有改动。',
    en: 'There is no change of residence to take back. Nothing was changed.',
    next: [`doorstep person show ${of(d, 'person') || 'PERSON'}`],
  }),
  'changed-since': (d) => ({
    zh: '之后又有人改过,不能直接撤回。什么都没有改动。请看历史,再记一次现在的情况。',
    en: 'It was changed again since, so it cannot simply be taken back. Nothing was changed. See the history, and note how it is now.',
    next: [`doorstep person show ${of(d, 'person') || 'PERSON'}`],
  }),
  'same-already': () => ({
    zh: '这两条已经是同一条。什么都没有改动。',
    en: 'The two are one already. Nothing was changed.',
    next: ['doorstep person merges', 'doorstep household merges'],
  }),
  'not-merged': () => ({
    zh: '这两条没有直接合并过。什么都没有改动。',
    en: 'These two were not merged with each other. Nothing was changed.',
    next: ['doorstep person merges', 'doorstep household merges'],
  }),
  'several-merges': (d) => ({
    zh: `它和不止一条合并过,请说是哪一条:${listed(d.others).join('、')}。什么都没有改动。`,
    en: `It was merged with more than one; say which: ${listed(d.others).join(', ')}. Nothing was changed.`,
    next: [`doorstep person unmerge ${of(d, 'one') || 'PERSON'} OTHER --reason TEXT`],
  }),
  'merge-needs-both': () => ({
    zh: '两条在不同的网格,要有两个网格的人才能合并。什么都没有改动。',
    en: 'The two are in different grids: only somebody who has both may merge them. Nothing was changed.',
    next: ['doorstep grid list', 'doorstep member list'],
  }),
  'household-there': (d) => ({
    zh: '这间房屋已经有一户。没有存上。真有第二户就加 --another。',
    en: 'There is a household in this dwelling already. Not saved. If there really is a second one, add --another.',
    next: [
      `doorstep household show ${of(d, 'household') || 'HOUSEHOLD'}`,
      'doorstep household add DOOR --another',
    ],
  }),
}
