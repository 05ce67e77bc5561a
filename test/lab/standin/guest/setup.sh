# Windows Setup, started from the CD.

TITLE='Windows Setup'

setup() {
    mkdir -p /cd /drivers "$windows"
    window setup-starting "$TITLE" 'Setup is starting'
    eventually 15 windows_cd_is_there || setup_fails 'The Windows CD could not be read.'
    read_images "$media/sources/install.wim" || setup_fails 'The Windows CD could not be read.'
    image 1 WINDOWS/VERSION/BUILD && set_windows_system "$value"
    find_answer_file
    load_answered_drivers
    run_setup_commands
    language_is_answered || setup_language
    key_is_answered || setup_key
    edition_is_answered || setup_edition
    licence_is_answered || setup_licence
    disk_is_answered || setup_disk
    setup_copies
    window setup-restart "$TITLE" 'Windows needs to restart to continue'
    say 'Restarting'
    sleep 1
    leave_disks
    report restart
    reboot -f
}

windows_cd_is_there() {
    attach_cds
    media=$(cds_in_order | head -n 1)
    [ -f "$media/sources/payload.tar" ]
}

# setup_fails SENTENCE: what real Setup does: a message, and a restart when it was read.
setup_fails() {
    window setup-failed "$TITLE" 'The installation was cancelled'
    complain "$1"
    hint 'ENTER = Restart'
    read_line
    leave_disks
    reboot -f
}

setup_language() {
    window setup-language "$TITLE" 'Microsoft Server Operating System'
    say 'Language to install:         English (United States)' \
        'Time and currency format:    English (United States)' \
        'Keyboard or input method:    US' '' 'Press ENTER to install now.'
    hint 'ENTER = Install now'
    read_line
}

# Only asked for when the answer file has an empty one. Any key of the right form will do.
setup_key() {
    local mistake=
    while :; do
        window setup-key "$TITLE" 'Activate Windows'
        say 'Type the product key, such as XXXXX-XXXXX-XXXXX-XXXXX-XXXXX.' ''
        complain "$mistake"
        ask 'Product key:'
        case $typed in ?????-?????-?????-?????-?????) return ;; esac
        mistake='The product key is not valid.'
        report 'refused key'
    done
}

# Leaves the number of the chosen image in $edition.
setup_edition() {
    local mistake=
    while :; do
        window setup-edition "$TITLE" 'Select the operating system you want to install'
        say 'Operating system                                Architecture'
        list_editions
        say ''
        complain "$mistake"
        hint 'Type the number and press ENTER'
        ask 'Number:'
        edition=$typed
        case $edition in
        [1-9]) [ "$edition" -gt $image_count ] || return ;;
        esac
        mistake="Type a number from 1 to $image_count."
        report 'refused edition'
    done
}

list_editions() {
    local number=1 name
    while [ $number -le $image_count ]; do
        image $number DISPLAYNAME
        name=${value% (*}
        say "$(printf '%s  %-45sx64' $number "$name")"
        [ "$name" = "$value" ] || say "   ${value#"$name "}"
        number=$((number + 1))
    done
}

setup_licence() {
    local mistake=
    while :; do
        window setup-licence "$TITLE" 'Applicable notices and license terms'
        say 'This is a practice stand-in for Windows Setup. Nothing of' \
            'Windows is installed, and no licence is needed or granted.' '' \
            'Type YES to accept the license terms.' ''
        complain "$mistake"
        ask 'I accept:'
        case $typed in [Yy][Ee][Ss]) return ;; esac
        mistake='You must accept the license terms before you can continue.'
        report 'refused licence'
    done
}

# No drive is shown until a driver for it was loaded. ENTER goes on once there is one.
setup_disk() {
    local mistake=
    while :; do
        window setup-disk "$TITLE" 'Where do you want to install Windows?'
        if find_disk; then
            say 'Name                                 Total size     Free space' \
                "Drive 0 Unallocated Space            $(printf '%-15s%s' "$(disk_gigabytes) GB" "$(disk_gigabytes) GB")" ''
            report 'drive 0 visible'
        else
            say "We couldn't find any drives. To get a storage driver, click Load" 'driver.' ''
        fi
        complain "$mistake"
        mistake=
        say '' 'Load driver - type the folder that holds the driver,'
        hint 'folder + ENTER = Load driver        ENTER alone = Next'
        ask 'such as E:\folder\folder\folder (D: is the Windows CD):'
        if [ -n "$typed" ]; then
            load_driver "$typed" ||
                mistake='No signed device drivers were found. Make sure that the installation media contains the correct drivers, and then click OK.'
        elif find_disk; then
            return
        else
            mistake='Load a driver first: Windows must be installed on a drive.'
        fi
    done
}

load_driver() {
    if ! find_driver "$1"; then
        report "driver refused $refusal"
        return 1
    fi
    take_driver "$driver" "$driver_inf"
    start_driver "$driver"
    case $driver in viostor | vioscsi) eventually 20 find_disk ;; esac
    report "driver loaded $driver $driver_os"
}

# take_driver NAME INF: keeps it for the Windows that will be installed.
take_driver() {
    local file
    mkdir -p "/drivers/$1"
    for file in "${2%.*}".*; do cp "$file" "/drivers/$1/$(lower "${file##*/}")"; done
}

setup_copies() {
    window setup-copying "$TITLE" 'Installing Windows'
    say 'Status' ''
    progress 0 'Preparing the drive'
    if answer "$DISK_ANSWERS/DiskID"; then
        partition_as_answered
    else
        partition_disk || setup_fails 'Windows could not create a partition on the drive.'
    fi
    progress 20 'Copying Windows files'
    copy_start_files
    progress 45 'Getting files ready for installation'
    ntfs-3g "$windows_partition" "$windows" || setup_fails 'Windows cannot open the partition it made.'
    tar -x -f "$media/sources/payload.tar" -C "$windows"
    progress 70 'Installing features'
    leave_edition
    leave_answers
    progress 85 'Installing drivers'
    for driver in $(ls /drivers); do
        if device_wants "/drivers/$driver/$driver.inf"; then
            leave_driver "$driver" "/drivers/$driver"
        else
            leave_driver "$driver" "/drivers/$driver" waiting
        fi
    done
    progress 95 'Finishing up'
    cp $SETUP_LOG $SETUP_ERRORS "$windows/Windows/Panther/"
    leave_disks
    progress 100 'Finished'
}

# What tells the chosen Windows from the others of its CD.
leave_edition() {
    local build name type id
    image $edition WINDOWS/VERSION/BUILD && build=$value
    image $edition WINDOWS/INSTALLATIONTYPE && type=$value
    image $edition WINDOWS/EDITIONID && id=$value
    image $edition DISPLAYNAME && name=${value% (*}
    reg_set SOFTWARE 'Microsoft\Windows NT\CurrentVersion' "InstallationType=string:$type" "EditionID=string:$id" \
        "ProductName=string:$name" "CurrentBuild=string:$build" "CurrentBuildNumber=string:$build" \
        $(release_of "$build")
}

# release_of BUILD: what else the registry says of it; the hives come with that of 20348.
release_of() {
    [ "$1" != 26100 ] || echo DisplayVersion=string:24H2 BuildBranch=string:ge_release \
        BuildLab=string:26100.ge_release.240331-1435 BuildLabEx=string:26100.1.amd64fre.ge_release.240331-1435
}

progress() {
    meter 9 "$1"
    at 11 $TEXT_LEFT
    printf '%-56s' "$2"
    report "progress $1"
}

# With UEFI the system partition holds the loader under the names the firmware and Windows know it by, and what it starts.
copy_efi_start_files() {
    modprobe -a vfat nls_cp437 nls_ascii
    mount -t vfat "$system_partition" "$windows"
    mkdir -p "$windows/EFI/Boot" "$windows/EFI/Microsoft/Boot"
    cp "$media"/boot/vmlinuz-* "$media/boot/initrd" "$media/boot/bootmgfw.efi" "$windows/EFI/Microsoft/Boot/"
    cp "$media/boot/bootmgfw.efi" "$windows/EFI/Boot/bootx64.efi"
    echo 'stand-in for the boot configuration' >"$windows/EFI/Microsoft/Boot/BCD"
    umount "$windows"
}

# 350 MB "System Reserved" and the rest, both NTFS, as the answer files of BIOS installations have it.
partition_disk() {
    if is_uefi; then
        partition_gpt_disk
        return
    fi
    system_partition=${disk}1
    windows_partition=${disk}2
    printf '%s\n' 'label: dos' 'size=350MiB, type=7, bootable' 'type=7' | sfdisk --quiet --wipe always "$disk" || return 1
    eventually 3 test -b "$windows_partition" || return 1
    mkntfs -Q -q -L 'System Reserved' "$system_partition" && mkntfs -Q -q "$windows_partition"
}

# What Setup makes of an empty disk when it started from UEFI.
partition_gpt_disk() {
    system_partition=${disk}1
    windows_partition=${disk}3
    printf '%s\n' 'label: gpt' 'size=100MiB, type=U, name="EFI system partition"' \
        'size=16MiB, type=E3C9E316-0B5C-4DB8-817D-F92DF00215AE, name="Microsoft reserved partition"' \
        'type=EBD0A0A2-B9E5-4433-87C0-68B6B72699C7, name="Basic data partition"' |
        sfdisk --quiet --wipe always "$disk" || return 1
    eventually 3 test -b "$windows_partition" || return 1
    mkdosfs -n SYSTEM "$system_partition" && mkntfs -Q -q "$windows_partition"
}

# The boot loader goes where Windows has its own: the first sector and the gap before the first partition.
copy_start_files() {
    if is_uefi; then
        copy_efi_start_files
        return
    fi
    ntfs-3g "$system_partition" "$windows"
    mkdir "$windows/Boot"
    cp "$media"/boot/vmlinuz-* "$media/boot/initrd" "$windows/Boot/"
    echo 'stand-in for the boot configuration' >"$windows/Boot/BCD"
    echo 'stand-in for bootmgr' >"$windows/bootmgr"
    umount "$windows"
    dd if="$media/boot/disk-boot.img" of="$disk" bs=440 count=1 conv=notrunc
    dd if="$media/boot/disk-core.img" of="$disk" bs=512 seek=1 conv=notrunc
}
