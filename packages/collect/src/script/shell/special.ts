/** Shell functions for probes that need steps of their own. */
export const SPECIAL = `# The command line of the kubelet, one word a line, with the quotes of a shell where a word needs them.
special_kubelet_flags() {
  kubelet=$(processes_of kubelet | head -n 1)
  if [ -z "$kubelet" ]; then
    record "$file" not-found 'no process of that name: kubelet' no
    return
  fi
  words_of "$kubelet" | sed "\\\\|$PLAIN_WORD|!{s/'/'\\\\\\\\''/g;s/^/'/;s/\\$/'/;}" >"$work/out"
  record "$file" ok '' keep
}

# ls -al of the iptables command, then of each file it links to.
special_iptables_path() {
  link=$(command -v iptables)
  if [ -z "$link" ]; then
    record "$file" not-found 'iptables: not found' no
    return
  fi
  : >"$work/listed"
  links=0
  while [ -n "$link" ] && [ "$links" -lt "$LONGEST_CHAIN" ]; do
    run_limited ls -al "$link"
    classify text
    if [ "$keep" != keep ]; then
      record "$file" "$status" "$message" no
      return
    fi
    cat "$work/out" >>"$work/listed"
    if [ -h "$link" ]; then
      target=$(readlink "$link")
      case $target in
        /*) link=$target ;;
        *) link=$(cd "\${link%/*}/" && cd "$(dirname "$target")" && pwd)/\${target##*/} ;;
      esac
    else
      link=
    fi
    links=$((links + 1))
  done
  mv "$work/listed" "$work/out"
  exit_code=
  record "$file" ok '' keep
}

# Which modules modprobe finds. Without the modules of the running kernel it finds none, which says nothing.
special_modules_available() {
  found_modules=no
  for module_directory in $MODULE_DIRECTORIES; do
    [ -e "$module_directory/$release/modules.dep" ] && found_modules=yes
  done
  if [ "$found_modules" = no ]; then
    record "$file" not-found 'no modules of the running kernel' no
    return
  fi
  if ! has modprobe; then
    record "$file" not-found 'modprobe: not found' no
    return
  fi
  : >"$work/listed"
  for module in $MODULES; do
    run_limited modprobe --dry-run --quiet "$module"
    if [ "$exit_code" = 0 ]; then
      echo "$module yes" >>"$work/listed"
    elif [ "$exit_code" = 1 ] && ! said_anywhere "usage|$REFUSED"; then
      echo "$module no" >>"$work/listed"
    else
      classify text
      record "$file" "$status" "$message" no
      return
    fi
  done
  mv "$work/listed" "$work/out"
  exit_code=
  record "$file" ok '' keep
}

# Directories of CNI plugins that the runtime and the kubelet name.
named_directories() {
  {
    for config in $CONTAINERD_FILES; do
      if [ -e "$config" ]; then
        cat "$config" 2>/dev/null
        break
      fi
    done
    for config in $CRIO_FILES; do
      [ -f "$config" ] && cat "$config" 2>/dev/null
    done
  } | sed -n '/^[ 	]*bin_dirs\\{0,1\\}[ 	]*=[ 	]*\\[/,/]/p;/^[ 	]*plugin_dirs\\{0,1\\}[ 	]*=[ 	]*\\[/,/]/p;/^[ 	]*bin_dirs\\{0,1\\}[ 	]*=[ 	]*[^[ 	]/p;/^[ 	]*plugin_dirs\\{0,1\\}[ 	]*=[ 	]*[^[ 	]/p' |
    sed '/^[ 	]*#/d' | tr ",[]=\\"'" '\\n\\n\\n\\n\\n\\n' | sed -n 's|^[ 	]*\\(/.*\\)$|\\1|p'
  for process_id in $(processes_of kubelet); do
    words_of "$process_id" | flag_value --cni-bin-dir | tr ',' '\\n' | sed -n '\\|^/|p'
  done
}

# ls -l of each directory of CNI plugins.
special_cni_bin() {
  CONTAINERD_FILES="$(named_by containerd --config -c) $CONTAINERD_PATHS"
  named_directories | sed 's|\\(.\\)/*$|\\1|' >"$work/named"
  : >"$work/listed"
  listed=$newline
  {
    cat "$work/named"
    echo "$USUAL_CNI_DIRECTORY"
    for plugin_directory in $OTHER_CNI_DIRECTORIES; do echo "$plugin_directory"; done
  } >"$work/directories"
  while IFS= read -r plugin_directory; do
    case $listed in *"$newline$plugin_directory$newline"*) continue ;; esac
    listed=$listed$plugin_directory$newline
    if [ ! -d "$plugin_directory" ]; then
      why='No such file or directory'
      [ -e "$plugin_directory" ] && why='Not a directory'
      if [ "$plugin_directory" = "$USUAL_CNI_DIRECTORY" ] || grep -Fqx -- "$plugin_directory" "$work/named"; then
        echo "ls: cannot access '$plugin_directory': $why" >>"$work/listed"
      fi
      continue
    fi
    run_limited ls -l "$plugin_directory/"
    classify text
    if [ "$keep" = keep ]; then
      { echo "$plugin_directory:"; cat "$work/out"; } >>"$work/listed"
    elif [ "$status" = not-permitted ]; then
      echo "ls: cannot open directory '$plugin_directory': Permission denied" >>"$work/listed"
    else
      record "$file" "$status" "$message" no
      return
    fi
  done <"$work/directories"
  mv "$work/listed" "$work/out"
  exit_code=
  record "$file" ok '' keep
}

# Asks the kube-proxy of this host for its mode.
special_kube_proxy_mode() {
  command_kind=request
  command="GET http://127.0.0.1:10249/proxyMode"
  if has curl; then
    run_limited curl -sS -f --noproxy '*' http://127.0.0.1:10249/proxyMode
  elif has wget; then
    run_limited wget -q -O - http://127.0.0.1:10249/proxyMode
  else
    record "$file" not-found 'curl, wget: not found' no
    return
  fi
  classify text
  exit_code=
  record "$file" "$status" "$message" "$keep"
}
`;
