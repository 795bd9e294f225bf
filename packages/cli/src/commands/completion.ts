import type { Command } from 'commander';
import { EXIT, type ExitCode, UsageError } from '../exit-codes.ts';
import { writeOutput } from '../write-output.ts';

interface Words {
  readonly name: string;
  readonly options: readonly string[];
}

/** `netvet completion SHELL`: made from the commands themselves, so that it never falls behind them. */
export async function completion(shell: string, program: Command): Promise<ExitCode> {
  const commands = program.commands.map(
    (command): Words => ({
      name: command.name(),
      options: [
        ...command.options.flatMap(({ long, short }) => [long, short]).filter((flag) => flag != null),
        ...command.commands.map((inner) => inner.name()),
      ],
    }),
  );
  const make = { bash, zsh, fish }[shell];
  if (make === undefined) throw new UsageError(`no completion for "${shell}"; shells are: bash, zsh, fish`);
  await writeOutput(make(commands), undefined);
  return EXIT.ok;
}

function bash(commands: readonly Words[]): string {
  const cases = commands.map(({ name, options }) => `    ${name}) words="${options.join(' ')}" ;;`);
  return `# bash completion for netvet: source <(netvet completion bash)
_netvet() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    *) words="" ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words="${commands.map(({ name }) => name).join(' ')}"; fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [ "\${#COMPREPLY[@]}" -eq 0 ]; then COMPREPLY=($(compgen -f -- "$current")); fi
}
complete -o filenames -F _netvet netvet
`;
}

function zsh(commands: readonly Words[]): string {
  const cases = commands.map(
    ({ name, options }) => `    ${name}) compadd -- ${options.join(' ')}; _files ;;`,
  );
  return `#compdef netvet
# zsh completion for netvet: netvet completion zsh > "\${fpath[1]}/_netvet"
_netvet() {
  if (( CURRENT == 2 )); then
    compadd -- ${commands.map(({ name }) => name).join(' ')}
    return
  fi
  case "$words[2]" in
${cases.join('\n')}
  esac
}
compdef _netvet netvet
`;
}

function fish(commands: readonly Words[]): string {
  const lines = commands.flatMap(({ name, options }) => [
    `complete -c netvet -n __fish_use_subcommand -a ${name}`,
    ...options.map((option) => {
      const flag = option.startsWith('--')
        ? `-l ${option.slice(2)}`
        : option.startsWith('-')
          ? `-s ${option.slice(1)}`
          : `-a ${option}`;
      return `complete -c netvet -n '__fish_seen_subcommand_from ${name}' ${flag}`;
    }),
  ]);
  return `# fish completion for netvet: netvet completion fish | source\n${lines.join('\n')}\n`;
}
