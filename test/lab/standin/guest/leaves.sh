# What programs leave on the disk once they have run: drivers, Cloudbase-Init, Sysprep. Runs in the guest (busybox ash) and,
# for make-disk.sh, on the host; acts on the Windows under $windows.

CLOUDBASE_FOLDER='Program Files/Cloudbase Solutions/Cloudbase-Init'

# leave_driver NAME FOLDER [waiting]: takes a driver into the store; installs it unless it waits for its device. Storage
# drivers start with the kernel.
leave_driver() {
    local name=$1 store="$windows/Windows/System32/DriverStore/FileRepository" hash
    hash=$(md5sum <"$2/$name.inf" | cut -c1-16)
    mkdir -p "$store/$name.inf_amd64_$hash"
    cp "$2/$name".* "$store/$name.inf_amd64_$hash/"
    [ "${3:-}" != waiting ] || return 0
    cp "$2/$name.sys" "$windows/Windows/System32/drivers/"
    case $name in
    viostor | vioscsi) reg_set_driver "$name" 0 'SCSI miniport' ;;
    netkvm) reg_set_driver "$name" 3 NDIS ;;
    *) reg_set_driver "$name" 3 'Extended Base' ;;
    esac
}

# leave_cloudbase CONF: the files of its installer, with the configuration from the folder CONF.
leave_cloudbase() {
    local place="$windows/$CLOUDBASE_FOLDER"
    mkdir -p "$place/bin" "$place/conf" "$place/log" "$place/LocalScripts" "$place/Python/Scripts"
    cp "$1"/* "$place/conf/"
    printf 'MZ' >"$place/bin/OpenStackService.exe"
    printf 'MZ' >"$place/Python/Scripts/cloudbase-init.exe"
}

leave_cloudbase_service() {
    reg_set SYSTEM 'CurrentControlSet\Services\cloudbase-init' Type=dword:16 Start=dword:2 ErrorControl=dword:1 \
        'DisplayName=string:Cloudbase-Init' 'ObjectName=string:.\cloudbase-init' \
        'ImagePath=expandstring:"C:\Program Files\Cloudbase Solutions\Cloudbase-Init\bin\OpenStackService.exe" cloudbase-init'
    reg_set SOFTWARE 'Microsoft\Windows\CurrentVersion\Uninstall\{C0A5E3E7-5D0E-4C5A-9C55-57A2D1B00118}' \
        'DisplayName=string:Cloudbase-Init 1.1.8 (practice stand-in)' DisplayVersion=string:1.1.8.0 \
        'Publisher=string:Cloudbase Solutions Srl'
}

leave_guest_agent() {
    mkdir -p "$windows/Program Files/Qemu-ga"
    printf 'MZ' >"$windows/Program Files/Qemu-ga/qemu-ga.exe"
    reg_set SYSTEM 'CurrentControlSet\Services\QEMU-GA' Type=dword:16 Start=dword:2 'DisplayName=string:QEMU Guest Agent' \
        'ImagePath=expandstring:"C:\Program Files\Qemu-ga\qemu-ga.exe" -d --retry-path'
}

# What bin\SetSetupComplete.cmd does before Sysprep: the service starts only when the next Setup is complete.
leave_setup_complete() {
    mkdir -p "$windows/Windows/Setup/Scripts"
    reg_set SYSTEM 'CurrentControlSet\Services\cloudbase-init' Start=dword:3
    printf 'sc config cloudbase-init start= auto && net start cloudbase-init\r\n' \
        >"$windows/Windows/Setup/Scripts/SetupComplete.cmd"
}

# leave_sysprep [ANSWERS]: Sysprep, told to use an answer file (that of Cloudbase-Init unless one is named): it keeps a copy,
# its logs and the mark of its success.
leave_sysprep() {
    local sysprep="$windows/Windows/System32/Sysprep"
    mkdir -p "$sysprep/Panther"
    cp "${1:-$windows/$CLOUDBASE_FOLDER/conf/Unattend.xml}" "$windows/Windows/Panther/unattend.xml"
    : >"$sysprep/Panther/setuperr.log"
    printf 'Info                  SYSPRP Sysprep_Clean_Validate_Opk: Successfully ended\r\n' >"$sysprep/Panther/setupact.log"
    reg_set_generalized
    : >"$sysprep/Sysprep_succeeded.tag"
}

# leave_sysprep_failure SENTENCE CODE "FUNCTION DLL": Sysprep, stopped before it changed anything.
leave_sysprep_failure() {
    local panther="$windows/Windows/System32/Sysprep/Panther" now text
    now=$(date '+%Y-%m-%d %H:%M:%S')
    mkdir -p "$panther"
    printf '%s, Info                  SYSPRP Sysprep /generalize /oobe /quiet was started\r\n' "$now" >"$panther/setupact.log"
    while IFS= read -r text; do
        printf '%s, Error      %s\r\n' "$now" "$text"
    done >"$panther/setuperr.log" <<ERRORS
           SYSPRP $1
[0x0f0082] SYSPRP ActionPlatform::LaunchModule: Failure occurred while executing '${3% *}' from C:\\Windows\\System32\\${3#* }; dwRet = $2
           SYSPRP SysprepSession::Validate: Error in validating actions from C:\\Windows\\System32\\Sysprep\\ActionFiles\\Generalize.xml; dwRet = $2
           SYSPRP RunPlatformActions:Failed while validating Sysprep session actions; dwRet = $2
[0x0f0070] SYSPRP RunExternalDlls:An error occurred while running registry sysprep DLLs, halting sysprep execution. dwRet = $2
[0x0f00d8] SYSPRP WinMain:Hit failure while pre-validate sysprep generalize internal providers; hr = $2
ERRORS
    cat "$panther/setuperr.log" >>"$panther/setupact.log"
}
