/** Shell functions that read files. */
export const FILES = `# Reads a file with limits: fills status, message, keep and $work/out.
read_file() {
  keep=keep
  status=ok
  message=
  stopped=
  if [ -c "$1" ]; then
    : >"$work/out"
    status=empty
    return
  fi
  if [ -e "$1" ] && [ ! -f "$1" ]; then
    status=failed keep=no message='not a regular file'
    return
  fi
  case $1 in
    *.gz) run_limited gzip -dc "$1" ;;
    *) run_limited cat "$1" ;;
  esac
  file_code=$exit_code
  exit_code=
  if [ -n "$stopped" ]; then
    classify text
  elif [ "$file_code" != 0 ]; then
    keep=no
    status=failed
    message=$(message_of)
    if said 'no such file|not a directory'; then
      status=not-found
    elif said "$REFUSED"; then
      status=not-permitted
    fi
  elif [ ! -s "$work/out" ]; then
    status=empty
  fi
}

# Takes the first of some files that can be read.
first_file() {
  first_refusal=
  first_paths=
  for first_path; do
    [ -n "$first_path" ] || continue
    if [ -z "$first_paths" ]; then first_paths=$first_path; else first_paths="$first_paths, $first_path"; fi
    command="cat $first_path"
    read_file "$first_path"
    if [ "$keep" = keep ]; then
      record "$file" "$status" "$message" keep
      return
    fi
    if [ "$status" != not-found ] && [ -z "$first_refusal" ]; then
      first_refusal=$status first_message=$message first_command=$command
    fi
  done
  if [ -n "$first_refusal" ]; then
    command=$first_command
    record "$file" "$first_refusal" "$first_message" no
  else
    command="cat \${first_paths%%, *}"
    record "$file" not-found "no such file: $first_paths" no
  fi
}

# Takes every file that matches one of some patterns; of several files of a name the first.
every_file() {
  family=\${file%\\*}
  family_names=/
  family_refusal=
  command="cat $*"
  for pattern; do
    pattern_directory=\${pattern%/*}
    case $pattern in
      *\\**)
        if [ -d "$pattern_directory" ] && [ ! -r "$pattern_directory" ]; then
          family_refusal=$pattern_directory
          continue
        fi
        ;;
    esac
    IFS=$newline
    for family_path in $pattern; do
      IFS=" 	$newline"
      if [ ! -e "$family_path" ] && [ ! -h "$family_path" ]; then continue; fi
      [ -d "$family_path" ] && continue
      family_name=\${family_path##*/}
      case $family_names in */"$family_name"/*) continue ;; esac
      family_names=$family_names$family_name/
      command="cat $family_path"
      read_file "$family_path"
      record "$family$family_name" "$status" "$message" "$keep"
    done
    IFS=" 	$newline"
  done
  command="cat $*"
  if [ -n "$family_refusal" ]; then
    record "$file" not-permitted "$family_refusal: Permission denied" no
  elif [ "$family_names" = / ]; then
    record "$file" not-found 'no such files' no
  fi
}
`;
