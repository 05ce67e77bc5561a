# A stand-in for the virtio-win driver CD: the real layout and names, files of a few hundred bytes.

VIRTIO_VERSION=0.1.285
VIRTIO_DRIVER_VERSION=100.100.104.28500

# folder, file stem, device name, PCI ids, Windows versions
VIRTIO_DRIVERS='
viostor   viostor   Red_Hat_VirtIO_SCSI_controller               1001,1042  2k16,2k19,2k22,2k25,w10,w11
vioscsi   vioscsi   Red_Hat_VirtIO_SCSI_pass-through_controller  1004,1048  2k16,2k19,2k22,2k25,w10,w11
NetKVM    netkvm    Red_Hat_VirtIO_Ethernet_Adapter              1000,1041  2k16,2k19,2k22,2k25,w10,w11
Balloon   balloon   VirtIO_Balloon_Driver                        1002,1045  2k16,2k19,2k22,2k25,w10,w11
vioserial vioser    VirtIO_Serial_Driver                         1003,1043  2k16,2k19,2k22,2k25,w10,w11
viorng    viorng    VirtIO_RNG_Device                            1005,1044  2k16,2k19,2k22,2k25,w10,w11'

# make_virtio_win TREE
make_virtio_win() {
    local tree=$1 folder stem name ids systems system
    while read -r folder stem name ids systems; do
        [[ -n $folder ]] || continue
        for system in ${systems//,/ }; do
            make_driver "$tree/$folder/$system/amd64" "$stem" "${name//_/ }" "$ids" "$system"
            case $stem in
            viostor | vioscsi)
                mkdir -p "$tree/amd64/$system"
                cp "$tree/$folder/$system/amd64/$stem".* "$tree/amd64/$system/"
                ;;
            esac
        done
    done <<<"$VIRTIO_DRIVERS"
    mkdir -p "$tree"/{data,guest-agent,cert}
    make_info >"$tree/data/info.json"
    local file
    for file in guest-agent/qemu-ga-x86_64.msi guest-agent/qemu-ga-i386.msi virtio-win-gt-x64.msi virtio-win-gt-x86.msi \
        virtio-win-guest-tools.exe cert/Virtio_Win_Red_Hat_CA.cer; do
        # A package is told by its first bytes, those of an OLE file.
        [[ $file != *.msi ]] || printf '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' >"$tree/$file"
        echo "Practice stand-in for $file. Not the real file." >>"$tree/$file"
    done
    printf 'Practice stand-in for the virtio-win driver CD.\nNone of its files is a driver; nothing here comes from the virtio-win project.\n' \
        >"$tree/virtio-win_license.txt"
}

# make_driver FOLDER STEM NAME IDS SYSTEM
make_driver() {
    local folder=$1 stem=$2 name=$3 ids=$4 system=$5 id
    mkdir -p "$folder"
    {
        cat <<INF
; PRACTICE STAND-IN for $stem.inf of virtio-win $VIRTIO_VERSION, folder $system. Not a driver.
[Version]
Signature="\$WINDOWS NT\$"
CatalogFile=$stem.cat
DriverVer=08/18/2025,$VIRTIO_DRIVER_VERSION

[Manufacturer]
%VENDOR%=Models,NTamd64.10.0

[Models.NTamd64.10.0]
INF
        for id in ${ids//,/ }; do echo "%NAME%=Install, PCI\\VEN_1AF4&DEV_$id"; done
        printf '\n[Strings]\nVENDOR="Practice stand-in"\nNAME="%s (practice stand-in)"\n' "$name"
    } | sed 's/$/\r/' >"$folder/$stem.inf"
    echo "Practice stand-in for $stem.cat ($system)" >"$folder/$stem.cat"
    echo "Practice stand-in for $stem.sys ($system)" >"$folder/$stem.sys"
}

# data/info.json as the real CD has it.
make_info() {
    local folder stem name ids systems system separator=
    printf '{\n  "drivers": ['
    while read -r folder stem name ids systems; do
        [[ -n $folder ]] || continue
        for system in ${systems//,/ }; do
            printf '%s\n    {"arch": "amd64", "driver_version": "%s", "inf_path": "%s/%s/amd64/%s.inf", "name": "%s", "windows_version": "%s"}' \
                "$separator" "$VIRTIO_DRIVER_VERSION" "$folder" "$system" "$stem" "${name//_/ }" "$system"
            separator=,
        done
    done <<<"$VIRTIO_DRIVERS"
    printf '\n  ]\n}\n'
}
