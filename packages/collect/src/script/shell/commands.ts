/** Shell functions that run commands with limits and tell how they ended. */
export const COMMANDS = `# Runs a program with limits: output in $work/out, errors in $work/err. Fills exit_code and stopped.
run_limited() {
  rm -f "$work/code" "$work/late"
  stopped=
  if [ "$has_timeout" = yes ]; then
    { timeout "$seconds" "$@" </dev/null 2>"$work/err"; echo $? >"$work/code"; } | head -c "$((limit + 1))" >"$work/out"
  else
    run_watched "$@" | head -c "$((limit + 1))" >"$work/out"
  fi
  exit_code=$(cat "$work/code" 2>/dev/null)
  case $has_timeout,$exit_code in
    yes,124 | yes,137 | yes,143) stopped='time' ;;
  esac
  [ -e "$work/late" ] && stopped='time'
  if [ "$(($(wc -c <"$work/out")))" -gt "$limit" ]; then
    head -c "$limit" "$work/out" >"$work/cut"
    mv "$work/cut" "$work/out"
    stopped=size
  fi
  if [ -n "$stopped" ]; then
    exit_code=
    # A last line that was cut would be read as a value.
    [ -n "$(tail -c 1 "$work/out")" ] && sed '$d' "$work/out" >"$work/cut" && mv "$work/cut" "$work/out"
  fi
  return 0
}

# Kills a process and what it started, its children first: once it is gone they are nobody's children.
kill_tree() (
  for child in /proc/[0-9]*; do
    if grep -q "^PPid:[ 	]*$1\\$" "$child/status" 2>/dev/null; then kill_tree "\${child##*/}"; fi
  done
  kill -9 "$1" 2>/dev/null
)

# For systems without timeout: a second process waits for the time to pass.
run_watched() {
  "$@" </dev/null 2>"$work/err" &
  watched=$!
  (
    passed=0
    while [ "$passed" -lt "$seconds" ]; do
      sleep 1
      kill -0 "$watched" 2>/dev/null || exit 0
      passed=$((passed + 1))
    done
    : >"$work/late"
    kill_tree "$watched"
  ) >/dev/null 2>&1 &
  watcher=$!
  wait "$watched" 2>/dev/null
  echo $? >"$work/code"
  kill "$watcher" 2>/dev/null
  return 0
}

said() {
  tr 'A-Z' 'a-z' <"$work/err" | grep -Eq -- "$1"
}

said_anywhere() {
  { cat "$work/err"; head -c 4096 "$work/out"; } | tr 'A-Z' 'a-z' | grep -Eq -- "$1"
}

message_of() {
  if [ -s "$work/err" ]; then said_text=$(head -c 4096 "$work/err"); else said_text=$(head -c 4096 "$work/out" | tr -d '\\000'); fi
  said_text=$(printf '%s\\n' "$said_text" | sed 's/^[ 	]*//; s/[ 	]*$//; /^$/d')
  if [ -n "$said_text" ]; then echo "$said_text"; else echo "exit code $exit_code"; fi
}

# Tells what the end of a command means: fills status, message and keep. $1 is json where JSON was asked for.
classify() {
  keep=keep
  message=
  status=ok
  if [ "$stopped" = time ]; then
    message='the time limit was reached'
    if [ -s "$work/out" ]; then status=truncated; else status=timed-out keep=no; fi
    return
  fi
  if [ "$stopped" = size ]; then
    message='the size limit was reached'
    if [ -s "$work/out" ]; then status=truncated; else status=failed keep=no; fi
    return
  fi
  if said "$PARTLY_REFUSED"; then
    status=not-permitted keep=no message=$(message_of)
  elif said "$NOT_THERE"; then
    status=not-found keep=no message=$(message_of)
  elif [ "$keeps" = yes ] && [ -s "$work/out" ]; then
    # What was refused to this user is there all the same: the output must not prove its absence.
    if said "$REFUSED"; then status=truncated; fi
    if [ "$status" = truncated ] || [ "$exit_code" != 0 ]; then message=$(message_of); fi
  elif [ "$exit_code" != 0 ]; then
    message=$(message_of)
    if said "$REFUSED"; then
      status=not-permitted keep=no
    elif [ -n "$nothing" ] && said_anywhere "$nothing"; then
      status=empty
      : >"$work/out"
    elif [ "$1" = json ] && said_anywhere "$NOT_IN_THIS_FORMAT"; then
      status=not-in-this-format keep=no
    else
      status=failed keep=no
    fi
  elif [ "$1" = json ] && ! head -c 256 "$work/out" | tr -d ' \\n\\t' | head -c 1 | grep -q '[[{]'; then
    status=not-in-this-format keep=no message='the tool did not print JSON'
  elif [ ! -s "$work/out" ]; then
    status=empty
    if [ "$needs" = root ] && [ "$is_root" = no ]; then
      status=not-permitted keep=no message='printed nothing to an ordinary user'
    fi
  fi
}

# Runs a program in the network namespace that is looked at.
run_program() {
  if ! has "$1"; then
    status=not-found keep=no message="$1: not found" exit_code=
    return
  fi
  run_form=$form
  if [ -n "$namespace_path" ]; then
    run_limited nsenter "--net=$namespace_path" "$@"
  else
    run_limited "$@"
  fi
  classify "$run_form"
}

# Tries the JSON form of a probe. True where the probe is done.
try_json() {
  json_file=$1
  shift
  command="$*"
  form=json
  run_program "$@"
  case $status in
    not-found | not-permitted) record "$file" "$status" "$message" no ;;
    *)
      record "$json_file" "$status" "$message" "$keep"
      [ "$keep" = keep ]
      ;;
  esac
}

# Tries a command. True where the probe is done; else how it ended is kept for give_up.
try_command() {
  if [ "$only_cat" = yes ] && [ "$1" != cat ]; then return 1; fi
  command="$*"
  form=text
  run_program "$@"
  if [ "$keep" = keep ]; then
    record "$file" "$status" "$message" keep
    return 0
  fi
  if [ -z "$kept_status" ] || [ "$kept_status" = not-found ]; then
    kept_status=$status kept_message=$message kept_code=$exit_code kept_command=$command
  fi
  [ "$status" = not-permitted ] && give_up
}

# Like try_command, several times: number of samples, seconds between them.
try_samples() {
  samples=$1
  pause=$2
  shift 2
  if [ "$only_cat" = yes ] && [ "$1" != cat ]; then return 1; fi
  command="$*"
  form=text
  run_program "$@"
  if [ "$keep" != keep ]; then
    kept_status=$status kept_message=$message kept_code=$exit_code kept_command=$command
    return 1
  fi
  sample=1
  record "\${file%.txt}.$sample.txt" "$status" "$message" keep
  while [ "$sample" -lt "$samples" ]; do
    cp "$work/out" "$work/last"
    last_status=$status last_message=$message last_code=$exit_code
    sleep "$pause"
    run_program "$@"
    sample=$((sample + 1))
    record "\${file%.txt}.$sample.txt" "$status" "$message" "$keep"
    if [ "$keep" != keep ]; then
      mv "$work/last" "$work/out"
      status=$last_status message=$last_message exit_code=$last_code
    fi
  done
  record "$file" "$status" "$message" keep
}

give_up() {
  if [ -z "$kept_status" ]; then
    kept_status=not-found kept_message="would load the kernel module $loads" kept_code='' kept_command=$usual
  fi
  exit_code=$kept_code command=$kept_command
  record "$file" "$kept_status" "$kept_message" no
}

# Whether a kernel module is known to be neither loaded nor part of the kernel.
module_absent() {
  [ -e "/sys/module/$1" ] && return 1
  [ -e /proc/modules ] || return 1
  for module_directory in $MODULE_DIRECTORIES; do
    [ -r "$module_directory/$release/modules.builtin" ] || continue
    tr - _ <"$module_directory/$release/modules.builtin" | grep -q "/$1[.]ko" && return 1
    return 0
  done
  return 1
}

# True, with an empty answer, where a module is missing without which there is nothing to show.
nothing_without() {
  module_absent "$1" || return 1
  : >"$work/out"
  command=$usual
  record "$file" empty "the kernel module $1 is not loaded" keep
}
`;
