import { existsSync } from 'node:fs'
import { fail, homeExists, ok, type Result } from '@doorstep/core'
import { Args } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { type GatewayConfig, readConfig } from '../../gateway/config.ts'
import { readBytes } from '../../read-bytes.ts'

export default class GatewayCheck extends DoorstepCommand {
  static override description = '看一份网关配置对不对 · Check the configuration of a gateway'
  static override args = {
    file: Args.string({ required: true, ignoreStdin: true, description: '配置 · configuration (YAML)' }),
  }

  async run(): Promise<unknown> {
    const { args } = await this.parse(GatewayCheck)
    const config = this.must(readConfig(args.file))
    const missing = this.must(whatItNames(config))
    this.print(
      this.words([
        `配置没有问题:${config.lines.length} 条线路,${config.mqtt.length} 个 MQTT。`,
        `The configuration is sound: ${config.lines.length} lines, ${config.mqtt.length} MQTT.`,
      ]),
    )
    for (const path of missing)
      this.tell([
        `现在还没有 ${path}:接上之前这条线路会一直重试。`,
        `There is no ${path} now: that line tries again until it is there.`,
      ])
    return { ok: true, lines: config.lines.length, mqtt: config.mqtt.length, missing }
  }
}

/** Files that must be there; serial ports may come later. */
function whatItNames(config: GatewayConfig): Result<readonly string[]> {
  if (!homeExists(config.home)) return fail({ type: 'no-home', home: config.home })
  for (const file of [config.keyFile, ...config.mqtt.flatMap(({ passwordFile }) => passwordFile ?? [])]) {
    const read = readBytes(file)
    if (!read.ok) return read
  }
  return ok(
    config.lines.flatMap(({ at }) => (at?.type === 'serial' && !existsSync(at.path) ? [at.path] : [])),
  )
}
