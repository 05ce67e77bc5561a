# The Linux under the stand-in: Debian's kernel, unpacked and never installed, and an initramfs of busybox, NTFS and hivex.

# The full kernel: the smaller cloud kernel has neither SATA nor USB, which the q35 machine needs.
KERNEL_PACKAGE=linux-image-amd64

MODULES=(ata_piix ahci sd_mod sr_mod isofs fuse virtio_pci virtio_blk virtio_scsi button evdev
    uhci-hcd ehci-pci xhci-pci usbhid hid-generic)

PROGRAMS=(ntfs-3g mkntfs sfdisk hivexsh)

# Character sets that libhivex converts between; without them it fails with "Bad file descriptor".
GCONV=/usr/lib/x86_64-linux-gnu/gconv
CHARACTER_SETS=(gconv-modules gconv-modules.d UTF-16.so ISO8859-1.so)

# fetch_kernel CACHE: leaves vmlinuz and lib/modules in CACHE/kernel-<version> and prints that folder.
fetch_kernel() {
    local cache=$1 package folder deb work
    package=$(apt-cache depends "$KERNEL_PACKAGE" | sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1)
    if [[ -z $package ]]; then
        apt_get update
        package=$(apt-cache depends "$KERNEL_PACKAGE" | sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1)
    fi
    folder=$cache/kernel-${package#linux-image-}
    if [[ ! -d $folder ]]; then
        work=$(mktemp -d -p "$cache")
        (cd "$work" && { apt-get -q download "$package" || { apt_get update && apt-get -q download "$package"; }; }) >&2
        deb=$(echo "$work"/*.deb)
        dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$work" --wildcards './boot/vmlinuz-*' './lib/modules/*/modules.*' \
            './lib/modules/*/kernel/drivers/*' './lib/modules/*/kernel/fs/*' './lib/modules/*/kernel/lib/*' './lib/modules/*/kernel/arch/*' './lib/modules/*/kernel/crypto/*'
        rm "$deb"
        mv "$work"/boot/vmlinuz-* "$work/vmlinuz"
        depmod -b "$work" "${package#linux-image-}" 2>/dev/null
        chmod 755 "$work"
        mv -T "$work" "$folder"
    fi
    echo "$folder"
}

# make_initramfs KERNEL OUT
make_initramfs() {
    local kernel=$1 out=$2 root version
    root=$(mktemp -d -p "$work")
    version=$(ls "$kernel/lib/modules")
    mkdir -p "$root"/{bin,dev,proc,sys,tmp,etc,"lib/modules/$version"}
    ln -s bin "$root/sbin"
    copy_programs "$root"
    copy_modules "$kernel" "$version" "$root"
    cp "$here/guest/init" "$root/init"
    chmod 755 "$root/init"
    mkdir -p "$root/lib/standin/cloudbase"
    cp "$here"/guest/*.sh "$root/lib/standin/"
    cp "$here"/cloudbase/conf/* "$root/lib/standin/cloudbase/"
    (cd "$root" && find . -print0 | LC_ALL=C sort -z | cpio --null --create --format=newc --owner=0:0 --reproducible --quiet) |
        zstd -q -19 >"$out"
}

copy_programs() {
    local root=$1 program path applet library
    cp /bin/busybox "$root/bin/"
    for applet in $(busybox --list); do
        [[ $applet == busybox ]] || ln -sf busybox "$root/bin/$applet"
    done
    for program in "${PROGRAMS[@]}"; do
        path=$(PATH=$PATH:/sbin:/usr/sbin command -v "$program")
        install -m 755 "$(readlink -f "$path")" "$root/bin/$program"
        for library in $(ldd "$path" | grep -o '/[^ ]*'); do
            [[ -e $root$library ]] || install -D -m 755 "$(readlink -f "$library")" "$root$library"
        done
    done
    mkdir -p "$root$GCONV"
    cp -r "${CHARACTER_SETS[@]/#/$GCONV/}" "$root$GCONV/"
}

copy_modules() {
    local kernel=$1 version=$2 root=$3 file
    modprobe -d "$kernel" -S "$version" --all --show-depends "${MODULES[@]}" |
        awk '$1 == "insmod" { print $2 }' | sort -u | while read -r file; do
        install -D -m 644 "$file" "$root/lib/modules/$version/${file##*"/$version/"}"
    done
    cp "$kernel/lib/modules/$version"/modules.{builtin,order} "$root/lib/modules/$version/"
    depmod -b "$root" "$version"
    rm "$root/lib/modules/$version"/modules.{builtin,order,*.bin} 2>/dev/null || true
}
