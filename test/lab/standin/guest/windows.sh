# The installed Windows, started from the disk.

ADMINISTRATOR=/windows/Users/Administrator
PASSWORD_HASH=/windows/ProgramData/standin/administrator

windows_start() {
    mkdir -p /cd "$windows"
    start_driver viostor
    start_driver vioscsi
    watch_power_button
    eventually 20 mount_windows || stop_error UNMOUNTABLE_BOOT_VOLUME
    boot_driver_is_installed || stop_error INACCESSIBLE_BOOT_DEVICE
    page windows-getting-ready 'Getting ready'
    set_windows_system "$(reg_get SOFTWARE 'Microsoft\Windows NT\CurrentVersion' CurrentBuild)"
    case $(reg_get SOFTWARE 'Microsoft\Windows\CurrentVersion\Setup\State' ImageState) in
    *COMPLETE*) auto_sign_in || sign_in ;;
    *)
        first_start
        run_first_logon_commands
        ;;
    esac
    run_once
    desktop
}

# Windows lies on the last NTFS partition that has its folder.
mount_windows() {
    local partition
    find_disk || return 1
    for partition in $(ls -r "$disk"[0-9]*); do
        [ "$(dd if="$partition" bs=1 skip=3 count=4)" = NTFS ] && ntfs-3g "$partition" "$windows" || continue
        [ ! -d "$windows/Windows/System32" ] || return 0
        umount "$windows"
    done
    return 1
}

# A Windows whose disk moved to a controller it has no driver for does not start.
boot_driver_is_installed() {
    local driver
    case $disk in
    /dev/vd*) driver=viostor ;;
    *) case $(readlink -f "/sys/block/${disk#/dev/}") in
        */virtio*) driver=vioscsi ;;
        *) return 0 ;;
        esac ;;
    esac
    [ -f "$windows/Windows/System32/drivers/$driver.sys" ]
}

stop_error() {
    hide_cursor
    fill_screen $BLUE
    at 6 $TEXT_LEFT
    printf ':('
    at 9 $TEXT_LEFT
    printf 'Your device ran into a problem and needs to restart.'
    at 13 $TEXT_LEFT
    printf 'Stop code: %s' "$1"
    report "stop $1"
    while :; do sleep 60; done
}

# After Setup, and after Sysprep: the Administrator has no password yet, unless an answer file gave one.
first_start() {
    local signs_in=
    first_start_as_answered
    if [ -f "$PASSWORD_HASH" ]; then signs_in=yes; else choose_password; fi
    page windows-finalizing 'Finalizing your settings'
    reg_set_ready
    [ -z "$signs_in" ] || auto_sign_in || sign_in
}

choose_password() {
    local mistake= password
    while :; do
        window windows-password 'Customize settings' 'Customize settings'
        say 'Type a password for the built-in administrator account that you' \
            'can use to sign in to this computer.' '' 'User name:   Administrator' ''
        complain "$mistake"
        ask 'Password:' '*'
        password=$typed
        if ! complex_enough "$password"; then
            mistake='Unable to update the password. The value provided for the new password does not meet the length, complexity, or history requirements of the domain.'
            report 'refused password'
            continue
        fi
        report 'field reenter-password'
        ask 'Reenter password:' '*'
        [ "$typed" = "$password" ] && break
        mistake="The passwords you entered don't match. Type them again."
        report 'refused password-mismatch'
    done
    keep_password "$typed"
    typed=
}

keep_password() {
    mkdir -p "${PASSWORD_HASH%/*}"
    hash_password "$(tr -dc 'a-zA-Z0-9' </dev/urandom | head -c 12)" "$1" >"$PASSWORD_HASH"
}

# Windows' rule: six characters of three of the four kinds, and not the account's name.
complex_enough() {
    local kinds=0
    [ ${#1} -ge 6 ] || return 1
    case $1 in *[a-z]*) kinds=$((kinds + 1)) ;; esac
    case $1 in *[A-Z]*) kinds=$((kinds + 1)) ;; esac
    case $1 in *[0-9]*) kinds=$((kinds + 1)) ;; esac
    case $1 in *[!a-zA-Z0-9]*) kinds=$((kinds + 1)) ;; esac
    [ $kinds -ge 3 ] && ! printf '%s' "$1" | grep -qi administrator
}

# hash_password SALT PASSWORD: the password goes over standard input, never in an argument list.
hash_password() { printf '%s\n' "$2" | mkpasswd -m sha256 -S "$1" -P 0; }

sign_in() {
    local mistake= stored
    stored=$(cat "$PASSWORD_HASH")
    while :; do
        hide_cursor
        fill_screen $BLUE
        centred 8 'Administrator'
        centred 10 "$mistake"
        centred 15 'Type the password and press ENTER'
        paint $BLACK $WHITE
        bar 12 26 30 ''
        at 12 27
        report 'screen windows-sign-in'
        show_cursor
        read_line '*' 28
        if [ "$(hash_password "$(printf '%s' "$stored" | cut -d'$' -f3)" "$typed")" = "$stored" ]; then
            typed=
            report 'signed in'
            return
        fi
        mistake='The password is incorrect. Try again.'
        report 'refused sign-in'
    done
}

# The installers on either desktop.
installers_on_desktop() {
    ls "$ADMINISTRATOR/Desktop" "$windows/Users/Public/Desktop" | grep -i '\.msi$'
}

# A prompt like Windows PowerShell's. ENTER alone runs the installer that lies on the desktop, as a double click would.
desktop() {
    local installer
    mkdir -p "$ADMINISTRATOR/Desktop" "$ADMINISTRATOR/Downloads"
    [ -f "$ADMINISTRATOR/NTUSER.DAT" ] || : >"$ADMINISTRATOR/NTUSER.DAT"
    while :; do
        draw_desktop
        installer=$(installers_on_desktop | head -n 1)
        if [ -n "$installer" ] && [ "$installer" != "${already_ran:-}" ]; then
            printf 'On the desktop: %s\nPress ENTER to run it, or type a command.\n\n' "$installer"
            report "desktop has $installer"
        else
            installer=
            printf 'Type help for the commands this stand-in knows.\n\n'
        fi
        report 'screen windows-desktop'
        repaint=
        while [ -z "$repaint" ]; do
            printf 'PS C:\\Users\\Administrator> '
            show_cursor
            read_line ''
            hide_cursor
            echo
            if [ -n "$typed" ]; then
                run_command "$typed"
            elif [ -n "$installer" ]; then
                run_installer "$installer"
            fi
            [ -n "$repaint" ] || report 'prompt'
        done
    done
}

draw_desktop() {
    hide_cursor
    fill_screen $NAVY
    paint $BLACK $WHITE
    bar 1 1 80 'Administrator: Windows PowerShell                                    -  o  x'
    paint 15 $BLUE
    bar 25 1 80 "Start   Windows Server 20${windows_system#2k} (practice stand-in)                     $(date +%H:%M)"
    printf '%s[3;24r' "$ESC"
    at 3 1
    paint $WHITE $NAVY
    printf 'Windows PowerShell\nPractice stand-in: no Microsoft software runs here.\n\n'
}
