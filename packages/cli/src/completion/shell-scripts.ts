import { type CommandNode, topicsOf } from './command-tree.ts'

/** Scripts that complete `doorstep` in a shell: everything is in them, so that a key answers at once and offline. */
export const shells = { bash, zsh, fish, powershell } as const
export type Shell = keyof typeof shells

type Tree = readonly CommandNode[]

const flagNames = ({ flags }: CommandNode): string[] => flags.map(({ name }) => `--${name}`)
const valued = (tree: Tree): string[] => [
  ...new Set(
    tree.flatMap(({ flags }) => flags.flatMap(({ name, takesValue }) => (takesValue ? [`--${name}`] : []))),
  ),
]
const second = ({ words }: CommandNode): string => words.split(' ')[1] ?? ''
/** Without what a shell would read in quotes. */
const plain = (text: string): string => text.replaceAll(/[\n'"`$\\[\]:]/g, ' ').trim()
/** Everything that may stand on a line after a command's words, with what it is: flags, then choices of arguments. */
const choices = (one: CommandNode): string[] => [...flagNames(one), ...one.args.flat()]

function bash(tree: Tree): string {
  const topics = [...topicsOf(tree)]
  const deep = topics.filter(([, some]) => some.some((one) => second(one) !== ''))
  return `# doorstep completion bash > ~/.local/share/bash-completion/completions/doorstep
_doorstep() {
  local cur prev first second command i
  COMPREPLY=()
  cur="\${COMP_WORDS[COMP_CWORD]}"
  prev="\${COMP_WORDS[COMP_CWORD-1]}"
  first=""; second=""
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${COMP_WORDS[i]}" in
      ${valued(tree).join('|')}) ((i++)) ;;
      -*) ;;
      *) if [ -z "$first" ]; then first="\${COMP_WORDS[i]}"; elif [ -z "$second" ]; then second="\${COMP_WORDS[i]}"; fi ;;
    esac
  done
  if [ -z "$first" ]; then
    COMPREPLY=($(compgen -W "${topics.map(([topic]) => topic).join(' ')}" -- "$cur"))
    return
  fi
  if [ -z "$second" ]; then
    case "$first" in
${deep.map(([topic, some]) => `      ${topic}) COMPREPLY=($(compgen -W "${some.map(second).join(' ').trim()}" -- "$cur")); [[ "$cur" == -* ]] || return ;;`).join('\n')}
    esac
  fi
  command="$first $second"
  case "$command" in
${tree
  .map((one) => {
    const options = one.flags.filter((flag) => flag.options.length > 0)
    const cases = options.map(
      (flag) =>
        `      --${flag.name}) COMPREPLY=($(compgen -W "${flag.options.join(' ')}" -- "$cur")); return ;;`,
    )
    const files = `      ${valued([one]).join('|')}) COMPREPLY=($(compgen -f -- "$cur")); return ;;`
    const pattern = second(one) === '' ? `"${one.words} "*` : `"${one.words}"`
    return `    ${pattern}) case "$prev" in\n${[...cases, files].join('\n')}\n      esac\n      COMPREPLY=($(compgen -W "${choices(one).join(' ')}" -- "$cur")) ;;`
  })
  .join('\n')}
  esac
}
complete -o default -F _doorstep doorstep
`
}

function zsh(tree: Tree): string {
  const topics = [...topicsOf(tree)]
  const described = (items: readonly (readonly [string, string])[]) =>
    items.map(([name, text]) => `'${name}:${plain(text)}'`).join(' ')
  const first = topics.map(
    ([topic, some]) =>
      [topic, some.length === 1 ? some[0]!.description : some.map(second).join(' ')] as const,
  )
  return `#compdef doorstep
# doorstep completion zsh > "\${fpath[1]}/_doorstep"
_doorstep() {
  local -a items
  if (( CURRENT == 2 )); then
    items=(${described(first)})
    _describe 'doorstep' items
    return
  fi
  if (( CURRENT == 3 )) && [[ "$words[3]" != -* ]]; then
    case "$words[2]" in
${topics
  .filter(([, some]) => some.some((one) => second(one) !== ''))
  .map(
    ([topic, some]) =>
      `      ${topic}) items=(${described(some.filter((one) => second(one) !== '').map((one) => [second(one), one.description]))}); _describe '${topic}' items; return ;;`,
  )
  .join('\n')}
    esac
  fi
  case "$words[2] $words[3]" in
${tree
  .map((one) => {
    const specs = one.flags.map(({ name, description, takesValue, options }) => {
      const value = !takesValue
        ? ''
        : options.length > 0
          ? `:${name}:(${options.join(' ')})`
          : `:${name}:_files`
      return `'--${name}[${plain(description)}]${value}'`
    })
    const args = one.args.map((some) => (some.length > 0 ? `':: :(${some.join(' ')})'` : `':: :_files'`))
    const pattern = second(one) === '' ? `"${one.words} "*` : `"${one.words}"`
    const shift = second(one) === '' ? 1 : 2
    return `    ${pattern}) shift ${shift} words; (( CURRENT -= ${shift} )); _arguments ${[...specs, ...args].join(' ')} ;;`
  })
  .join('\n')}
  esac
}
_doorstep "$@"
`
}

function fish(tree: Tree): string {
  const lines = [
    '# doorstep completion fish > ~/.config/fish/completions/doorstep.fish',
    'complete -c doorstep -f',
  ]
  const topics = [...topicsOf(tree)]
  for (const [topic, some] of topics) {
    const text = some.length === 1 ? some[0]!.description : some.map(second).join(' ')
    lines.push(`complete -c doorstep -n __fish_use_subcommand -a '${topic}' -d '${plain(text)}'`)
    const names = some.map(second).filter((name) => name !== '')
    for (const one of some) {
      const name = second(one)
      const here =
        name === ''
          ? `__fish_seen_subcommand_from ${topic}`
          : `__fish_seen_subcommand_from ${topic}; and __fish_seen_subcommand_from ${name}`
      if (name !== '')
        lines.push(
          `complete -c doorstep -n '__fish_seen_subcommand_from ${topic}; and not __fish_seen_subcommand_from ${names.join(' ')}' -a '${name}' -d '${plain(one.description)}'`,
        )
      for (const flag of one.flags) {
        const value = !flag.takesValue
          ? ''
          : flag.options.length > 0
            ? ` -x -a '${flag.options.join(' ')}'`
            : ' -r -F'
        lines.push(
          `complete -c doorstep -n '${here}' -l ${flag.name}${value} -d '${plain(flag.description)}'`,
        )
      }
      for (const some of one.args)
        if (some.length > 0) lines.push(`complete -c doorstep -n '${here}' -a '${some.join(' ')}'`)
    }
  }
  return `${lines.join('\n')}\n`
}

function powershell(tree: Tree): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`
  const list = (items: readonly string[]) => `@(${items.map(quoted).join(', ')})`
  return `# doorstep completion powershell >> $PROFILE
Register-ArgumentCompleter -Native -CommandName doorstep -ScriptBlock {
  param($word, $line, $position)
  $next = @{
    '' = ${list([...topicsOf(tree).keys()])}
${[...topicsOf(tree)]
  .filter(([, some]) => some.some((one) => second(one) !== ''))
  .map(([topic, some]) => `    ${quoted(topic)} = ${list(some.map(second).filter(Boolean))}`)
  .join('\n')}
${tree.map((one) => `    ${quoted(second(one) === '' ? `${one.words} ` : one.words)} = ${list(choices(one))}`).join('\n')}
  }
  $values = @{
${tree
  .flatMap((one) =>
    one.flags
      .filter(({ options }) => options.length > 0)
      .map(({ name, options }) => `    ${quoted(`${one.words} --${name}`)} = ${list(options)}`),
  )
  .join('\n')}
  }
  $typed = @($line.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  if ($word -ne '' -and $typed.Count -gt 0) { $typed = @($typed | Select-Object -SkipLast 1) }
  $words = @($typed | Where-Object { -not $_.StartsWith('-') })
  $first = if ($words.Count -gt 0) { $words[0] } else { '' }
  $command = if ($words.Count -gt 1 -and $next.ContainsKey("$first $($words[1])")) { "$first $($words[1])" } elseif ($next.ContainsKey("$first ")) { "$first " } else { $first }
  $flag = if ($typed.Count -gt 0) { "$($command.TrimEnd()) $($typed[-1])" } else { '' }
  $found = if ($values.ContainsKey($flag)) { $values[$flag] } else { $next[$command] }
  $found | Where-Object { $_ -like "$word*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`
}
