import type { Words } from './language.ts'

/** What a gateway says of its running; the event's name stands in the log beside the words. */
export const eventWords = {
  starting: ['网关启动', 'The gateway is starting'],
  ready: ['网关就绪', 'The gateway is ready'],
  stopping: ['网关正在停下', 'The gateway is stopping'],
  stopped: ['网关停好了', 'The gateway has stopped'],
  'source-started': ['开始听', 'Listening to a source'],
  'source-failed': ['这一路中断,稍后重试;别的照常', 'A source failed and is tried again; the others go on'],
  'source-broke': ['这一路出错的地方', 'Where a source broke'],
  'source-recovered': ['这一路恢复了', 'A source is back'],
  'source-stopped': ['这一路停了', 'A source was stopped'],
  'not-kept': [
    '听到的有一些没有留:没有登记的设备,或没有同意',
    'Some of what was heard was not kept: no device of that address, or no consent',
  ],
  'keep-failed': ['没有存上,稍后重试', 'Not saved; tried again later'],
  alarm: ['报警有变', 'An alarm was raised or changed'],
  'alarm-failed': ['报警没有写上,下一轮再写', 'An alarm could not be written; the next round tries again'],
  'rules-failed': ['这一轮规则没有看完', 'A round of rules could not be finished'],
  'daily-failed': ['每日汇总没有写上', 'A daily summary could not be written'],
  pruned: ['旧的原始读数已清掉', 'Old raw readings were taken away'],
  checkpoint: ['做了检查点', 'A checkpoint was made'],
  'checkpoint-failed': ['检查点没有做成', 'A checkpoint could not be made'],
  'config-changed': ['配置改了,已采用', 'The configuration changed and is in use'],
  'config-bad': ['新配置不对,继续用旧的', 'The new configuration is faulty; the old one stays in use'],
  'config-needs-restart': ['这一项要重启才生效', 'This takes effect at the next start'],
  'sync-trouble': ['同步有一处不通', 'Trouble on the way to another station'],
  'service-failed': ['一项服务没有开起来', 'A service could not be opened'],
  'clock-not-set': [
    '本机时钟没有对过时,不向笔记本报时',
    'The clock of this machine is not set by the network; no time is offered to laptops',
  ],
  'clock-offered': ['开始向笔记本报时', 'The time is offered to laptops'],
  'chore-failed': ['一项例行工作没做成,下次再做', 'A chore failed and comes again'],
  crashed: ['程序出错退出', 'The program failed and ends'],
  removed: ['这台网关已被移除', 'This gateway was removed'],
  'disk-low': ['磁盘快满了', 'The disk is nearly full'],
  'notify-failed': ['没能通知 systemd', 'systemd could not be told'],
} as const satisfies Readonly<Record<string, Words>>

export type GatewayEvent = keyof typeof eventWords
