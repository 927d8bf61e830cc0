import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { LineProcess } from '../line-process.ts'

const SWITCH = fileURLToPath(new URL('./switch.py', import.meta.url))

/** What a link does, one way. Nothing given: nothing lost, no delay, no limit. */
export type Shape = {
  /** Part of the packets that is lost. */
  readonly loss?: number
  readonly delayMs?: number
  readonly bytesPerSecond?: number
  /** What waits before the slow link at most; more is lost. */
  readonly queueBytes?: number
  readonly down?: boolean
}
export type LinkStats = {
  readonly bytes: number
  readonly packets: number
  readonly lost: number
  readonly overflowed: number
  /** TCP connections opened this way. */
  readonly calls: number
}

/** Why namespaces cannot be made here; null when they can. */
export function whyNoNetwork(): string | null {
  const tried = (command: string, ...args: string[]) => spawnSync(command, args, { encoding: 'utf8' })
  if (process.platform !== 'linux') return 'network namespaces are a thing of Linux'
  if (process.getuid?.() !== 0) return 'namespaces and TUN devices need root: sudo -E pnpm net'
  if (tried('ip', '-V').status !== 0) return 'no ip command: apt-get install iproute2'
  if (tried('python3', '-V').status !== 0) return 'no python3, in which the switch is written'
  const name = `doorstep-try-${process.pid}`
  const made = tried('ip', 'netns', 'add', name)
  if (made.status !== 0) return `ip netns add: ${made.stderr.trim()}`
  const tun = tried('ip', '-n', name, 'tuntap', 'add', 'dev', 'door0', 'mode', 'tun')
  tried('ip', 'netns', 'del', name)
  return tun.status === 0 ? null : `no TUN devices: ${tun.stderr.trim()}`
}

/** Machines in namespaces of their own, and the switch between them. */
export class Network {
  readonly #switch: LineProcess
  readonly #names: string[] = []
  readonly #label: string

  constructor(label: string, seed: number) {
    this.#label = label
    this.#switch = new LineProcess('python3', [SWITCH, String(seed)])
  }

  /** The address of a new machine. */
  async add(): Promise<Machine> {
    const n = this.#names.length + 2
    const machine = { namespace: `${this.#label}-${n}`, ip: `10.77.0.${n}` }
    spawnSync('ip', ['netns', 'add', machine.namespace])
    this.#names.push(machine.namespace)
    await this.#switch.ask(JSON.stringify({ add: machine.namespace, ip: machine.ip }), 'ready')
    return machine
  }

  shape(from: Machine, to: Machine, shape: Shape): void {
    this.#switch.tell(JSON.stringify({ link: [from.ip, to.ip], ...shape }))
  }
  both(one: Machine, other: Machine, shape: Shape): void {
    this.shape(one, other, shape)
    this.shape(other, one, shape)
  }

  async stats(from: Machine, to: Machine): Promise<LinkStats> {
    const { links } = await this.#switch.ask('{"stats": true}', 'stats')
    const none = { bytes: 0, packets: 0, lost: 0, overflowed: 0, calls: 0 }
    return (links as Record<string, LinkStats>)[`${from.ip}>${to.ip}`] ?? none
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#switch.end('SIGKILL')
    for (const name of this.#names) spawnSync('ip', ['netns', 'del', name])
  }
}

export type Machine = { readonly namespace: string; readonly ip: string }

/** A process that runs on a machine. */
export const runOn = (machine: Machine, command: string, args: readonly string[]): LineProcess =>
  new LineProcess('ip', ['netns', 'exec', machine.namespace, command, ...args])
