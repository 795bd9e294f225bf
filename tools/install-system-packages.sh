#!/bin/sh
# Installs the programs that some tests run, on Debian and Ubuntu, when started as root.
# Elsewhere it does nothing: tests that miss a program are then reported as skipped, with the reason.
set -u

packages="iproute2 iptables nftables ethtool ipset conntrack ipvsadm kmod procps dash busybox libxml2-utils qemu-system-x86"

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
  echo "system packages: not root on Debian or Ubuntu, nothing installed"
  exit 0
fi

missing=""
for package in $packages; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
done

if [ -z "$missing" ]; then
  echo "system packages: all there"
  exit 0
fi

echo "system packages: installing$missing"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
# shellcheck disable=SC2086 # a list of words
if { apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing; } >"$log" 2>&1; then
  rm -f "$log"
else
  echo "system packages: apt-get failed, tests that need them are skipped; its last lines:"
  tail -n 5 "$log"
fi
exit 0
