# The Linux under the stand-in: Debian's kernel, unpacked and never installed, and an initramfs of busybox, NTFS and hivex.

# The kernel for each chipset, named by the PCI device id of its host bridge: the boot loader picks by it. The q35 machine
# needs the full kernel for its SATA CDs; the cloud kernel has IDE only, but unpacks itself 2.5 s sooner under emulation.
declare -A KERNEL_PACKAGES=([1237]=linux-image-cloud-amd64 [29c0]=linux-image-amd64)

MODULES=(ata_piix ahci sd_mod sr_mod isofs udf fuse vfat nls_cp437 nls_ascii virtio_pci virtio_blk virtio_scsi button evdev
    uhci-hcd ehci-pci xhci-pci usbhid hid-generic)

# The bulk of a kernel package; left out to keep the cache small.
NEVER_NEEDED=(net sound drivers/gpu drivers/iio drivers/infiniband drivers/isdn drivers/media drivers/net drivers/staging)

PROGRAMS=(ntfs-3g mkntfs sfdisk hivexsh xmlwf)

# Character sets that libhivex converts between; without them it fails with "Bad file descriptor".
GCONV=/usr/lib/x86_64-linux-gnu/gconv
CHARACTER_SETS=(gconv-modules gconv-modules.d UTF-16.so ISO8859-1.so)

# fetch_kernel PACKAGE CACHE: leaves vmlinuz and lib/modules in CACHE/linux-<version> and prints that folder.
fetch_kernel() {
    local cache=$2 package folder fresh
    package=$(versioned_package "$1") || { apt_get update && package=$(versioned_package "$1"); }
    folder=$cache/linux-${package#linux-image-}
    if [[ ! -d $folder ]]; then
        fresh=$(mktemp -d -p "$cache" work.XXXXXX)
        (cd "$fresh" && { apt-get -q download "$package" || { apt_get update && apt-get -q download "$package"; }; }) >&2
        dpkg-deb --fsys-tarfile "$fresh"/*.deb | tar -x -C "$fresh" --wildcards "${NEVER_NEEDED[@]/#/--exclude=./lib/modules/*/kernel/}" \
            './boot/vmlinuz-*' './lib/modules/*'
        rm "$fresh"/*.deb
        mv "$fresh"/boot/vmlinuz-* "$fresh/vmlinuz"
        depmod -b "$fresh" "${package#linux-image-}"
        chmod 755 "$fresh"
        mv -T "$fresh" "$folder"
    fi
    echo "$folder"
}

# The package that a meta package such as linux-image-amd64 stands for.
versioned_package() {
    apt-cache depends "$1" | sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1 | grep .
}

# make_initramfs OUT KERNEL...: one for all of the kernels.
make_initramfs() {
    local out=$1 root kernel
    shift
    root=$(mktemp -d -p "$work")
    mkdir -p "$root"/{bin,dev,proc,sys,tmp,etc,lib/standin/cloudbase}
    ln -s bin "$root/sbin"
    copy_programs "$root"
    for kernel; do copy_modules "$kernel" "$root"; done
    install -m 755 "$here/guest/init" "$root/init"
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

# copy_modules KERNEL ROOT: what of MODULES that kernel has, and what they need.
copy_modules() {
    local kernel=$1 root=$2 version file
    version=$(ls "$kernel/lib/modules")
    mkdir -p "$root/lib/modules/$version"
    { modprobe -d "$kernel" -S "$version" --all --show-depends "${MODULES[@]}" 2>/dev/null || true; } |
        awk '$1 == "insmod" { print $2 }' | sort -u | while read -r file; do
        install -D -m 644 "$file" "$root/lib/modules/$version/${file##*"/$version/"}"
    done
    cp "$kernel/lib/modules/$version"/modules.{builtin,builtin.modinfo,order} "$root/lib/modules/$version/"
    depmod -b "$root" "$version"
    find "$root/lib/modules/$version" -maxdepth 1 -name 'modules.*' ! -name modules.dep ! -name modules.alias -delete
}
