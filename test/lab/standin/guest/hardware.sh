# Disks, CDs and the drivers they need. Setup, like Windows', cannot see a virtio disk before its driver was loaded.

windows=/windows    # where the Windows volume is mounted, drive C:

# What Windows has in the box: IDE, SATA, CD, USB keyboard and tablet.
load_drivers_every_windows_has() {
    modprobe -a ata_piix ahci sd_mod sr_mod isofs udf fuse
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

# Mounts every CD under /cd. Done afresh each time a letter is looked up, as a CD may have been changed; not as long as
# nobody is there to change one ($unattended).
attach_cds() {
    local device place
    [ -z "${unattended:-}" ] || return 0
    for device in /dev/sr*; do
        [ -b "$device" ] || continue
        place=/cd/${device##*/}
        mkdir -p "$place"
        umount "$place" 2>/dev/null
        mount -r -t udf "$device" "$place" 2>/dev/null || mount -r -t iso9660 "$device" "$place" 2>/dev/null ||
            rmdir "$place"
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
    local number
    case $1 in
    [Cc]) [ -d "$windows/Windows" ] && echo "$windows" && return ;;
    [Dd]) number=1 ;;
    [Ee]) number=2 ;;
    [Ff]) number=3 ;;
    [Gg]) number=4 ;;
    [Hh]) number=5 ;;
    esac
    [ -n "${number:-}" ] || return 1
    attach_cds
    set -- $(cds_in_order)
    [ $# -ge $number ] || return 1
    shift $((number - 1))
    printf '%s\n' "$1"
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
            if [ ! -e "$path/$part" ]; then
                part=$(ls -A "$path" | grep -ixF -- "$part" | head -n 1)
                [ -n "$part" ] || return 1
            fi
            path=$path/$part
        done
        printf '%s\n' "$path"
    }
}

# set_windows_system BUILD: the folder this Windows' drivers have on the virtio-win CD, in $windows_system.
set_windows_system() {
    case $1 in
    26100) windows_system=2k25 ;;
    *) windows_system=2k22 ;;
    esac
}

# find_driver FOLDER [any-device]: looks for a driver that this Windows and this machine can use; FOLDER is a Windows path.
# Leaves it in $driver (its name), $driver_inf and $driver_os, or the reason against it in $refusal.
find_driver() {
    local folder inf
    refusal=no-such-folder
    folder=$(windows_path "$1") && [ -d "$folder" ] || return 1
    refusal=no-driver-there
    for inf in "$folder"/*.[Ii][Nn][Ff]; do
        [ -f "$inf" ] || return 1
        refusal=wrong-windows
        fits_this_windows "$inf" || return 1
        refusal=no-such-device
        [ "${2:-}" = any-device ] || device_wants "$inf" || continue
        driver_inf=$inf
        driver=$(driver_name "$inf")
        driver_os=$(driver_system "$inf")
        return
    done
    return 1
}

driver_name() { basename "$1" | sed 's/\.[^.]*$//' | tr A-Z a-z; }

# The Windows an INF is for: the stand-in's own say so in their first line. Nothing for others, which fit every Windows.
driver_system() { sed -n '1s/.*, folder \([a-z0-9]*\)\..*/\1/p' "$1"; }

fits_this_windows() {
    local system
    system=$(driver_system "$1")
    [ -z "$system" ] || [ "$system" = "$windows_system" ]
}

# Whether the machine has a PCI device that this INF names.
device_wants() {
    local device vendor id
    [ -s /tmp/devices ] || for device in /sys/bus/pci/devices/*; do
        read -r vendor <"$device/vendor"
        read -r id <"$device/device"
        echo "VEN_${vendor#0x}&DEV_${id#0x}"
    done >/tmp/devices
    grep -qiFf /tmp/devices "$1"
}

# start_driver NAME: lets the stand-in's own kernel see the device. A virtio-scsi controller is searched in the background:
# its disk appears at once, the rest of its 256 addresses takes seconds under emulation.
start_driver() {
    case $1 in
    viostor) modprobe -a virtio_pci virtio_blk ;;
    vioscsi) modprobe -a virtio_pci virtio_scsi & ;;
    esac
}
