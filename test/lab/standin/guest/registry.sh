# Reading and changing the registry hives of the Windows under $windows. Runs in the guest (busybox ash) and, for
# make-disk.sh, on the host. Key paths are without the hive's name and take CurrentControlSet; they ignore case as Windows does.

CONFIG=Windows/System32/config

# The key as it is stored: Windows maps CurrentControlSet to the control set that Select\Current names, here always 1.
stored_key() {
    printf '%s' "$1" | sed 's/^[Cc][Uu][Rr][Rr][Ee][Nn][Tt][Cc][Oo][Nn][Tt][Rr][Oo][Ll][Ss][Ee][Tt]/ControlSet001/'
}

# reg_get HIVE KEY NAME: prints one value.
reg_get() {
    printf 'cd \\%s\nlsval %s\n' "$(stored_key "$2")" "$3" | hivexsh "$windows/$CONFIG/$1" 2>/dev/null
}

# reg_set HIVE KEY NAME=TYPE:DATA...: sets values, creates the key where it is missing, keeps its other values.
# TYPE:DATA as hivexsh takes it: string:abc, expandstring:%SystemRoot%, dword:1, hex:7:41,00,... NAME=- removes the value.
reg_set() {
    local file="$windows/$CONFIG/$1" key
    key=$(stored_key "$2")
    shift 2
    reg_make_key "$file" "$key"
    reg_merge "$file" "$key" "$@" | hivexsh -w "$file"
}

# Creates the key and each missing parent.
reg_make_key() {
    local file=$1 rest="$2\\" path= name
    printf 'cd \\%s\n' "$2" | hivexsh "$file" >/dev/null 2>&1 && return
    while [ -n "$rest" ]; do
        name=${rest%%\\*}
        rest=${rest#*\\}
        printf 'cd \\%s\n' "$path$name" | hivexsh "$file" >/dev/null 2>&1 ||
            printf 'cd \\%s\nadd %s\ncommit\n' "$path" "$name" | hivexsh -w "$file"
        path="$path$name\\"
    done
}

# hivexsh's setval replaces all values of a key, so this prints a setval that repeats the present ones with the new ones in.
reg_merge() {
    local file=$1 key=$2
    shift 2
    printf 'cd \\%s\n' "$key"
    {
        for value; do printf '%s\n' "$value"; done
        echo
        printf 'cd \\%s\nlsval\n' "$key" | hivexsh "$file"
    } | awk '
        function unquote(text) {
            gsub(/\\"/, "\"", text)
            gsub(/\\\\/, "\\", text)
            return text
        }
        function keep(name, value) {
            if (tolower(name) in gone) return
            if (value == "-" && !present) { gone[tolower(name)] = 1; return }
            lower = tolower(name)
            if (!(lower in data)) { order[++count] = lower; shown[lower] = name }
            else if (lower in fresh) { shown[lower] = name; return }
            data[lower] = value
        }
        # What lsval prints, in the words of setval.
        function stored(text) {
            if (text ~ /^"/) return "string:" unquote(substr(text, 2, length(text) - 2))
            if (text ~ /^str\(2\):"/) return "expandstring:" unquote(substr(text, 9, length(text) - 9))
            if (text ~ /^dword:/) return "dword:0x" substr(text, 7)
            sub(/^hex\(/, "hex:", text)
            sub(/\):/, ":", text)
            return text
        }
        NF == 0 && !present { present = 1; next }
        !present { at = index($0, "="); name = substr($0, 1, at - 1); keep(name, substr($0, at + 1)); fresh[tolower(name)] = 1; next }
        { at = index($0, "\"="); keep(unquote(substr($0, 2, at - 2)), stored(substr($0, at + 2))) }
        END {
            print "setval " count + 0
            for (i = 1; i <= count; i++) { print shown[order[i]]; print data[order[i]] }
            print "commit"
        }'
}

# A driver's service, as its INF would register it. START: 0 = with the kernel, 3 = on demand.
reg_set_driver() {
    local name=$1 start=$2 group=$3
    reg_set SYSTEM "CurrentControlSet\\Services\\$name" Type=dword:1 "Start=dword:$start" ErrorControl=dword:1 \
        "ImagePath=expandstring:\\SystemRoot\\System32\\drivers\\$name.sys" "Group=string:$group" "DisplayName=string:$name"
}

TERMINAL_SERVER='CurrentControlSet\Control\Terminal Server'
FIREWALL_RULES='CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy\FirewallRules'
REMOTE_DESKTOP_RULES='RemoteDesktop-UserMode-In-TCP,RemoteDesktop-UserMode-In-UDP,RemoteDesktop-Shadow-In-TCP'

# reg_enable_rules NAME,NAME...: turns Active=FALSE into Active=TRUE; prints the name that is unknown, and changes nothing then.
reg_enable_rules() {
    local name rule enabled=
    for name in $(printf '%s' "$1" | tr ',' ' '); do
        rule=$(reg_get SYSTEM "$FIREWALL_RULES" "$name")
        [ -n "$rule" ] || { printf '%s' "$name" && return 1; }
        enabled="$enabled$name=string:$(printf '%s' "$rule" | sed 's/|Active=FALSE|/|Active=TRUE|/')
"
    done
    local IFS='
'
    set -f
    reg_set SYSTEM "$FIREWALL_RULES" $enabled
    set +f
}

# Whether Sysprep would refuse: what it says, its code and the part of it that says so, in $objection, $objection_code, $objecting.
sysprep_objects() {
    local package rearms
    case $(reg_get SYSTEM 'CurrentControlSet\Control\BitLockerStatus' BootStatus) in
    *1)
        objection='BitLocker-Sysprep: BitLocker is on for the OS volume. Turn BitLocker off to run Sysprep. (0x80310039)'
        objection_code=0x80310039 objecting='ValidateBitLockerState BdeSysprep.dll'
        return
        ;;
    esac
    package=$(reg_get SOFTWARE 'Microsoft\Windows\CurrentVersion\Appx\AppxAllUserStore\S-1-5-21-500' Package | tr -d '"')
    if [ -n "$package" ]; then
        objection="Package $package was installed for a user, but not provisioned for all users. This package will not function properly in the sysprep image."
        objection_code=0x80073cf2 objecting='SysprepGeneralizeValidate AppxSysprep.dll'
        return
    fi
    rearms=$(reg_get SOFTWARE 'Microsoft\Windows NT\CurrentVersion\SoftwareProtectionPlatform' StandinRearms | sed 's/.*[^0-9]//')
    [ "${rearms:-0}" -ge 3 ] || return 1
    objection='Failed to rearm: the maximum allowed number of re-arms has been exceeded (0xC004D307)'
    objection_code=0xc004d307 objecting='SLReArmWindows slc.dll'
}

# The two places where Windows says how far Setup or Sysprep came.
reg_set_image_state() {
    reg_set SOFTWARE 'Microsoft\Windows\CurrentVersion\Setup\State' "ImageState=string:$1"
    mkdir -p "$windows/Windows/Setup/State"
    printf '[State]\r\nImageState=%s\r\n' "$1" >"$windows/Windows/Setup/State/State.ini"
}

# Setup has ended and Windows may start normally.
reg_set_ready() {
    reg_set SYSTEM Setup CmdLine=string: SetupType=dword:0 SystemSetupInProgress=dword:0 OOBEInProgress=dword:0
    reg_set_image_state IMAGE_STATE_COMPLETE
}

# Sysprep /generalize /oobe has ended: the next start runs the out-of-box experience.
reg_set_generalized() {
    reg_set SYSTEM Setup 'CmdLine=string:oobe\windeploy.exe' SetupType=dword:2 SystemSetupInProgress=dword:1 \
        OOBEInProgress=dword:1 "CloneTag=string:$(date -u '+%a %b %d %H:%M:%S %Y')"
    reg_set SYSTEM 'Setup\Status\SysprepStatus' GeneralizationState=dword:7 CleanupState=dword:2
    reg_set_image_state IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE
}
