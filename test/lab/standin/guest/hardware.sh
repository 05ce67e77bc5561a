# Disks, CDs and the drivers they need. Setup, like Windows', cannot see a virtio disk before its driver was loaded.

windows=/windows    # where the Windows volume is mounted, drive C:

# What Windows has in the box: IDE, SATA, CD, USB keyboard and tablet.
load_drivers_every_windows_has() {
    modprobe -a ata_piix ahci sd_mod sr_mod isofs fuse
    modprobe -a uhci-hcd ehci-pci xhci-pci usbhid hid-generic &
}

# eventually SECONDS COMMAND...: tries until it succeeds.
eventually() {
    local tries=$(($1 * 20))
    shift
    until "$@"; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || return 1
        usleep 50000
    done
}

# The first hard disk, in $disk.
find_disk() {
    for disk in /dev/vda /dev/sda; do
        [ -b $disk ] && return
    done
    disk=
    return 1
}

disk_gigabytes() {
    echo $(($(cat "/sys/block/${disk#/dev/}/size") * 10 / 2097152)) | sed 's/\(.\)$/.\1/; s/^\./0./'
}

# Mounts every CD under /cd. Done afresh each time a letter is looked up, as a CD may have been changed.
attach_cds() {
    local device place
    for device in /dev/sr*; do
        [ -b "$device" ] || continue
        place=/cd/${device##*/}
        mkdir -p "$place"
        umount "$place" 2>/dev/null
        mount -r -t iso9660 "$device" "$place" 2>/dev/null || rmdir "$place"
    done
}

# The CDs in the order Windows letters them: its own CD first, then by bus.
cds_in_order() {
    local place
    for place in /cd/*; do [ -f "$place/sources/payload.tar" ] && echo "$place"; done
    for place in /cd/*; do [ -d "$place" ] && [ ! -f "$place/sources/payload.tar" ] && echo "$place"; done
}

# drive_root LETTER: where that drive is mounted.
drive_root() {
    case $1 in
    [Cc]) [ -d "$windows/Windows" ] && echo "$windows" ;;
    [D-Hd-h])
        attach_cds
        cds_in_order | sed -n "$(printf '%s' "$1" | tr D-Hd-h 1-51-5)p" | grep .
        ;;
    *) return 1 ;;
    esac
}

# windows_path 'E:\folder\file': prints where it is here, whatever the case of its letters; fails where there is none.
windows_path() {
    local path part name=$1
    case $name in
    [A-Za-z]:*) ;;
    \\*) name=C:$name ;;
    *) name="C:\\Users\\Administrator\\$name" ;;
    esac
    path=$(drive_root "${name%%:*}") || return 1
    printf '%s' "${name#*:}" | tr '\\' '\n' | {
        while IFS= read -r part || [ -n "$part" ]; do
            case $part in
            '' | .) continue ;;
            ..) return 1 ;;
            esac
            part=$(ls -A "$path" | grep -ixF -- "$part" | head -n 1)
            [ -n "$part" ] || return 1
            path=$path/$part
        done
        printf '%s\n' "$path"
    }
}

# find_driver FOLDER [any-device]: looks for a driver that this Windows and this machine can use; FOLDER is a Windows path.
# Leaves it in $driver (its name), $driver_inf and $driver_os, or the reason against it in $refusal.
find_driver() {
    local folder os_folder inf
    refusal=no-such-folder
    folder=$(windows_path "$1") && [ -d "$folder" ] || return 1
    os_folder=${folder%/*}
    driver_os=$(printf '%s' "${os_folder##*/}" | tr A-Z a-z)
    refusal=no-driver-there
    for inf in "$folder"/*.[Ii][Nn][Ff]; do
        [ -f "$inf" ] || return 1
        refusal=wrong-windows
        [ "$driver_os" = 2k22 ] && [ "$(printf '%s' "${folder##*/}" | tr A-Z a-z)" = amd64 ] || return 1
        refusal=no-such-device
        [ "${2:-}" = any-device ] || device_wants "$inf" || continue
        driver_inf=$inf
        driver=$(basename "$inf" | sed 's/\.[^.]*$//' | tr A-Z a-z)
        return
    done
    return 1
}

# Whether the machine has a PCI device that this INF names.
device_wants() {
    local device id
    for device in /sys/bus/pci/devices/*; do
        id="VEN_$(cut -c3-6 "$device/vendor")&DEV_$(cut -c3-6 "$device/device")"
        grep -qi "$id" "$1" && return
    done
    return 1
}

# start_driver NAME: lets the stand-in's own kernel see the device. A virtio-scsi controller is searched in the background:
# its disk appears at once, the rest of its 256 addresses takes seconds under emulation.
start_driver() {
    case $1 in
    viostor) modprobe -a virtio_pci virtio_blk ;;
    vioscsi) modprobe -a virtio_pci virtio_scsi & ;;
    esac
}
