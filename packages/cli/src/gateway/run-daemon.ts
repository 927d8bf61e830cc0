/** A gateway from its configuration until it is told to stop: what `gateway run --config` does. */
import type { Result, Station } from '@doorstep/core'
import { ok } from '@doorstep/core'
import { broke } from './broke.ts'
import type { GatewayConfig } from './config.ts'
import { Gateway } from './daemon.ts'
import { type GatewayLog, openLog } from './log.ts'
import { openNotifier } from './notify.ts'
import { watchConfig } from './watch-config.ts'

export type RunDaemon = {
  readonly station: Station
  readonly config: GatewayConfig
  readonly configFile: string
  readonly version: string
  /** Where logs go. */
  readonly out: { write(line: string): void }
  readonly onReady: (gateway: Gateway) => void
  /** Ends it in good order. */
  readonly until: Promise<void>
}

/** `removed`: it ended because this station is no part of the community any more. */
export async function runDaemon(input: RunDaemon): Promise<Result<{ readonly removed: boolean }>> {
  const { station, config, configFile, version, out, onReady, until } = input
  const log = openLog({ ...config.log, language: config.language, out })
  using _ = tellCrashes(log)
  const notifier = openNotifier()
  // Programs that are started would tell systemd about themselves in this one's name: timedatectl says ERRNO.
  for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) delete process.env[name]
  const tell = async (...words: readonly string[]) => {
    if (notifier && !(await notifier.say(...words))) log.warn('notify-failed')
  }
  log.info('starting', { version })
  const opened = await Gateway.open({ station, config, log, version })
  if (!opened.ok) return opened
  const gateway = opened.value
  const watcher = watchConfig(configFile, log, async (next) => {
    await tell('RELOADING=1')
    await gateway.apply(next)
    await tell('READY=1')
  })
  await tell('READY=1', `STATUS=${gateway.notReady().join(', ') || 'ready'}`)
  // The timer runs in the loop that does all the work: a loop that hangs sends no sign of life.
  const alive = notifier?.watchdogMs ? setInterval(() => void tell('WATCHDOG=1'), notifier.watchdogMs) : null
  log.info('ready')
  onReady(gateway)
  let removed = false
  await Promise.race([
    until,
    gateway.removed.then(() => {
      removed = true
      log.error('removed')
    }),
  ])
  log.info('stopping')
  void tell('STOPPING=1')
  watcher.stop()
  await gateway.close()
  if (alive) clearInterval(alive)
  log.info('stopped')
  return ok({ removed })
}

/** What is thrown where nobody catches it ends the process. */
function tellCrashes(log: GatewayLog): Disposable {
  const crash = (error: unknown) => {
    log.error('crashed', broke(error))
    process.exit(1)
  }
  process.on('uncaughtException', crash)
  process.on('unhandledRejection', crash)
  return {
    [Symbol.dispose]() {
      process.off('uncaughtException', crash)
      process.off('unhandledRejection', crash)
    },
  }
}
