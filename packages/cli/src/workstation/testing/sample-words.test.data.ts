/** The day and the long words that all samples stand on. */
/** 2026-11-24 09:14 in Shanghai. */
export const SAMPLE_NOW_MS = Date.UTC(2026, 10, 24, 1, 14)
export const DAY = '2026-11-24'
export const LONG = '听力差,敲重些;有小狗;儿子每周三来;钥匙在隔壁测试住户 1-1-102 那里;不要按门铃'
export const author = { member: 'me-1', name: '测试员甲' }
