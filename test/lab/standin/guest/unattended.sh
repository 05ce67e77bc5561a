# Setup that obeys an answer file: the windowsPE pass. Whatever the file does not answer is asked as without one.

SETUP_ANSWERS=windowsPE/Microsoft-Windows-Setup
DISK_ANSWERS="$SETUP_ANSWERS/DiskConfiguration/Disk[1]"
OS_IMAGE=$SETUP_ANSWERS/ImageInstall/OSImage
SETUP_LOG=/tmp/setupact.log
SETUP_ERRORS=/tmp/setuperr.log

# log Info|Error TEXT: as Setup keeps its logs.
log() {
    local level=$1
    shift
    printf '%s, %-9s %s\r\n' "$(date '+%Y-%m-%d %H:%M:%S')" "$level" "$*" >>$SETUP_LOG
    [ "$level" != Error ] || tail -n 1 $SETUP_LOG >>$SETUP_ERRORS
}

# refuse WHAT SENTENCE: Setup goes no further; it waits for somebody to read its sentence.
refuse() {
    log Error "[0x060432] IBS    $2"
    report "refused $1"
    setup_fails "$2"
}

refuse_setting() {
    refuse "$1" "Windows could not apply the unattend answer file's <$2> setting."
}

# The first Autounattend.xml in the root of a CD, in the order of the drive letters. One that cannot be read as XML counts as
# none: Setup asks for everything, and no later CD is looked at.
find_answer_file() {
    local place
    : >$SETUP_LOG
    : >$SETUP_ERRORS
    for place in $(cds_in_order); do
        answer_file=$(find "$place" -maxdepth 1 -type f -iname autounattend.xml | head -n 1)
        [ -n "$answer_file" ] || continue
        if read_answer_file "$answer_file"; then
            report 'answer file found'
            log Info "[0x0601bd] IBS    Found unattend file [${answer_file##*/}]"
        else
            report 'answer file ignored'
            answer_file=
        fi
        return
    done
    answer_file=
}

run_setup_commands() {
    local number
    for number in $(in_order $SETUP_ANSWERS/RunSynchronous/RunSynchronousCommand); do
        answer "$SETUP_ANSWERS/RunSynchronous/RunSynchronousCommand[$number]/Path" || continue
        log Info "IBS    Callback_RunSynchronous: $value"
        run_setup_command "$value"
    done
}

# run_setup_command LINE: an echo to COM1, or a value of LabConfig, which the stand-in needs as little as a TPM.
run_setup_command() {
    local line
    line=$(printf '%s' "$1" | sed 's/[Cc][Oo][Mm]1:\{0,1\}/COM1/; s/[Ee][Cc][Hh][Oo] /echo /; s/> *\(\\\\\.\\\)\{0,1\}COM1/>COM1/')
    case $(lower "$line") in 'reg add '*labconfig*)
        report "labconfig $(lower "$line" | sed 's|.*/v *\([a-z]*\).*|\1|')"
        return
        ;;
    esac
    case $line in
    *'>COM1 echo '*)
        line=${line#*>COM1 echo }
        line=${line%%&*}
        com1 "${line%\"}"
        ;;
    # cmd takes one digit right in front of > for the number of a handle: nothing would reach COM1.
    *'echo '*' '[0-9]'>COM1'*) report 'unknown command: a digit in front of >COM1 is the number of a handle' ;;
    *'echo '*'>COM1'*)
        line=${line#*echo }
        line=${line%>COM1*}
        com1 "${line%)}"
        ;;
    *) report 'unknown command' ;;
    esac
}

language_is_answered() {
    local place=windowsPE/Microsoft-Windows-International-Core-WinPE wanted
    for wanted in SetupUILanguage/UILanguage UILanguage; do
        answer "$place/$wanted" && media_speaks "$value" || return 1
    done
}

media_speaks() {
    cut -d"$TAB" -f1,2 $IMAGES | grep '/LANGUAGE\[' | cut -d"$TAB" -f2 | grep -qixF -- "$1"
}

# Whether a key lets Setup go on. Without the element the image decides; an empty one is asked for.
key_is_answered() {
    answer $SETUP_ANSWERS/UserData/ProductKey/Key || return 0
    [ -n "$value" ] || return 1
    image 1 WINDOWS/EDITIONID
    case $value in
    *Eval) refuse key-on-evaluation 'The product key entered does not match any of the Windows images available for installation. Enter a different product key.' ;;
    esac
}

# Leaves the number of the image in $edition.
edition_is_answered() {
    local key wanted
    answer "$OS_IMAGE/InstallFrom/MetaData[1]/Key" || return 1
    key=$(printf '%s' "$value" | tr a-z A-Z)
    answer "$OS_IMAGE/InstallFrom/MetaData[1]/Value" || return 1
    wanted=$value
    edition=1
    while [ $edition -le $image_count ]; do
        case $key in
        /IMAGE/INDEX) value=$edition ;;
        /IMAGE/NAME | /IMAGE/DESCRIPTION) image $edition "${key#/IMAGE/}" ;;
        *) return 1 ;;
        esac
        [ "$(lower "$value")" != "$(lower "$wanted")" ] || return 0
        edition=$((edition + 1))
    done
    return 1
}

licence_is_answered() { answer_is $SETUP_ANSWERS/UserData/AcceptEula true; }

# Drivers of the answer file's folders, then of $WinPEDriver$ on every CD, as deep as they lie. A folder that is not there
# is passed over.
load_answered_drivers() {
    local number=1 folder place absent=
    unattended=yes
    while answer "windowsPE/Microsoft-Windows-PnpCustomizationsWinPE/DriverPaths/PathAndCredentials[$number]/Path"; do
        number=$((number + 1))
        case $absent in *"|${value%\\*}|"*) continue ;; esac
        if folder=$(windows_path "$value"); then
            load_drivers_under "$folder"
        elif ! windows_path "${value%\\*}" >/dev/null; then
            absent="$absent|${value%\\*}|"
        fi
    done
    for place in $(cds_in_order); do
        [ ! -d "$place/\$WinPEDriver\$" ] || load_drivers_under "$place/\$WinPEDriver\$"
    done
    unattended=
}

load_drivers_under() {
    local inf name
    find "$1" -type f -iname '*.inf' >/tmp/infs
    while IFS= read -r inf; do
        name=$(driver_name "$inf")
        [ ! -d "/drivers/$name" ] || continue
        if ! fits_this_windows "$inf"; then
            report "driver refused wrong-windows $name"
            continue
        fi
        take_driver "$name" "$inf"
        if device_wants "$inf"; then start_driver "$name"; fi
        log Info "PnPIBS: Successfully added the driver package ${inf##*/}"
        report "driver loaded $name $(driver_system "$inf")"
    done </tmp/infs
}

# The disk that the answer file speaks of, in $disk; refuses what Setup refuses. Fails when the file leaves it to the admin.
disk_is_answered() {
    answer "$DISK_ANSWERS/DiskID" || return 1
    [ "$value" = 0 ] || refuse_setting 'disk-configuration disk-id' DiskConfiguration
    eventually 3 find_disk || refuse_setting 'disk-configuration no-disk' DiskConfiguration
    if grep -qE 'CreatePartition\[[0-9]+\]/Type'"$TAB"'(EFI|MSR)$' $ANSWERS; then
        is_uefi || refuse_setting 'disk-configuration gpt-on-bios' DiskConfiguration
    elif is_uefi; then
        refuse_setting 'disk-configuration mbr-on-uefi' DiskConfiguration
    fi
    report 'drive 0 visible'
}

is_uefi() { [ -d /sys/firmware/efi ]; }

# The partitions of the answer file. Leaves $system_partition and $windows_partition.
partition_as_answered() {
    local label=dos
    ! is_uefi || label=gpt
    if answer_is "$DISK_ANSWERS/WillWipeDisk" true; then
        { echo "label: $label" && partition_lines $label; } | sfdisk --quiet --wipe always --wipe-partitions always "$disk"
    else
        partition_lines $label | sfdisk --quiet --append --wipe-partitions always "$disk"
    fi || refuse_setting 'disk-configuration no-space' DiskConfiguration
    windows_partition=
    system_partition=
    format_as_answered
    answer "$OS_IMAGE/InstallTo/PartitionID" && windows_partition=$disk$value
    if ! answer_is "$OS_IMAGE/InstallTo/DiskID" 0 || [ ! -b "$windows_partition" ]; then
        refuse_setting 'image-install no-partition' ImageInstall
    fi
    [ -n "$system_partition" ] || refuse 'disk-configuration no-system-partition' \
        "Setup was unable to create a new system partition or locate an existing system partition."
}

# What sfdisk makes them from. Sizes are in MB, as Setup counts them.
partition_lines() {
    local number id=0 size type place
    for number in $(in_order "$DISK_ANSWERS/CreatePartitions/CreatePartition"); do
        id=$((id + 1))
        place="$DISK_ANSWERS/CreatePartitions/CreatePartition[$number]"
        size=
        answer_is "$place/Extend" true || { answer "$place/Size" && size="size=${value}MiB, "; }
        answer "$place/Type"
        case $1:$value in
        gpt:EFI) type='type=U, name="EFI system partition"' ;;
        gpt:MSR) type='type=E3C9E316-0B5C-4DB8-817D-F92DF00215AE, name="Microsoft reserved partition"' ;;
        gpt:*) type='type=EBD0A0A2-B9E5-4433-87C0-68B6B72699C7, name="Basic data partition"' ;;
        *) type=type=7 ;;
        esac
        ! is_active $id || type="$type, bootable"
        printf '%s%s\n' "$size" "$type"
    done
}

# is_active ID: whether the answer file marks that partition as the one to start from.
is_active() {
    local number
    for number in $(in_order "$DISK_ANSWERS/ModifyPartitions/ModifyPartition"); do
        answer_is "$DISK_ANSWERS/ModifyPartitions/ModifyPartition[$number]/PartitionID" "$1" &&
            answer_is "$DISK_ANSWERS/ModifyPartitions/ModifyPartition[$number]/Active" true && return
    done
    return 1
}

format_as_answered() {
    local number place partition label
    for number in $(in_order "$DISK_ANSWERS/ModifyPartitions/ModifyPartition"); do
        place="$DISK_ANSWERS/ModifyPartitions/ModifyPartition[$number]"
        answer "$place/PartitionID"
        partition=$disk$value
        eventually 3 test -b "$partition" || refuse_setting 'disk-configuration no-such-partition' DiskConfiguration
        ! answer_is "$place/Active" true || system_partition=$partition
        answer "$place/Label"
        label=$value
        answer "$place/Format"
        case $(lower "$value") in
        ntfs) mkntfs -Q -q -L "$label" "$partition" ;;
        fat32)
            mkdosfs -n "$(printf '%s' "$label" | tr a-z A-Z)" "$partition"
            ! is_uefi || system_partition=$partition
            ;;
        esac
    done
}

# What the next start needs of the answer file: itself without passwords, and the passwords where Windows has them.
leave_answers() {
    [ -n "$answer_file" ] || return 0
    keep_answer_file "$answer_file" "$windows/Windows/Panther/unattend.xml"
    if answer_password oobeSystem/Microsoft-Windows-Shell-Setup/UserAccounts/AdministratorPassword AdministratorPassword; then
        if complex_enough "$value"; then keep_password "$value"; else report 'refused password'; fi
    fi
    leave_auto_logon
    value=
}

leave_auto_logon() {
    local place=oobeSystem/Microsoft-Windows-Shell-Setup/AutoLogon count user
    answer_is $place/Enabled true || return 0
    answer $place/LogonCount && count=$value || count=1
    answer $place/Username && user=$value
    answer_password $place/Password Password || value=
    reg_set SOFTWARE "$WINLOGON" AutoAdminLogon=string:1 "AutoLogonCount=dword:$count" "DefaultUserName=string:$user" \
        "DefaultPassword=string:$value"
}
