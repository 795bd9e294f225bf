/** Shell functions that look at running programs. */
export const PROCESSES = `# Numbers of the processes with a name. Those in other process namespaces are left out: a node of kind, or a
# container, has a kubelet of its own.
processes_of() {
  own_processes=$(readlink /proc/self/ns/pid 2>/dev/null)
  for process in /proc/[0-9]*; do
    process_name=
    read -r process_name 2>/dev/null <"$process/comm"
    [ "$process_name" = "$1" ] || continue
    its_processes=$(readlink "$process/ns/pid" 2>/dev/null)
    if [ -n "$own_processes" ] && [ -n "$its_processes" ] && [ "$its_processes" != "$own_processes" ]; then continue; fi
    [ -n "$(words_of "\${process##*/}" | head -c 1)" ] && echo "\${process##*/}"
  done 2>/dev/null | sort -n
}

# Words of the command line of a process, one a line.
words_of() {
  tr '\\n\\000' ' \\n' 2>/dev/null <"/proc/$1/cmdline"
}

# Value of the first of some flags among words, one a line.
flag_value() {
  while IFS= read -r flag_word; do
    for flag; do
      case $flag_word in
        "$flag")
          IFS= read -r flag_word
          printf '%s\\n' "$flag_word"
          return
          ;;
        "$flag="*)
          printf '%s\\n' "\${flag_word#*=}"
          return
          ;;
      esac
    done
  done
}

# Prints the file that a running program was told to read. Docker runs a containerd of its own, which knows nothing of
# Kubernetes.
named_by() {
  named_program=$1
  shift
  for named_process in $(processes_of "$named_program"); do
    named_file=$(words_of "$named_process" | flag_value "$@")
    case $named_file in
      */docker/*) ;;
      /*)
        printf '%s\\n' "$named_file"
        return
        ;;
    esac
  done
}
`;
