# The first start of an installed Windows that has an answer file: its passes specialize and oobeSystem, and who signs in.

PANTHER=/windows/Windows/Panther
WINLOGON='Microsoft\Windows NT\CurrentVersion\Winlogon'
RUN_ONCE='Microsoft\Windows\CurrentVersion\RunOnce'
REMOTE_DESKTOP_GROUP='@FirewallAPI.dll,-28752'

# What Setup or Sysprep left for this start; without a file there is nothing to do.
first_start_as_answered() {
    SETUP_LOG=$PANTHER/setupact.log
    SETUP_ERRORS=$PANTHER/setuperr.log
    [ -f "$PANTHER/unattend.xml" ] && read_answer_file "$PANTHER/unattend.xml" || return 0
    specialize
    prepare_first_sign_in
}

specialize() {
    local place=specialize/Microsoft-Windows number
    log Info '[windeploy.exe] Found an answer file for the pass specialize.'
    if grep -q '^specialize/' $ANSWERS; then set_computer_name; fi
    if answer $place-Shell-Setup/TimeZone; then set_time_zone "$value"; fi
    if answer $place-TerminalServices-LocalSessionManager/fDenyTSConnections; then
        case $(lower "$value") in
        true | 1) reg_set SYSTEM "$TERMINAL_SERVER" fDenyTSConnections=dword:1 ;;
        *) reg_set SYSTEM "$TERMINAL_SERVER" fDenyTSConnections=dword:0 ;;
        esac
    fi
    for number in UserAuthentication SecurityLayer; do
        answer $place-TerminalServices-RDP-WinStationExtensions/$number || continue
        case $value in
        [0-2]) reg_set SYSTEM "$TERMINAL_SERVER\\WinStations\\RDP-Tcp" "$number=dword:$value" ;;
        esac
    done
    open_firewall_groups
    for number in $(in_order $place-Deployment/RunSynchronous/RunSynchronousCommand); do
        answer "$place-Deployment/RunSynchronous/RunSynchronousCommand[$number]/Path" && run_unattended "$value"
    done
}

# Windows makes up a name unless it is told one.
set_computer_name() {
    answer specialize/Microsoft-Windows-Shell-Setup/ComputerName || value='*'
    [ "$value" != '*' ] || value=WIN-$(tr -dc 'A-Z0-9' </dev/urandom | head -c 11)
    reg_set SYSTEM 'CurrentControlSet\Control\ComputerName\ComputerName' "ComputerName=string:$value"
    reg_set SYSTEM 'CurrentControlSet\Services\Tcpip\Parameters' "Hostname=string:$value" "NV Hostname=string:$value"
}

set_time_zone() { reg_set SYSTEM 'CurrentControlSet\Control\TimeZoneInformation' "TimeZoneKeyName=string:$1"; }

open_firewall_groups() {
    local number=1 place
    while :; do
        place="specialize/Networking-MPSSVC-Svc/FirewallGroups/FirewallGroup[$number]"
        answer "$place/Group" || return 0
        if [ "$value" != "$REMOTE_DESKTOP_GROUP" ]; then
            report 'unknown firewall group'
        elif answer_is "$place/Active" true; then
            reg_enable_rules "$REMOTE_DESKTOP_RULES"
        fi
        number=$((number + 1))
    done
}

prepare_first_sign_in() {
    local place=oobeSystem/Microsoft-Windows
    log Info '[windeploy.exe] Found an answer file for the pass oobeSystem.'
    if answer $place-Shell-Setup/TimeZone; then set_time_zone "$value"; fi
    if answer_is $place-SecureStartup-FilterDriver/PreventDeviceEncryption true; then
        reg_set SYSTEM 'CurrentControlSet\Control\BitLocker' PreventDeviceEncryption=dword:1
    fi
    [ -f "$PASSWORD_HASH" ] || take_answered_password
}

# Whether the installed Windows knows the Administrator's password from the answer file; else it is asked for.
take_answered_password() {
    answer_password oobeSystem/Microsoft-Windows-Shell-Setup/UserAccounts/AdministratorPassword AdministratorPassword || return 0
    if complex_enough "$value"; then keep_password "$value"; else report 'refused password'; fi
    value=
}

# Signs in as Winlogon does when it is told to, and counts down. Fails when somebody has to sign in.
auto_sign_in() {
    local count
    [ -f "$PASSWORD_HASH" ] && [ "$(reg_get SOFTWARE "$WINLOGON" AutoAdminLogon)" = 1 ] || return 1
    count=$(reg_get SOFTWARE "$WINLOGON" AutoLogonCount)
    count=$((${count#dword:}))
    if [ $count -gt 1 ]; then
        reg_set SOFTWARE "$WINLOGON" "AutoLogonCount=dword:$((count - 1))"
    else
        reg_set SOFTWARE "$WINLOGON" AutoAdminLogon=string:0 DefaultPassword=- AutoLogonCount=-
    fi
    report 'signed in'
}

# What runs once after signing in: the answer file's commands the first time, then what RunOnce holds.
run_first_logon_commands() {
    local number place=oobeSystem/Microsoft-Windows-Shell-Setup/FirstLogonCommands/SynchronousCommand
    [ -s $ANSWERS ] || return 0
    for number in $(in_order $place); do
        answer "${place}[$number]/CommandLine" && run_unattended "$value"
    done
}

run_once() {
    local line
    line=$(reg_get SOFTWARE "$RUN_ONCE" Casement)
    [ -n "$line" ] || return 0
    reg_set SOFTWARE "$RUN_ONCE" Casement=-
    run_unattended "$line"
}

# run_unattended LINE: the build script, or a command the desktop knows too.
run_unattended() {
    local phase=${1##* }
    case $(lower "$1") in
    *'\casement\build.cmd '*) run_phase "${phase%\"}" "$1" ;;
    'reg '* | 'reg.exe '* | 'powershell '* | 'powershell.exe '* | 'netsh '*) run_command "$1" >/dev/null ;;
    *) report 'unknown command' ;;
    esac
}
