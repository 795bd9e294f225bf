/** Shell functions that take secrets out and write entries of the manifest. */
export const RECORD = `has() {
  command -v "$1" >/dev/null 2>&1
}

# Text as the inside of a JSON string.
json_text() {
  printf '%s' "$1" | tr '\\n\\t' '; ' | tr -cd '\\040-\\176' | sed 's/\\\\/\\\\\\\\/g; s/"/\\\\"/g'
}

sha256_of() {
  if has sha256sum; then
    sha256sum <"$1" | sed 's/ .*//'
  elif has shasum; then
    shasum -a 256 <"$1" | sed 's/ .*//'
  fi
}

# Takes secrets out of a file, in place; fills redactions. Fails where that is not sure, and then the file must go.
clean() {
  rm -f "$work/counts"
  redactions=
  has awk || return 1
  # Some awks do not see what stands behind a NUL byte.
  clean_bytes=$(($(wc -c <"$2")))
  [ "$(($(tr -d '\\000' <"$2" | wc -c)))" -eq "$clean_bytes" ] || return 1
  awk -v mode="$1" -v counts="$work/counts" -f "$work/redact.awk" <"$2" >"$work/clean" 2>/dev/null || return 1
  [ -s "$work/counts" ] || return 0
  if [ -n "$(tail -c 1 "$2")" ]; then
    # The last line had no end, and awk gave it one.
    head -c "$(($(wc -c <"$work/clean") - 1))" "$work/clean" >"$2"
  else
    mv "$work/clean" "$2"
  fi
  redactions=$(sort "$work/counts" | sed 's/\\(.*\\) \\(.*\\)/{"kind":"\\1","count":\\2}/' | tr '\\n' ',')
  redactions=\${redactions%,}
}

# The message of an entry, without secrets.
clean_message() {
  printf '%s\\n' "$1" >"$work/message"
  if clean logs "$work/message"; then
    sed '/^[ ]*$/d' "$work/message" | head -c 500
  else
    echo 'left out'
  fi
}

# Adds an entry to the manifest: file below the directory of the node, status, message. $work/out is the output; it is
# taken where $4 is "keep".
record() {
  record_path=$base/$1
  record_status=$2
  record_redactions=
  record_file=
  record_message=
  [ -n "$3" ] && record_message=$(clean_message "$3")
  if [ "\${4:-}" = keep ]; then
    if [ -z "$sensitive" ] || clean "$sensitive" "$work/out"; then
      [ -n "$sensitive" ] && record_redactions=$redactions
      [ -n "$record_redactions" ] && [ "$record_status" = ok ] && record_status=redacted
      record_file=$evidence/$record_path
      mkdir -p "\${record_file%/*}"
      cp "$work/out" "$record_file"
    else
      record_status=redacted
      record_message='left out: it may hold secrets that this script can not take out'
    fi
  fi
  {
    printf '{"path":"%s","probe":"%s","status":"%s"' "$(json_text "$record_path")" "$probe" "$record_status"
    [ -n "$command" ] && printf ',"%s":"%s"' "$command_kind" "$(json_text "$command")"
    [ -n "$exit_code" ] && printf ',"exitCode":%s' "$exit_code"
    if [ -n "$record_file" ]; then
      printf ',"bytes":%s' "$(($(wc -c <"$record_file")))"
      sum=$(sha256_of "$record_file")
      [ -n "$sum" ] && printf ',"sha256":"%s"' "$sum"
    fi
    [ -n "$record_redactions" ] && printf ',"redactions":[%s]' "$record_redactions"
    [ -n "$record_message" ] && printf ',"message":"%s"' "$(json_text "$record_message")"
    printf '}\\n'
  } >>"$entries"
}

# Starts a probe: id, file, who may run it, what secrets it may hold.
begin() {
  probe=$1
  file=$2
  needs=$3
  sensitive=$4
  command=
  command_kind='command'
  exit_code=
  nothing=
  keeps=no
  only_cat=no
  kept_status=
  limit=$most_bytes
  if [ -n "$sensitive" ] && [ "$limit" -gt "$SENSITIVE_BYTES" ]; then limit=$SENSITIVE_BYTES; fi
}
`;
