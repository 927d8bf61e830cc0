import { defineRecord, movedTo, moving } from '../record/define.ts'

/**
 * Why something may be done with somebody's data (PIPL 13–17, 29, 31): who, for what, on which basis, how it was
 * given, from when to when. Written once; taken back by a withdrawal, which nothing takes back.
 */
export const consent = defineRecord({
  type: 'consent',
  prefix: 'cn',
  label: ['同意与依据', 'Consent'],
  space: 'grid',
  version: 1,
  fields: {
    subject: { type: 'id', of: ['pe', 'hh'], label: ['谁', 'Who'], required: true },
    purpose: {
      type: 'choice',
      label: ['用途', 'Purpose'],
      required: true,
      choices: {
        'monitor-electricity': ['远程抄电表', 'Monitor electricity'],
        'monitor-water': ['远程抄水表', 'Monitor water'],
        'monitor-gas': ['远程抄燃气表', 'Monitor gas'],
        'monitor-heat': ['远程抄热量表', 'Monitor heat'],
        'monitor-smoke': ['烟感监测', 'Monitor smoke alarm'],
        'monitor-gas-alarm': ['燃气报警监测', 'Monitor gas alarm'],
        'monitor-door': ['门磁监测', 'Monitor door sensor'],
        'monitor-button': ['呼叫按钮', 'Call button'],
        'monitor-other': ['其他设备监测', 'Monitor other devices'],
        'watch-closely': ['密切关注', 'Watch closely'],
        photos: ['拍照', 'Photos'],
        'share-with-partner': ['转给协作单位', 'Share with partners'],
        'phone-visits': ['电话探访', 'Visits by phone'],
        'health-notes': ['健康备注', 'Health notes'],
      },
    },
    basis: {
      type: 'choice',
      label: ['依据', 'Legal basis'],
      required: true,
      choices: {
        consent: ['本人同意', 'Consent'],
        contract: ['履行合同', 'Contract'],
        'legal-duty': ['法定职责', 'Legal duty'],
        'public-task': ['公共管理', 'Public task'],
        'vital-interest': ['紧急保护生命健康', 'Vital interest'],
      },
    },
    how: {
      type: 'choice',
      label: ['方式', 'How'],
      choices: {
        'in-person': ['当面', 'In person'],
        paper: ['纸面', 'On paper'],
        voice: ['语音', 'By voice'],
        message: ['短信或微信', 'By message'],
      },
    },
    /** Who spoke for a child under 14. */
    guardian: { type: 'text', label: ['监护人', 'Guardian'], maxLength: 80 },
    from: { type: 'date', label: ['起', 'From'], required: true },
    until: { type: 'date', label: ['止', 'Until'] },
    note: { type: 'text', label: ['备注', 'Note'], maxLength: 300 },
    movedTo,
  },
  sets: {
    /** Withdrawals that its author knew of: one it did not know of outweighs it. */
    after: { label: ['已知的撤回', 'Withdrawals known'] },
  },
  timelines: {
    ...moving,
    /** `{on, reason}`. */
    withdrawals: { label: ['撤回', 'Withdrawals'] },
  },
})
