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
    if [ "$(head -c 8 "$file" | xxd -p)" != $MSI_MAGIC ]; then
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

install_cloudbase() {
    local place="$windows/Program Files/Cloudbase Solutions/Cloudbase-Init"
    window cloudbase-installing "$CLOUDBASE_TITLE" 'Installing Cloudbase-Init'
    say 'Please wait while the Setup Wizard installs Cloudbase-Init.'
    progress 0 'Copying new files'
    mkdir -p "$place/bin" "$place/conf" "$place/log" "$place/LocalScripts" "$place/Python/Scripts"
    cp /lib/standin/cloudbase/* "$place/conf/"
    printf 'MZ' >"$place/bin/OpenStackService.exe"
    printf 'MZ' >"$place/Python/Scripts/cloudbase-init.exe"
    progress 50 'Registering the service'
    reg_set SYSTEM 'CurrentControlSet\Services\cloudbase-init' Type=dword:16 Start=dword:2 ErrorControl=dword:1 \
        'DisplayName=string:Cloudbase-Init' 'ObjectName=string:.\cloudbase-init' \
        'ImagePath=expandstring:"C:\Program Files\Cloudbase Solutions\Cloudbase-Init\bin\OpenStackService.exe" cloudbase-init'
    reg_set SOFTWARE 'Microsoft\Windows\CurrentVersion\Uninstall\{C0A5E3E7-5D0E-4C5A-9C55-57A2D1B00118}' \
        'DisplayName=string:Cloudbase-Init 1.1.8 (practice stand-in)' DisplayVersion=string:1.1.8.0 \
        'Publisher=string:Cloudbase Solutions Srl'
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
    local sysprep="$windows/Windows/System32/Sysprep"
    window sysprep-working 'System Preparation Tool 3.14' 'Sysprep is working...'
    say 'Processing phase: generalize'
    mkdir -p "$sysprep/Panther"
    : >"$sysprep/Panther/setuperr.log"
    printf 'Info                  SYSPRP Sysprep_Clean_Validate_Opk: Successfully ended\r\n' >"$sysprep/Panther/setupact.log"
    rm -f "$PASSWORD_HASH"
    reg_set_generalized
    : >"$sysprep/Sysprep_succeeded.tag"
    report 'sysprep succeeded'
}
