/**
 * sd_notify by the `systemd-notify` program that systemd brings with it: Node opens no unix datagram sockets, and the
 * packages that do are built at installation, which a gateway without a network cannot do. It waits until systemd has
 * taken the message in, so it is not lost although its sender ends (systemd 246 and later). The unit needs
 * `NotifyAccess=all`, since the sender is not the main process.
 */
import { execFile } from 'node:child_process'

export type Notifier = {
  /** Milliseconds between signs of life that systemd wants; null: it watches nothing. */
  readonly watchdogMs: number | null
  say(...assignments: readonly string[]): Promise<boolean>
}

export function openNotifier(
  env: NodeJS.ProcessEnv = process.env,
  program = 'systemd-notify',
): Notifier | null {
  const { NOTIFY_SOCKET, PATH } = env
  if (!NOTIFY_SOCKET) return null
  const forMe = env.WATCHDOG_PID === undefined || env.WATCHDOG_PID === String(process.pid)
  const usec = Number(env.WATCHDOG_USEC)
  return {
    // Half of the limit, as systemd advises.
    watchdogMs: forMe && usec > 0 ? usec / 2000 : null,
    say: (...assignments) =>
      new Promise((resolve) => {
        execFile(
          program,
          [`--pid=${process.pid}`, ...assignments],
          { env: { PATH, NOTIFY_SOCKET }, timeout: 10_000 },
          (error) => resolve(error === null),
        )
      }),
  }
}
