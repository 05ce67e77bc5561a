#!/bin/bash
# build.sh OUTDIR [CACHEDIR]: builds the stand-in's media from Debian packages: the Windows CD, the virtio-win CD and the
# Cloudbase-Init package. Nothing is done when OUTDIR has them from the same inputs. CACHEDIR keeps the unpacked kernel
# and finished builds (default: ~/.cache/casement-standin).
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
out=${1:?usage: build.sh OUTDIR [CACHEDIR]}
cache=${2:-${XDG_CACHE_HOME:-$HOME/.cache}/casement-standin}
source "$here/lib/packages.sh"
source "$here/lib/initramfs.sh"
source "$here/lib/windows-tree.sh"
source "$here/lib/virtio-win.sh"

WINDOWS_ISO=windows-server-2022-standin.iso
WINDOWS_LABEL=SSS_X64FREE_EN-US_DV9
VIRTIO_ISO=virtio-win-$VIRTIO_VERSION.iso
MSI=CloudbaseInitSetup_x64.msi

# "quiet" and the rest save about a second under emulation; the stand-in runs no code it does not bring. With scan=sync a
# disk is there as soon as it is found, not when its whole bus was searched.
KERNEL_OPTIONS='quiet loglevel=1 mitigations=off nokaslr no_timer_check cryptomgr.notests raid=noautodetect random.trust_cpu=on rcupdate.rcu_expedited=1 audit=0 consoleblank=0 scsi_mod.scan=sync'

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
    [[ $(cat "$out/.standin-hash" 2>/dev/null) == "$1" && -f $out/$WINDOWS_ISO && -f $out/$VIRTIO_ISO && -f $out/$MSI ]]
}

publish() {
    local file
    for file in "$WINDOWS_ISO" "$VIRTIO_ISO" "$MSI"; do
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
    make_windows_iso "$work/done/$WINDOWS_ISO"
    make_virtio_iso "$work/done/$VIRTIO_ISO"
    (cd "$here/cloudbase" && wixl --arch x64 -o "$work/done/$MSI" CloudbaseInit.wxs)
    mv -T "$work/done" "$cache/build-$1"
}

make_windows_iso() {
    local chipset kernel kernels=() tree=$work/windows payload=$work/payload
    mkdir -p "$tree"/{boot,efi/boot,sources} "$payload"

    for chipset in "${!KERNEL_PACKAGES[@]}"; do
        kernel=$(fetch_kernel "${KERNEL_PACKAGES[$chipset]}" "$cache")
        cp "$kernel/vmlinuz" "$tree/boot/vmlinuz-$chipset"
        kernels+=("$kernel")
    done
    make_initramfs "$tree/boot/initrd" "${kernels[@]}"
    make_cd_loader "$tree/boot/etfsboot.com"
    make_disk_loader "$tree/boot/disk-boot.img" "$tree/boot/disk-core.img"

    make_windows_tree "$payload"
    tar -c -C "$payload" --owner=0 --group=0 --sort=name -f "$tree/sources/payload.tar" .
    make_install_wim "$payload" "$tree/sources/install.wim"
    echo 'Practice stand-in for a Windows Server 2022 CD. No Microsoft software is on it.' | tee "$tree/README.TXT" >"$tree/setup.exe"
    echo 'stand-in for bootmgr' >"$tree/bootmgr"

    genisoimage -quiet -udf -r -iso-level 3 -V "$WINDOWS_LABEL" -b boot/etfsboot.com -c boot/boot.cat \
        -no-emul-boot -boot-load-size 4 -boot-info-table -o "$1" "$tree"
}

# "Press any key" and, behind it, the loader it starts.
make_cd_loader() {
    nasm -f bin -o "$work/press-any-key" "$here/boot/press-any-key.asm"
    loader_configuration cd >"$work/cd.cfg"
    grub-mkimage -O i386-pc-eltorito -p / -c "$work/cd.cfg" -o "$work/cd-loader" biosdisk iso9660 linux echo setpci
    cat "$work/press-any-key" "$work/cd-loader" >"$1"
}

make_disk_loader() {
    loader_configuration disk >"$work/disk.cfg"
    cp /usr/lib/grub/i386-pc/boot.img "$1"
    grub-mkimage -O i386-pc -p / -c "$work/disk.cfg" -o "$2" biosdisk part_msdos ntfs linux setpci
}

loader_configuration() {
    sed "s|@KERNEL_OPTIONS@|$KERNEL_OPTIONS|" "$here/boot/$1.cfg"
}

# A real WIM with the two editions the stand-in offers, described as on real media. Only its description is read.
make_install_wim() {
    local tree=$1 wim=$2
    add_edition() {
        local name=$1 shown=$2 type=$3
        wimcapture "$tree" "$wim" "$name" "$shown" --quiet --no-acls --compress=none \
            --image-property DISPLAYNAME="$shown" --image-property DISPLAYDESCRIPTION="$shown (practice stand-in)" \
            --image-property FLAGS=ServerStandard --image-property WINDOWS/ARCH=9 \
            --image-property WINDOWS/EDITIONID=ServerStandard --image-property WINDOWS/INSTALLATIONTYPE="$type" \
            --image-property WINDOWS/PRODUCTNAME='Microsoft® Windows® Operating System' \
            --image-property WINDOWS/PRODUCTTYPE=ServerNT --image-property WINDOWS/PRODUCTSUITE='Terminal Server' \
            --image-property WINDOWS/LANGUAGES/LANGUAGE=en-US --image-property WINDOWS/LANGUAGES/DEFAULT=en-US \
            --image-property WINDOWS/VERSION/MAJOR=10 --image-property WINDOWS/VERSION/MINOR=0 \
            --image-property WINDOWS/VERSION/BUILD=20348 --image-property WINDOWS/VERSION/SPBUILD=587 \
            --image-property WINDOWS/VERSION/SPLEVEL=0 --image-property WINDOWS/SYSTEMROOT=WINDOWS "${@:4}"
    }
    add_edition 'Windows Server 2022 SERVERSTANDARDCORE' 'Windows Server 2022 Standard' 'Server Core'
    wimcapture() { wimappend "$@"; }
    add_edition 'Windows Server 2022 SERVERSTANDARD' 'Windows Server 2022 Standard (Desktop Experience)' Server
    unset -f wimcapture
}

make_virtio_iso() {
    mkdir "$work/virtio"
    make_virtio_win "$work/virtio"
    genisoimage -quiet -r -iso-level 4 -V "virtio-win-$VIRTIO_VERSION" -o "$1" "$work/virtio"
}

main
