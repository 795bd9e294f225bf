/** End of the script: runs the probes and puts the directory and archive in place. */
export const MAIN = `base=nodes/$node
namespace_path=
taken_at=$(date -u +%Y-%m-%dT%H:%M:%SZ)
interfaces=$(host_interfaces)
run_host_probes
[ "$with_namespaces" = yes ] && collect_namespaces
{
  printf '{"schema":"%s","takenAt":"%s","netvet":"%s","entries":[\\n' "$SCHEMA" "$taken_at" "$VERSION"
  sed '$!s/$/,/' "$entries"
  printf ']}\\n'
} >"$evidence/manifest.json"
if [ -e "$directory" ] || ! mv "$evidence" "$directory"; then fail "cannot make $directory"; fi
echo "$directory" >&2
if has tar && has gzip; then
  if (cd "$directory" && tar cf - manifest.json nodes) | gzip -c >"$work/archive" && mv "$work/archive" "$directory.tar.gz"; then
    echo "$directory.tar.gz" >&2
  fi
fi
`;
