#!/bin/bash
# make-disk.sh KIND OUT.qcow2 [WINDOWS]: makes a phony Windows disk in a few seconds, without a VM, for tests of putting files
# into one and of proving one. The Windows on it is the one the stand-in installs; it does not boot. KIND is the disk:
#   mbr             System Reserved + Windows, as BIOS Setup makes it
#   mbr-single      one active Windows partition
#   gpt             EFI, MSR, Windows, as UEFI Setup makes it
#   gpt-recovery    as gpt, and a recovery partition behind Windows
#   public-desktop  as mbr, but nobody has signed in yet: there is no Users\Administrator
#   dirty           as mbr, the volume marked dirty
#   hibernated      as mbr, with a hiberfil.sys that says Windows is asleep
#   bitlocker       as mbr, the Windows partition encrypted by its header
#   no-windows      an NTFS partition without Windows
#   linux           an ext4 partition
#   corrupt         garbage where the partition table should be
# WINDOWS is what has been done in it:
#   installed       its password is set, nothing else (the default)
#   good            a finished image: all drivers, Remote Desktop, Cloudbase-Init, the guest agent, Sysprep
#   unsysprepped    as good, but Sysprep did not run
#   driverless      as good, without any virtio driver
#   no-rdp          as good, but Remote Desktop is off and closed
# Needs /dev/fuse (it mounts the volume, a plain file, with ntfs-3g).
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
usage='usage: make-disk.sh mbr|mbr-single|gpt|gpt-recovery|public-desktop|dirty|hibernated|bitlocker|no-windows|linux|corrupt OUT.qcow2 [installed|good|unsysprepped|driverless|no-rdp]'
kind=${1:?$usage}
out=${2:?$usage}
contents=${3:-installed}
export PATH=$PATH:/usr/sbin:/sbin
source "$here/lib/packages.sh"
source "$here/lib/windows-tree.sh"
source "$here/lib/virtio-win.sh"
source "$here/guest/registry.sh"
source "$here/guest/leaves.sh"

SIZE_MIB=20480
# In MiB, from the start of the disk.
RESERVED_START=1 RESERVED_SIZE=350
WINDOWS_START=351 RECOVERY_SIZE=

main() {
    case $kind in
    mbr | mbr-single | gpt | gpt-recovery | public-desktop | dirty | hibernated | bitlocker | no-windows | linux | corrupt) ;;
    *) echo "$usage" >&2 && exit 2 ;;
    esac
    case $contents in
    installed | good | unsysprepped | driverless | no-rdp) ;;
    *) echo "$usage" >&2 && exit 2 ;;
    esac
    ensure_packages
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    partition_disk
    case $kind in
    corrupt) ;;
    linux) make_linux ;;
    *) make_windows ;;
    esac
    mv "$work/disk.qcow2" "$out"
}

# An empty disk with the partition table of its kind.
partition_disk() {
    local table=$work/table
    truncate -s "${SIZE_MIB}M" "$table"
    case $kind in
    corrupt) head -c 1M /dev/urandom | dd of="$table" conv=notrunc status=none ;;
    linux) WINDOWS_START=1 && echo 'start=2048, type=83, bootable' | sfdisk -q --label dos "$table" ;;
    mbr-single | no-windows) WINDOWS_START=1 && echo 'start=2048, type=7, bootable' | sfdisk -q --label dos "$table" ;;
    gpt | gpt-recovery)
        RESERVED_SIZE=100 WINDOWS_START=117
        [[ $kind == gpt ]] || RECOVERY_SIZE=500
        printf '%s\n' 'start=1MiB, size=100MiB, type=U, name="EFI system partition"' \
            'start=101MiB, size=16MiB, type=E3C9E316-0B5C-4DB8-817D-F92DF00215AE, name="Microsoft reserved partition"' \
            "start=117MiB, size=$((SIZE_MIB - 117 - 1 - RECOVERY_SIZE))MiB, type=EBD0A0A2-B9E5-4433-87C0-68B6B72699C7, name=\"Basic data partition\"" \
            ${RECOVERY_SIZE:+"type=DE94BBA4-06D1-4D40-A16A-BFD50179D6AC"} |
            sfdisk -q --label gpt "$table"
        ;;
    *)
        printf '%s\n' "start=${RESERVED_START}MiB, size=${RESERVED_SIZE}MiB, type=7, bootable" \
            "start=${WINDOWS_START}MiB, type=7" | sfdisk -q --label dos "$table"
        ;;
    esac
    WINDOWS_SIZE=$((SIZE_MIB - WINDOWS_START - 1 - RECOVERY_SIZE))
    [[ $kind == gpt* ]] || WINDOWS_SIZE=$((SIZE_MIB - WINDOWS_START))
    qemu-img convert -f raw -O qcow2 "$table" "$work/disk.qcow2"
}

# place FILE START: writes a volume into the disk. Only what is not zero: the disk is empty.
place() {
    qemu-img convert -n --target-is-zero -f raw "$1" --target-image-opts \
        "driver=raw,offset=$(($2 * 1048576)),size=$(stat -c %s "$1"),file.driver=qcow2,file.file.driver=file,file.file.filename=$work/disk.qcow2"
}

make_linux() {
    truncate -s "${WINDOWS_SIZE}M" "$work/linux"
    mke2fs -q -t ext4 -L root -E lazy_itable_init=1,lazy_journal_init=1 "$work/linux"
    place "$work/linux" "$WINDOWS_START"
}

make_windows() {
    case $kind in
    mbr-single | no-windows) ;;
    gpt*) make_efi_partition ;;
    *) make_reserved_partition ;;
    esac
    make_ntfs "$work/volume" "$WINDOWS_SIZE" "$WINDOWS_START" ''
    with_volume "$work/volume" fill_volume
    case $kind in
    dirty) mark_dirty "$work/volume" ;;
    bitlocker) mark_encrypted "$work/volume" ;;
    esac
    place "$work/volume" "$WINDOWS_START"
}

# make_ntfs FILE MIB START_MIB LABEL
make_ntfs() {
    truncate -s "$2M" "$1"
    mkntfs -F -Q -q -L "$4" -s 512 -p "$(($3 * 2048))" -H 255 -S 63 "$1" >/dev/null 2>&1
}

make_reserved_partition() {
    make_ntfs "$work/reserved" "$RESERVED_SIZE" "$RESERVED_START" 'System Reserved'
    with_volume "$work/reserved" fill_reserved
    place "$work/reserved" "$RESERVED_START"
}

fill_reserved() {
    mkdir "$1/Boot"
    echo 'stand-in for bootmgr' >"$1/bootmgr"
    echo 'stand-in for the boot configuration' >"$1/Boot/BCD"
}

make_efi_partition() {
    truncate -s "${RESERVED_SIZE}M" "$work/efi"
    busybox mkdosfs -n SYSTEM "$work/efi" >/dev/null
    place "$work/efi" "$RESERVED_START"
}

# with_volume FILE FUNCTION: calls FUNCTION with the folder the volume is mounted on.
with_volume() {
    local folder=$work/mounted
    mkdir -p "$folder"
    ntfs-3g "$1" "$folder"
    "$2" "$folder"
    fusermount -u "$folder" 2>/dev/null || umount "$folder"
    # ntfs-3g writes its last blocks after the unmount has returned.
    while pgrep -f "ntfs-3g $1 " >/dev/null; do sleep 0.02; done
}

fill_volume() {
    windows=$1
    if [[ $kind == no-windows ]]; then
        mkdir "$windows/Backup"
        echo 'no Windows here' >"$windows/Backup/notes.txt"
        return
    fi
    make_windows_tree "$work/tree"
    finish_windows
    cp -r "$work/tree/." "$windows/"
    [[ $kind != hibernated ]] || make_hibernation_file "$windows/hiberfil.sys"
}

# What the first start of Windows would have left, and what was done after it.
finish_windows() {
    local windows=$work/tree
    [[ $contents == driverless ]] || leave_drivers
    if [[ $kind != public-desktop ]]; then
        reg_set_ready
        mkdir -p "$windows"/Users/Administrator/{Desktop,Downloads}
        : >"$windows/Users/Administrator/NTUSER.DAT"
    fi
    [[ $contents == installed ]] || prepare_image
}

leave_drivers() {
    local driver drivers='viostor vioscsi netkvm'
    [[ $contents == installed ]] || drivers+=' vioser balloon'
    for driver in $drivers; do
        make_driver "$work/drivers" "$driver" "$driver" 1000 2k22
        leave_driver "$driver" "$work/drivers"
    done
}

# An image as Casement wants it, but for what KIND leaves out.
prepare_image() {
    if [[ $contents != no-rdp ]]; then
        reg_set SYSTEM 'CurrentControlSet\Control\Terminal Server' fDenyTSConnections=dword:0
        reg_enable_rules "$REMOTE_DESKTOP_RULES"
    fi
    leave_guest_agent
    leave_cloudbase "$here/cloudbase/conf"
    printf '%s\r\n' first_logon_behaviour=no \
        'metadata_services=cloudbaseinit.metadata.services.configdrive.ConfigDriveService,cloudbaseinit.metadata.services.httpservice.HttpService' \
        >>"$windows/$CLOUDBASE_FOLDER/conf/cloudbase-init.conf"
    leave_cloudbase_service
    leave_setup_complete
    [[ $contents == unsysprepped ]] || leave_sysprep
}

# ntfs-3g takes Windows for asleep when hiberfil.sys is at least a page long and starts with "hibr".
make_hibernation_file() {
    { printf 'hibr'; head -c 4092 /dev/zero; } >"$1"
}

# The flag is bit 0 of the flags in $VOLUME_INFORMATION (attribute 0x70) of $Volume, record 3 of the master file table.
mark_dirty() {
    perl -e '
        open my $volume, "+<:raw", $ARGV[0] or die;
        sub bytes { my ($at, $count) = @_; seek $volume, $at, 0; read $volume, my $data, $count; return $data }
        my $boot = bytes(0, 512);
        my $cluster = unpack("v", substr $boot, 11, 2) * unpack("C", substr $boot, 13, 1);
        my $size = unpack("c", substr $boot, 64, 1);
        my $record_size = $size < 0 ? 1 << -$size : $size * $cluster;
        for my $table (unpack "Q<2", substr $boot, 48, 16) {    # $MFT and its mirror
            my $start = $table * $cluster + 3 * $record_size;
            my $record = bytes($start, $record_size);
            my $at = unpack "v", substr $record, 20, 2;
            while ((my $type = unpack "V", substr $record, $at, 4) != 0xffffffff) {
                if ($type == 0x70) {
                    my $flags = $at + unpack("v", substr $record, $at + 20, 2) + 10;
                    seek $volume, $start + $flags, 0;
                    print {$volume} pack "v", 1 | unpack "v", substr $record, $flags, 2;
                }
                $at += unpack "V", substr $record, $at + 4, 4;
            }
        }' "$1"
}

# BitLocker replaces the OEM id of the boot sector; the rest cannot be read either.
mark_encrypted() {
    printf -- '-FVE-FS-' | dd of="$1" bs=1 seek=3 conv=notrunc status=none
    dd if=/dev/urandom of="$1" bs=4096 seek=1 count=64 conv=notrunc status=none
}

main
