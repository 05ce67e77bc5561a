# The build script of the CD, casement\build.ps1, in kind: the steps are read from it, their effects are known by their ids.

# run_phase PHASE LINE: LINE is the command that started it. Ends with the machine off.
run_phase() {
    local phase=$1 place number=0 id title
    build_command=$2
    attach_cds
    build_cd=
    for place in $(cds_in_order); do
        [ ! -f "$place/casement/build.cmd" ] || { build_cd=$place && break; }
    done
    [ -n "$build_cd" ] || { report 'build script missing' && return; }
    steps_of_phase "$phase" "$build_cd/casement/build.ps1" >/tmp/steps
    [ -s /tmp/steps ] || { report 'build script without this phase' && return; }
    unattended=yes
    draw_desktop
    report 'screen windows-build'
    com1 "casement: begin $phase $(wc -l </tmp/steps)"
    while IFS=$TAB read -r id title <&4; do
        number=$((number + 1))
        printf '%s. %s\n' $number "$title"
        com1 "casement: step $number $id $title"
        failure=
        if ! run_step "$id"; then
            com1 "casement: failed $id $failure"
            power_off
        fi
    done 4</tmp/steps
    com1 "casement: end $phase"
    power_off
}

# steps_of_phase PHASE FILE: prints "id<TAB>title" for each.
steps_of_phase() {
    tr -d '\r' <"$2" | awk -v "first=Phase '$1' {" '
        $0 == "}" { inside = 0 }
        $0 == first { inside = 1 }
        inside' | sed -n "s/^    Step '\([^']*\)' '\(.*\)' {.*/\1$TAB\2/; T; s/''/'/g; p"
}

note() { com1 "casement: note $*"; }

# run_step ID: leaves the reason in $failure when it fails.
run_step() {
    case $1 in
    drivers) install_drivers ;;
    guest-agent) install_guest_agent ;;
    settings) change_settings ;;
    again) run_again ;;
    updates) install_updates ;;
    scripts) run_scripts ;;
    cloudbase-init) install_cloudbase_quietly ;;
    configuration) configure_cloudbase ;;
    recovery | retrim) return 0 ;;
    clean) clean_up ;;
    sysprep) generalize ;;
    *) failure='this stand-in does not know the step' && return 1 ;;
    esac
}

# needs NAME: fails when the CD has no such file.
needs() {
    [ -f "$build_cd/casement/$1" ] && return
    failure="there is no $1 on the CD"
    return 1
}

# package NAME: as Windows Installer and the build script say it of a file that is no package.
package() {
    ! is_installer "$build_cd/casement/$1" || return 0
    failure="msiexec.exe ended with code 1620: /i E:\\casement\\$1 /qn /norestart"
    return 1
}

# Every driver of the CD; one without its device waits in the store.
install_drivers() {
    local inf name
    find "$build_cd/\$WinPEDriver\$" -type f -iname '*.inf' >/tmp/infs
    while IFS= read -r inf <&5; do
        name=$(driver_name "$inf")
        fits_this_windows "$inf" || { note "$name is for another Windows" && continue; }
        [ ! -f "$windows/Windows/System32/drivers/$name.sys" ] || continue
        take_driver "$name" "$inf"
        if device_wants "$inf"; then
            leave_driver "$name" "/drivers/$name"
        else
            leave_driver "$name" "/drivers/$name" waiting
            note "$name waits for its device"
        fi
    done 5</tmp/infs
}

install_guest_agent() {
    needs qemu-ga.msi && package qemu-ga.msi || return 1
    leave_guest_agent
}

change_settings() {
    rm -f "$windows/hiberfil.sys"
    reg_set SYSTEM 'CurrentControlSet\Control\Power' HibernateEnabled=dword:0
    reg_set SYSTEM 'CurrentControlSet\Control\BitLocker' PreventDeviceEncryption=dword:1
    reg_set SYSTEM "$TERMINAL_SERVER" fDenyTSConnections=dword:0
    reg_enable_rules "$REMOTE_DESKTOP_RULES"
}

# The next start continues with the phase seal.
run_again() {
    reg_set SOFTWARE "$RUN_ONCE" "Casement=string:$(printf '%s' "$build_command" | sed 's/ [^ "]*\("\{0,1\}\)$/ seal\1/')"
}

install_updates() {
    local file
    for file in "$build_cd"/casement/updates/*.[Mm][Ss][Uu]; do
        [ ! -f "$file" ] || note "${file##*/} is installed"
    done
}

run_scripts() {
    local file
    for file in "$build_cd"/casement/scripts/*; do
        [ -f "$file" ] || continue
        note "${file##*/}"
        run_script "$file" || return 1
    done
}

# run_script FILE: line by line. A line that fails and an exit code other than 0 fail it.
run_script() {
    local line name=${1##*/} ended
    case $(lower "$name") in
    *.ps1) ended='powershell.exe ended with code %s: -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "E:\\casement\\scripts\\%s"' ;;
    *) ended='cmd.exe ended with code %s: /c "E:\\casement\\scripts\\%s"' ;;
    esac
    script_exit=
    tr -d '\r' <"$1" | sed '1s/^\xef\xbb\xbf//; s/^[ 	]*//' >/tmp/script
    while IFS= read -r line <&5 || [ -n "$line" ]; do
        case $(lower "$line") in
        '' | '#'* | 'rem' | 'rem '* | ::* | '@echo off') continue ;;
        esac
        command_failed=
        in_script=yes
        run_command "$line"
        in_script=
        if [ -n "$command_failed" ]; then
            note "this line failed: $line"
            script_exit=1
        fi
        [ -z "$script_exit" ] || break
    done 5</tmp/script
    [ "${script_exit:-0}" = 0 ] && return
    failure=$(printf "$ended" "$script_exit" "$name")
    return 1
}

install_cloudbase_quietly() {
    needs CloudbaseInitSetup.msi || return 1
    package CloudbaseInitSetup.msi || return 1
    leave_cloudbase /lib/standin/cloudbase
    leave_cloudbase_service
}

configure_cloudbase() {
    local name
    for name in cloudbase-init.conf cloudbase-init-unattend.conf; do
        needs $name && cp "$build_cd/casement/$name" "$windows/$CLOUDBASE_FOLDER/conf/" || return 1
    done
}

clean_up() {
    rm -f "$PANTHER/unattend.xml"
    reg_set SOFTWARE "$WINLOGON" AutoAdminLogon=- AutoLogonCount=- DefaultPassword=-
}

generalize() {
    needs sysprep.xml || return 1
    if ! read_xml "$build_cd/casement/sysprep.xml" /tmp/sysprep 'urn:schemas-microsoft-com:unattend|unattend'; then
        failure='Sysprep cannot read sysprep.xml'
        return 1
    fi
    if sysprep_objects; then
        leave_sysprep_failure "$objection" "$objection_code" "$objecting"
        failure="Sysprep did not finish. $objection"
        return 1
    fi
    leave_setup_complete
    rm -f "$PASSWORD_HASH"
    leave_sysprep "$build_cd/casement/sysprep.xml"
}
