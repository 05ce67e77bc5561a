# The installer of Cloudbase-Init, and Sysprep, which it offers to run at its end.

MSI_MAGIC=d0cf11e0a1b11ae1
CLOUDBASE_TITLE='Cloudbase-Init 1.1.8 Setup'

# run_installer NAME: from either desktop.
run_installer() {
    if [ -f "$ADMINISTRATOR/Desktop/$1" ]; then
        run_installer_at "C:\\Users\\Administrator\\Desktop\\$1"
    else
        run_installer_at "C:\\Users\\Public\\Desktop\\$1"
    fi
}

# run_installer_at PATH: as typed; a bare name is looked for on the desktops.
run_installer_at() {
    local name=${1#.\\} file
    case $name in
    *\\*) file=$(windows_path "$name") ;;
    *) file=$(windows_path "Desktop\\$name" || windows_path "C:\\Users\\Public\\Desktop\\$name") ;;
    esac || {
        fail 'This installation package could not be opened. Verify that the package exists' \
            'and that you can access it.' ''
        return
    }
    if ! is_installer "$file"; then
        fail 'This installation package could not be opened. Contact the application vendor' \
            'to verify that this is a valid Windows Installer package.' ''
        report 'refused installer'
        return
    fi
    already_ran=${file##*/}
    repaint=yes
    install_cloudbase
    offer_sysprep
}

is_installer() { [ "$(head -c 8 "$1" | xxd -p)" = $MSI_MAGIC ]; }

install_cloudbase() {
    window cloudbase-installing "$CLOUDBASE_TITLE" 'Installing Cloudbase-Init'
    say 'Please wait while the Setup Wizard installs Cloudbase-Init.'
    progress 0 'Copying new files'
    leave_cloudbase /lib/standin/cloudbase
    progress 50 'Registering the service'
    leave_cloudbase_service
    progress 100 'Finished'
    report 'cloudbase-init installed'
}

offer_sysprep() {
    local sysprep
    window cloudbase-finished "$CLOUDBASE_TITLE" 'Completed the Cloudbase-Init Setup Wizard'
    report 'ask sysprep'
    ask_yes_no 'Run Sysprep to create a generalized image? This is necessary if you plan to duplicate this instance. [y/n]'
    sysprep=$answer
    [ "$sysprep" = y ] || return
    report 'ask shutdown'
    ask_yes_no 'Shutdown when Sysprep terminates? [y/n]'
    run_sysprep
    [ "$answer" = n ] || power_off
}

# Leaves y or n in $answer.
ask_yes_no() {
    while :; do
        ask "$1"
        case $typed in
        [Yy] | [Yy][Ee][Ss]) answer=y && return ;;
        [Nn] | [Nn][Oo]) answer=n && return ;;
        esac
        report 'refused answer'
        [ $row -le 17 ] || window cloudbase-finished "$CLOUDBASE_TITLE" 'Completed the Cloudbase-Init Setup Wizard'
    done
}

run_sysprep() {
    window sysprep-working 'System Preparation Tool 3.14' 'Sysprep is working...'
    say 'Processing phase: generalize'
    leave_setup_complete
    rm -f "$PASSWORD_HASH"
    leave_sysprep
    report 'sysprep succeeded'
}
