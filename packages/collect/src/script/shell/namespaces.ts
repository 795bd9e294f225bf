/** Shell functions that find network namespaces and run probes inside. */
export const NAMESPACES = `inode_of() {
  readlink "$1" 2>/dev/null | sed -n 's/^net:\\[\\([0-9]*\\)\\]$/\\1/p'
}

# Namespace and name of the pod of a process, as <namespace>_<pod>: the directories of logs have both and the uid.
pod_of() {
  pod_uid=$(sed -n 's/.*pod\\([0-9a-f]\\{8\\}[-_][0-9a-f_-]\\{27\\}\\).*/\\1/p; s/.*pod\\([0-9a-f]\\{32\\}\\).*/\\1/p' "/proc/$1/cgroup" 2>/dev/null |
    head -n 1 | tr _ -)
  [ -n "$pod_uid" ] || return 0
  for pod_logs in "$POD_LOGS"/*_*_"$pod_uid"; do
    if [ -e "$pod_logs" ]; then
      pod_logs=\${pod_logs##*/}
      echo "\${pod_logs%_*}"
      return
    fi
  done
}

# Finds network namespaces but that of this script: lines of name, tab, file that stands for it.
find_namespaces() {
  own_inode=$(inode_of /proc/self/ns/net)
  mkdir "$work/found"
  for namespace_process in $(cd /proc && echo [0-9]* | tr ' ' '\\n' | sort -n); do
    inode=$(inode_of "/proc/$namespace_process/ns/net")
    if [ -z "$inode" ] || [ "$inode" = "$own_inode" ] || [ -s "$work/found/$inode.name" ]; then continue; fi
    pod_name=$(pod_of "$namespace_process")
    if [ -n "$pod_name" ] || [ ! -s "$work/found/$inode.path" ]; then
      echo "/proc/$namespace_process/ns/net" >"$work/found/$inode.path"
      [ -n "$pod_name" ] && echo "$pod_name" >"$work/found/$inode.name"
    fi
  done
  for namespace_file in "$NAMED_NAMESPACES"/*; do
    [ -e "$namespace_file" ] || continue
    inode=$(ls -diL "$namespace_file" 2>/dev/null | sed -n 's/^ *\\([0-9][0-9]*\\) .*/\\1/p')
    if [ -z "$inode" ] || [ "$inode" = "$own_inode" ]; then continue; fi
    [ -s "$work/found/$inode.path" ] || echo "$namespace_file" >"$work/found/$inode.path"
    [ -s "$work/found/$inode.name" ] || echo "\${namespace_file##*/}" >"$work/found/$inode.name"
  done
  for found_path in "$work/found"/*.path; do
    [ -e "$found_path" ] || continue
    found_inode=\${found_path##*/}
    found_inode=\${found_inode%.path}
    found_name=netns-$found_inode
    [ -s "$work/found/$found_inode.name" ] && found_name=$(cat "$work/found/$found_inode.name")
    printf '%s\\t%s\\n' "$(printf '%s' "$found_name" | sed 's/[^A-Za-z0-9._-]/-/g; s/^\\.\\.*/-/')" "$(cat "$found_path")"
  done | sort
}

# Names of the interfaces of the host. Beside them stands the file bonding_masters.
host_interfaces() {
  for interface_path in /sys/class/net/*; do
    if [ -e "$interface_path" ] && [ ! -f "$interface_path" ]; then echo "\${interface_path##*/}"; fi
  done
}

# sysfs still shows the interfaces of the host inside a namespace; /proc/net belongs to who reads it.
namespace_interfaces() {
  nsenter "--net=$namespace_path" cat /proc/net/dev 2>/dev/null |
    sed -n 's/^ *\\([^ ]*\\): *[0-9].*/\\1/p' | grep -v '/' | sort
}

missed_namespace() {
  begin netns "netns/$1" root ''
  record "$file" "$2" "$3" no
}

collect_namespaces() {
  if [ "$is_root" = no ]; then
    missed_namespace '*' not-permitted 'network namespaces of pods need root'
    return
  fi
  find_namespaces >"$work/namespaces"
  namespace_count=0
  node_base=$base
  while IFS='	' read -r namespace_name namespace_file <&3; do
    namespace_count=$((namespace_count + 1))
    base=$node_base
    if [ "$namespace_count" -gt "$MOST_NAMESPACES" ]; then
      missed_namespace "$namespace_name" timed-out "more than $MOST_NAMESPACES network namespaces"
    elif ! has nsenter; then
      missed_namespace "$namespace_name" not-found 'nsenter: not found'
    else
      base=$node_base/netns/$namespace_name
      namespace_path=$namespace_file
      interfaces=$(namespace_interfaces)
      run_namespace_probes
      namespace_path=
    fi
  done 3<"$work/namespaces"
  base=$node_base
}
`;
