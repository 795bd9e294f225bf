/** Start of the script: options, limits and the working directory. */
export const OPTIONS = `set -u
umask 077
LC_ALL=C
export LC_ALL
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY
TERM=dumb PAGER=cat SYSTEMD_COLORS=0
export TERM PAGER SYSTEMD_COLORS
newline='
'
IFS=" 	$newline"
PATH=\${PATH:-/usr/bin:/bin}:$PROGRAM_DIRECTORIES
export PATH

usage() {
  cat <<END
Usage: sh collect.sh [-o DIRECTORY] [-n NODE] [-t SECONDS] [-s BYTES] [-H]
  -o DIRECTORY  where the evidence goes (netvet-NODE-TIME); DIRECTORY.tar.gz is made of it
  -n NODE       name of the node (the host name)
  -t SECONDS    time limit of each probe ($DEFAULT_SECONDS)
  -s BYTES      size limit of each probe ($DEFAULT_BYTES)
  -H            the host alone: not the network namespaces of pods
Nothing of the host is changed. Without root some evidence is missing; the manifest tells what.
END
}

fail() {
  echo "collect.sh: $1" >&2
  exit 2
}

is_number() {
  case $1 in '' | *[!0-9]* | 0*) return 1 ;; esac
}

directory=
node=$(uname -n)
seconds=$DEFAULT_SECONDS
most_bytes=$DEFAULT_BYTES
with_namespaces=yes
while getopts o:n:t:s:Hh option; do
  case $option in
    o) directory=$OPTARG ;;
    n) node=$OPTARG ;;
    t) seconds=$OPTARG ;;
    s) most_bytes=$OPTARG ;;
    H) with_namespaces=no ;;
    h)
      usage
      exit 0
      ;;
    *)
      usage >&2
      exit 2
      ;;
  esac
done
shift $((OPTIND - 1))
[ $# -eq 0 ] || fail "unexpected argument: $1"
is_number "$seconds" || fail "not a number of seconds: $seconds"
is_number "$most_bytes" || fail "not a number of bytes: $most_bytes"
case $node in '' | .* | */*) fail "not a name of a node: $node" ;; esac
[ -n "$directory" ] || directory=netvet-$node-$(date -u +%Y%m%dT%H%M%SZ)
case $directory in -*) directory=./$directory ;; esac
directory=\${directory%/}
for taken in "$directory" "$directory.tar.gz"; do
  if [ -e "$taken" ] || [ -h "$taken" ]; then fail "is there already: $taken"; fi
done

work=$directory.$$.partial
mkdir "$work" || fail "cannot make the directory $work"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM
evidence=$work/evidence
entries=$work/entries
mkdir "$evidence"
: >"$entries"
release=$(uname -r)
is_root=no
[ "$(id -u)" -eq 0 ] && is_root=yes
has_timeout=no
timeout 5 true >/dev/null 2>&1 && has_timeout=yes
`;
