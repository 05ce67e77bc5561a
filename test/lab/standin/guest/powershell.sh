# The commands the desktop understands: those an admin needs to prepare an image, with their real effects and answers.

# Splits a command line at spaces, outside of quotes; one word a line. "a, b" is one word, as PowerShell's lists are.
split_words() {
    printf '%s\n' "$1" | sed 's/, */,/g' | awk '{
        quote = ""
        started = 0
        word = ""
        for (i = 1; i <= length($0); i++) {
            c = substr($0, i, 1)
            if (quote != "") { if (c == quote) quote = ""; else word = word c }
            else if (c == "\"" || c == "\047") { quote = c; started = 1 }
            else if (c == " ") { if (started) print word; word = ""; started = 0 }
            else { word = word c; started = 1 }
        }
        if (started) print word
    }'
}

lower() { printf '%s' "$1" | tr A-Z a-z; }

run_command() {
    local line=$1 verb IFS='
'
    set -f
    set -- $(split_words "$line")
    set +f
    unset IFS
    verb=$(lower "${1:-}")
    case $verb in
    '') return ;;
    pnputil | pnputil.exe) shift && run_pnputil "$@" ;;
    reg | reg.exe) shift && run_reg "$@" ;;
    set-itemproperty | sp) shift && set_item_property "$@" ;;
    enable-netfirewallrule) shift && enable_firewall_rule "$@" ;;
    netsh) run_netsh "$line" ;;
    shutdown | shutdown.exe) shift && run_shutdown "$@" ;;
    stop-computer) power_off ;;
    restart-computer) restart ;;
    dir | ls | get-childitem) list_folder "${2:-}" ;;
    del | erase | rm | remove-item) delete_file "${2:-}" ;;
    msiexec | msiexec.exe) run_installer_at "${3:-}" ;;
    *.msi) run_installer_at "$1" ;;
    powershell | powershell.exe) shift && run_powershell "$@" ;;
    manage-bde | manage-bde.exe) encrypt_drive "${2:-}" "${3:-}" ;;
    add-appxpackage) add_app "$@" ;;
    slmgr | slmgr.vbs) use_rearm "${2:-}" ;;
    exit) leave_script "${2:-0}" ;;
    cls | clear) repaint=yes ;;
    help | get-help) show_help ;;
    *) not_recognised "$1" ;;
    esac
}

# run_powershell -Command TEXT: as typed into a command prompt.
run_powershell() {
    case $(lower "${1:-}") in
    -command | -c) run_command "${2:-}" ;;
    *) fail "powershell : only -Command is known to this stand-in." ;;
    esac
}

ran() { report "ran $*"; }

# fail SENTENCE...: in the red PowerShell shows errors in.
fail() {
    paint 9 $NAVY
    printf '%s\n' "$@"
    paint $WHITE $NAVY
    report 'command failed'
    command_failed=yes
}

not_recognised() {
    fail "$1 : The term '$1' is not recognized as the name of a cmdlet, function," \
        'script file, or operable program. Check the spelling of the name, or if a path' \
        'was included, verify that the path is correct and try again.' \
        "    + CategoryInfo          : ObjectNotFound: ($1:String) []" \
        '    + FullyQualifiedErrorId : CommandNotFoundException' ''
}

# manage-bde -on C: or -off C:
encrypt_drive() {
    local status
    case $(lower "$1 $2") in
    '-on c:') status=1 ;;
    '-off c:') status=0 ;;
    *) fail 'ERROR: Invalid Syntax.' 'Type "manage-bde -?" for usage.' '' && return ;;
    esac
    reg_set SYSTEM 'CurrentControlSet\Control\BitLockerStatus' "BootStatus=dword:$status"
    ran manage-bde
}

# Add-AppxPackage -Path FILE: for the user who calls it, and nobody else. The file is not looked at.
add_app() {
    local file=${3:-}
    [ "$(lower "${2:-}")" = -path ] && [ -n "$file" ] || { fail 'Add-AppxPackage : Missing an argument for parameter Path.' '' && return; }
    file=${file##*\\}
    reg_set SOFTWARE 'Microsoft\Windows\CurrentVersion\Appx\AppxAllUserStore\S-1-5-21-500' "Package=string:${file%.*}"
    ran Add-AppxPackage
}

# slmgr /rearm: one of the few that Windows has (three here), which Sysprep needs one of.
use_rearm() {
    local used
    [ "$(lower "$1")" = /rearm ] || { fail 'slmgr: only /rearm is known to this stand-in.' '' && return; }
    used=$(reg_get SOFTWARE 'Microsoft\Windows NT\CurrentVersion\SoftwareProtectionPlatform' StandinRearms | sed 's/.*[^0-9]//')
    reg_set SOFTWARE 'Microsoft\Windows NT\CurrentVersion\SoftwareProtectionPlatform' "StandinRearms=dword:$((${used:-0} + 1))"
    ran slmgr
}

# exit N: ends a script; the desktop stays.
leave_script() {
    if [ -n "${in_script:-}" ]; then script_exit=$1; else not_recognised exit; fi
}

show_help() {
    cat <<'HELP'
pnputil /add-driver E:\NetKVM\2k22\amd64\netkvm.inf /install
reg add "HKLM\..." /v NAME /t REG_DWORD|REG_SZ /d DATA /f      reg query
Set-ItemProperty -Path "HKLM:\..." -Name NAME -Value DATA
Enable-NetFirewallRule -Name RULE,RULE     or -DisplayGroup "Remote Desktop"
dir, del, shutdown /s /t 0, shutdown /r /t 0, or the name of an installer

HELP
    ran help
}

# pnputil -i -a FILE, or pnputil /add-driver FILE /install. As on Windows, the driver store takes a driver without its device.
run_pnputil() {
    local words file=
    words=$(lower "$1 ${2:-} ${3:-}")
    case $words in
    '-i -a '*) file=$3 ;;
    '/add-driver '*' /install' | '-add-driver '*' -install') file=$2 ;;
    *)
        fail 'PnPUtil: invalid command line. Use: pnputil /add-driver <file.inf> /install' ''
        return
        ;;
    esac
    printf 'Microsoft PnP Utility\n\nAdding driver package:  %s\n' "${file##*\\}"
    local folder=${file%\\*}
    if [ "$folder" = "$file" ] || ! find_driver "$folder" any-device || [ "$(lower "${file##*\\}")" != "$(lower "${driver_inf##*/}")" ]; then
        fail 'Failed to add driver package: The system cannot find the file specified, or' \
            'there is no driver in it for this Windows and this computer.' ''
        return
    fi
    printf 'Driver package added successfully.\nPublished Name:         oem1.inf\n'
    if device_wants "$driver_inf"; then
        leave_driver "$driver" "${driver_inf%/*}"
        printf 'Driver package installed on matching devices.\n\n'
    else
        leave_driver "$driver" "${driver_inf%/*}" waiting
        printf 'No matching devices were found.\n\n'
    fi
    report "driver installed $driver $driver_os"
}

# registry_place 'HKLM\SYSTEM\...' or PowerShell's 'HKLM:\SYSTEM\...': leaves $hive and $key.
registry_place() {
    local path
    path=$(printf '%s' "$1" | sed 's/^[Hh][Kk][Ll][Mm]:\?\\//; s/^HKEY_LOCAL_MACHINE\\//')
    [ "$path" != "$1" ] || return 1
    hive=$(printf '%s' "${path%%\\*}" | tr a-z A-Z)
    key=${path#*\\}
    case $hive in SYSTEM | SOFTWARE) ;; *) return 1 ;; esac
}

# registry_value TYPE DATA: prints it as reg_set takes it.
registry_value() {
    case $(lower "$1"):$2 in
    reg_dword:*[!0-9a-fx]* | reg_dword:) return 1 ;;
    reg_dword:*) printf 'dword:%s' "$2" ;;
    reg_sz:*) printf 'string:%s' "$2" ;;
    reg_expand_sz:*) printf 'expandstring:%s' "$2" ;;
    *) return 1 ;;
    esac
}

run_reg() {
    local action name= type=REG_SZ data= place=${2:-}
    action=$(lower "${1:-}")
    shift 2
    while [ $# -gt 0 ]; do
        case $(lower "$1") in
        /v) name=${2:-} && shift ;;
        /t) type=${2:-} && shift ;;
        /d) data=${2:-} && shift ;;
        /f) ;;
        *)
            fail 'ERROR: Invalid syntax.' 'Type "REG ADD /?" for usage.' ''
            return
            ;;
        esac
        shift
    done
    registry_place "$place" || {
        fail 'ERROR: Invalid key name.' 'Type "REG ADD /?" for usage.' ''
        return
    }
    case $action in
    add)
        data=$(registry_value "$type" "$data") && reg_set "$hive" "$key" "$name=$data" || {
            fail 'ERROR: Invalid syntax.' 'Type "REG ADD /?" for usage.' ''
            return
        }
        printf 'The operation completed successfully.\n\n'
        ran reg add
        ;;
    query)
        data=$(reg_get "$hive" "$key" "$name") && [ -n "$data" ] || {
            fail 'ERROR: The system was unable to find the specified registry key or value.' ''
            return
        }
        printf '    %s    %s\n\n' "$name" "$data"
        ran reg query
        ;;
    *) fail 'ERROR: Invalid syntax.' 'Type "REG /?" for usage.' '' ;;
    esac
}

set_item_property() {
    local path= name= value= type=
    while [ $# -gt 0 ]; do
        case $(lower "$1") in
        -path | -literalpath) path=${2:-} && shift ;;
        -name) name=${2:-} && shift ;;
        -value) value=${2:-} && shift ;;
        -type) type=$(lower "${2:-}") && shift ;;
        -force) ;;
        *) if [ -z "$path" ]; then path=$1; elif [ -z "$name" ]; then name=$1; else value=$1; fi ;;
        esac
        shift
    done
    case $type:$value in
    dword:* | :[0-9]*) type=REG_DWORD ;;
    *) type=REG_SZ ;;
    esac
    if registry_place "$path" && [ -n "$name" ] && value=$(registry_value "$type" "$value") &&
        reg_set "$hive" "$key" "$name=$value"; then
        ran Set-ItemProperty
    else
        fail "Set-ItemProperty : Cannot find path '$path' or property '$name'." ''
    fi
}

enable_firewall_rule() {
    case $(lower "${1:-}"):$(lower "${2:-}") in
    -displaygroup:'remote desktop') enable_rules "$REMOTE_DESKTOP_RULES" ;;
    -name:?*) enable_rules "$2" ;;
    *)
        fail 'Enable-NetFirewallRule : Parameter set cannot be resolved. Use -Name or' '-DisplayGroup.' ''
        return
        ;;
    esac || return
    ran Enable-NetFirewallRule
}

# enable_rules NAME,NAME...: refuses all when one is unknown.
enable_rules() {
    local missing
    missing=$(reg_enable_rules "$1") || {
        fail "Enable-NetFirewallRule : No MSFT_NetFirewallRule objects found with property" \
            "'InstanceID' equal to '$missing'. Verify the value of the property and retry." ''
        return 1
    }
}

run_netsh() {
    case $(lower "$1" | tr -d '"' | tr -s ' ') in
    'netsh advfirewall firewall set rule group=remote desktop new enable=yes')
        enable_rules "$REMOTE_DESKTOP_RULES" && printf '\nUpdated 3 rule(s).\nOk.\n\n' && ran netsh
        ;;
    *) fail 'The following command was not found by this stand-in.' '' ;;
    esac
}

run_shutdown() {
    case " $(lower "$*") " in
    *[-/]s*) power_off ;;
    *[-/]r*) restart ;;
    *) fail 'Usage: shutdown [/s | /r] [/t 0]' '' ;;
    esac
}

list_folder() {
    local folder name
    if ! folder=$(windows_path "${1:-.}"); then
        fail "Get-ChildItem : Cannot find path '$1' because it does not exist." ''
        return
    fi
    printf '\n    Directory: %s\n\n' "${1:-C:\\Users\\Administrator}"
    ls -lp "$folder" | awk 'NR > 1 {
        name = $0
        sub(/^([^ ]+ +){8}/, "", name)
        printf "%-6s %12s  %s\n", (name ~ /\/$/ ? "d-----" : "-a----"), (name ~ /\/$/ ? "" : $5), name
    }' | tail -n 18
    echo
    ran dir
}

delete_file() {
    local file
    if ! file=$(windows_path "$1") || [ -d "$file" ]; then
        fail "Remove-Item : Cannot find path '$1' because it does not exist." ''
        return
    fi
    if rm "$file" 2>/dev/null; then
        report "deleted ${file##*/}"
    else
        fail "Remove-Item : Cannot remove item $1: Access to the path is denied." ''
    fi
}
