#!/bin/bash
# build.sh OUTDIR [CACHEDIR]: builds the stand-in's media from Debian packages: the Windows CDs, the virtio-win CD and the
# Cloudbase-Init package. Nothing is done when OUTDIR has them from the same inputs. CACHEDIR keeps the unpacked kernel
# and finished builds (default: ~/.cache/casement-standin).
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
out=${1:?usage: build.sh OUTDIR [CACHEDIR]}
cache=${2:-${XDG_CACHE_HOME:-$HOME/.cache}/casement-standin}
source "$here/lib/packages.sh"
source "$here/lib/initramfs.sh"
source "$here/lib/start-files.sh"
source "$here/lib/windows-tree.sh"
source "$here/lib/windows-cd.sh"
source "$here/lib/virtio-win.sh"

VIRTIO_ISO=virtio-win-$VIRTIO_VERSION.iso
MSI=CloudbaseInitSetup_x64.msi
MEDIA=(windows-server-2022-standin.iso windows-server-2025-standin.iso "$VIRTIO_ISO" "$MSI")

main() {
    mkdir -p "$out" "$cache"
    out=$(cd "$out" && pwd)
    cache=$(cd "$cache" && pwd)
    local versions hash
    versions=$(package_versions) || { ensure_packages && versions=$(package_versions); }
    hash=$(inputs_hash "$versions")
    is_published "$hash" && return
    exec 9>"$cache/lock"
    flock 9
    [[ -d $cache/build-$hash ]] || build "$hash"
    publish "$hash"
}

# The stand-in's own files and the versions of what it is made from.
inputs_hash() {
    { echo "$1"; cd "$here"; find . -type f ! -name README.md -print0 | LC_ALL=C sort -z | xargs -0 sha256sum; } | sha256sum | cut -c1-16
}

is_published() {
    local file
    [[ $(cat "$out/.standin-hash" 2>/dev/null) == "$1" ]] || return
    for file in "${MEDIA[@]}"; do [[ -f $out/$file ]] || return; done
}

publish() {
    local file
    for file in "${MEDIA[@]}"; do
        cp --reflink=auto "$cache/build-$1/$file" "$out/.$file.$$"
        mv "$out/.$file.$$" "$out/$file"
    done
    echo "$1" >"$out/.standin-hash.$$"
    mv "$out/.standin-hash.$$" "$out/.standin-hash"
}

build() {
    work=$(mktemp -d -p "$cache" work.XXXXXX)
    trap 'rm -rf "$work"' EXIT
    mkdir "$work/done"
    make_start_files "$work/start" "$cache"
    make_windows_iso 2022 "$work/done/windows-server-2022-standin.iso"
    make_windows_iso 2025 "$work/done/windows-server-2025-standin.iso"
    make_virtio_iso "$work/done/$VIRTIO_ISO"
    (cd "$here/cloudbase" && wixl --arch x64 -o "$work/done/$MSI" CloudbaseInit.wxs)
    mv -T "$work/done" "$cache/build-$1"
}

make_virtio_iso() {
    mkdir "$work/virtio"
    make_virtio_win "$work/virtio"
    genisoimage -quiet -r -iso-level 4 -V "virtio-win-$VIRTIO_VERSION" -o "$1" "$work/virtio"
}

main
