# The files of the stand-in's C: drive as Setup lays them down.

# make_windows_tree FOLDER
make_windows_tree() {
    local tree=$1 folder
    while read -r folder; do mkdir -p "$tree/$folder"; done <<'FOLDERS'
PerfLogs
Program Files/Common Files
Program Files (x86)/Common Files
ProgramData/Microsoft
Users/Default/Desktop
Users/Public/Desktop
Users/Public/Documents
Windows/Panther
Windows/Setup/Scripts
Windows/Setup/State
Windows/System32/config
Windows/System32/drivers/etc
Windows/System32/DriverStore/FileRepository
Windows/System32/oobe
Windows/System32/Sysprep
Windows/SysWOW64
Windows/Temp
FOLDERS
    "$here/registry/make-hives.sh" "$tree/Windows/System32/config"
    for program in explorer.exe notepad.exe System32/cmd.exe System32/ntoskrnl.exe System32/Sysprep/sysprep.exe \
        System32/oobe/windeploy.exe System32/shutdown.exe System32/pnputil.exe; do
        x64_program >"$tree/Windows/$program"
    done
    printf '127.0.0.1 localhost\r\n' >"$tree/Windows/System32/drivers/etc/hosts"
    printf '[State]\r\nImageState=IMAGE_STATE_UNDEPLOYABLE\r\n' >"$tree/Windows/Setup/State/State.ini"
    printf 'A practice stand-in for Windows. No Microsoft software is on this drive.\r\n' >"$tree/Windows/System32/license.rtf"
    printf '[.ShellClassInfo]\r\n' >"$tree/Users/Public/Desktop/desktop.ini"
}

# The headers of an empty 64-bit console program: inspection tools read the architecture from cmd.exe.
x64_program() {
    perl -e '
        my $dos = pack("a2 x58 V", "MZ", 64);
        my $coff = pack("a4 v2 V3 v2", "PE", 0x8664, 0, 0, 0, 0, 240, 0x22);
        my $optional = pack("v C2 V5 Q< V2 v6 V4 v2 Q<4 V2", 0x20b, 14, 0, 0, 0, 0, 0, 0, 0x140000000, 4096, 512,
            10, 0, 10, 0, 10, 0, 0, 4096, 512, 0, 3, 0, 1048576, 4096, 1048576, 4096, 0, 16);
        my $image = $dos . $coff . $optional . "\0" x (240 - length $optional);
        print $image, "\0" x (1024 - length $image);'
}
