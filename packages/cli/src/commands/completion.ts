import { Args } from '@oclif/core'
import { DoorstepCommand } from '../base-command.ts'
import { commandTree } from '../completion/command-tree.ts'
import { type Shell, shells } from '../completion/shell-scripts.ts'

export default class Completion extends DoorstepCommand {
  static override description =
    '按 Tab 补全:为一种 shell 写出脚本 · Completion by Tab: writes the script for a shell'
  static override examples = [
    'doorstep completion bash > ~/.local/share/bash-completion/completions/doorstep',
    'doorstep completion fish > ~/.config/fish/completions/doorstep.fish',
  ]
  static override args = {
    SHELL: Args.option({ options: ['bash', 'zsh', 'fish', 'powershell'] as const })({
      required: true,
      ignoreStdin: true,
      description: '哪种 shell · which shell',
    }),
  }

  async run(): Promise<unknown> {
    const { args } = await this.parse(Completion)
    const shell = args.SHELL as Shell
    const script = shells[shell](await commandTree(this.language))
    if (!this.jsonEnabled()) process.stdout.write(script)
    return { shell, script }
  }
}
