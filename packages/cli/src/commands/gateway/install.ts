import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fail } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { DoorstepCommand } from '../../base-command.ts'
import { exampleConfig } from '../../gateway/config-example.ts'
import { sysusersText, unitText } from '../../gateway/unit.ts'

const USER = 'doorstep'

export default class GatewayInstall extends DoorstepCommand {
  static override description =
    '写好网关服务的文件(systemd),不启动它 · Write the files of a gateway as a service (systemd); does not start it'
  static override examples = ['doorstep gateway install --dry-run', 'sudo doorstep gateway install']
  static override flags = {
    'dry-run': Flags.boolean({ description: '只印出来 · print only' }),
    root: Flags.string({ default: '/', description: '写在这个文件夹之下 · below this folder' }),
    config: Flags.string({ default: '/etc/doorstep/gateway.yaml', description: '配置文件 · configuration' }),
  }

  async run(): Promise<unknown> {
    const { flags } = await this.parse(GatewayInstall)
    if (process.platform !== 'linux' && !flags['dry-run'])
      this.must(fail({ type: 'no-systemd', platform: process.platform }))
    const home = flags.home ?? '/var/lib/doorstep'
    const keyFile = flags['key-file'] ?? '/etc/doorstep/key'
    const command =
      process.env.DOORSTEP_COMMAND ?? `${process.execPath} ${resolve(process.argv[1] ?? 'doorstep')}`
    const unit = { command, configFile: flags.config, home, user: USER }
    const files = [
      { path: '/etc/systemd/system/doorstep-gateway.service', content: unitText(unit), keep: false },
      { path: '/etc/sysusers.d/doorstep.conf', content: sysusersText(unit), keep: false },
      // What somebody wrote is theirs.
      { path: flags.config, content: exampleConfig(this.language, { home, keyFile }), keep: true },
    ]
    const written: string[] = []
    const kept: string[] = []
    for (const { path, content, keep } of files) {
      const at = join(flags.root, path)
      if (flags['dry-run']) {
        this.print(`# ${at}\n${content}`)
        continue
      }
      if (keep && existsSync(at)) {
        kept.push(at)
        continue
      }
      try {
        mkdirSync(dirname(at), { recursive: true })
        writeFileSync(at, content, { mode: 0o644 })
      } catch (error) {
        this.must(
          fail({ type: 'file-unwritable', file: at, code: (error as NodeJS.ErrnoException).code ?? '' }),
        )
      }
      written.push(at)
    }
    const next = [
      'systemd-sysusers',
      `install -d -m 700 -o ${USER} -g ${USER} ${home}`,
      `test -e ${keyFile} || (umask 077; head -c 32 /dev/urandom > ${keyFile})`,
      `doorstep member join INVITE --home ${home} --key-file ${keyFile}`,
      `chown -R ${USER}:${USER} ${home} ${keyFile}`,
      `doorstep gateway check ${flags.config}`,
      'systemctl daemon-reload',
      'systemctl enable --now doorstep-gateway',
    ]
    this.tell([
      `${flags['dry-run'] ? '没有写任何文件。' : `写好了 ${written.length} 个文件${kept.length > 0 ? `,保留了 ${kept.join('、')}` : ''}。`}接着:`,
      `${flags['dry-run'] ? 'Nothing was written.' : `Wrote ${written.length} files${kept.length > 0 ? `, kept ${kept.join(', ')}` : ''}.`} Next:`,
    ])
    for (const line of next) process.stderr.write(`  ${line}\n`)
    return {
      written,
      kept,
      next,
      files: files.map(({ path, content }) => ({ path: join(flags.root, path), content })),
    }
  }
}
