const WITH_VALUE = ['--home', '--lang', '--passphrase-file', '--key-file']
const WITHOUT_VALUE = ['--json']

/** `doorstep --home X visit due` as oclif wants it: the flags that every command has, put behind the command. */
export function commandFirst(argv: readonly string[]): string[] {
  let at = 0
  while (at < argv.length) {
    const word = argv[at]!
    if (WITH_VALUE.includes(word)) at += 2
    else if (WITHOUT_VALUE.includes(word) || WITH_VALUE.some((flag) => word.startsWith(`${flag}=`))) at += 1
    else break
  }
  const rest = argv.slice(at)
  const end = rest.indexOf('--')
  return end < 0
    ? [...rest, ...argv.slice(0, at)]
    : [...rest.slice(0, end), ...argv.slice(0, at), ...rest.slice(end)]
}

/** `doorstep`, or `doorstep --home X`: the workstation is meant. */
export const hasNoCommand = (argv: readonly string[]): boolean => {
  const [first] = argv
  return (
    first === undefined ||
    [...WITH_VALUE, ...WITHOUT_VALUE].some((flag) => first === flag || first.startsWith(`${flag}=`))
  )
}
