import { type Catalogue, of } from './wording.ts'

/** Problems of rules about readings (监测规则) and of leave notices (外出报备). */
export const watchProblems: Catalogue = {
  'no-such-rule': (d) => ({
    zh: `没有规则“${of(d, 'rule')}”。没有改动。要加自己的规则,写上 kind 和 signal。`,
    en: `There is no rule ${of(d, 'rule')}. Nothing was changed. To add one of your own, give its kind and its signal.`,
    next: [
      'doorstep rule list',
      'doorstep rule set CODE --set kind=no-use --set signal=water --set hours=48',
    ],
  }),
  'life-rule': (d) => ({
    zh: `“${of(d, 'rule')}”关系性命,不能为一户停掉。没有改动。设备总误报,请修或换。`,
    en: `${of(d, 'rule')} concerns life and is not switched off for one home. Nothing was changed. A device that cries wolf is repaired or replaced.`,
    next: ['doorstep device list'],
  }),
  'not-away': () => ({
    zh: '这一户没有正在外出的报备。没有改动。',
    en: 'No leave of this household is running. Nothing was changed.',
    next: ['doorstep leave list --all', 'doorstep leave note HOUSEHOLD --said-by resident'],
  }),
}
