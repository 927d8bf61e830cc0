import { defineRecord, movedTo, moving } from '../record/define.ts'

/**
 * What a device's rule found in a home, and what people did about it. The id derives from device, rule and `sinceMs`,
 * so two gateways, or one that says it again, make one. All that may differ between them stands on the timelines, each
 * item with what its author had seen; what holds is folded from them, see work/alarm-state.ts.
 */
export const alarm = defineRecord({
  type: 'alarm',
  prefix: 'al',
  label: ['报警', 'Alarm'],
  space: 'grid',
  version: 1,
  fields: {
    device: { type: 'id', of: ['de'], label: ['设备', 'Device'], required: true },
    dwelling: { type: 'id', of: ['dw'], label: ['房屋', 'Dwelling'] },
    household: { type: 'id', of: ['hh'], label: ['住户', 'Household'] },
    rule: { type: 'text', label: ['规则', 'Rule'], required: true, maxLength: 60 },
    /** When what was found began, milliseconds since 1970, as the gateway's data tell. */
    sinceMs: { type: 'integer', label: ['开始于(毫秒)', 'Since, in ms'], required: true },
    movedTo,
  },
  timelines: {
    ...moving,
    /**
     * `{state: raised|confirmed|cleared|unknown, at, round, figures?, saw: [item ids]}` by a gateway, `at` by its clock;
     * the raised also `{rule: {label, urgency, signal, chain}, case}`. A new `round`: raised again after a verdict.
     */
    signals: { label: ['信号', 'Signals'] },
    /** `{did: phoned|visited|nobody, by: phone|door, verdict?, note?, role, round, saw: [item ids]}` */
    answers: { label: ['处置', 'Answers'] },
  },
})
