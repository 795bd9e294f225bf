#!/bin/sh
# Fetches the distribution's kernel into test-kernel/, for tests that start one in a machine of its own.
# Only root on Debian gets one; elsewhere those tests are reported as skipped, with the reason.
set -u

folder="$(dirname "$0")/../test-kernel"

if [ -d "$folder/lib/modules" ]; then
  echo "test kernel: $(ls "$folder/lib/modules")"
  exit 0
fi
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1 || ! command -v dpkg-deb >/dev/null 2>&1; then
  echo "test kernel: not root on Debian, none fetched"
  exit 0
fi
package=$(apt-cache depends linux-image-amd64 2>/dev/null | sed -n 's/^ *Depends: \(linux-image-[0-9].*\)$/\1/p' | head -n 1)
if [ -z "$package" ]; then
  echo "test kernel: the package lists name none, none fetched"
  exit 0
fi
work=$(mktemp -d)
if (cd "$work" && apt-get download -qq "$package") >/dev/null 2>&1 && dpkg-deb -x "$work"/*.deb "$work/root"; then
  mkdir -p "$folder"
  cp -r "$work/root/boot" "$work/root/lib" "$folder"
  depmod -b "$folder" "$(ls "$folder/lib/modules")"
  echo "test kernel: $package"
else
  echo "test kernel: $package could not be fetched, tests that need it are skipped"
fi
rm -rf "$work"
exit 0
