# The Windows CDs: what the stand-in's Setup installs, and the editions it says it has.

WINDOWS_LABEL=SSS_X64FREE_EN-US_DV9

# make_windows_iso YEAR OUT: 2022 is a retail CD, 2025 an evaluation.
make_windows_iso() {
    local year=$1 tree=$work/windows-$1 payload=$work/payload
    mkdir -p "$tree/sources"
    cp -al "$work/start/." "$tree/"
    if [[ ! -d $payload ]]; then
        make_windows_tree "$payload"
        tar -c -C "$payload" --owner=0 --group=0 --sort=name -f "$work/payload.tar" .
    fi
    ln "$work/payload.tar" "$tree/sources/payload.tar"
    "make_${year}_wim" "$payload" "$tree/sources/install.wim"
    echo "Practice stand-in for a Windows Server $year CD. No Microsoft software is on it." >"$tree/setup.exe"
    udf_notice "$year" >"$tree/README.TXT"
    echo 'stand-in for bootmgr' >"$tree/bootmgr"
    genisoimage -quiet -udf -r -iso-level 3 -V "$WINDOWS_LABEL" -c boot/boot.cat \
        -hide boot -hide efi -hide sources -hide setup.exe -hide bootmgr \
        -b boot/etfsboot.com -no-emul-boot -boot-load-size 4 -boot-info-table \
        -eltorito-alt-boot -e efi/microsoft/boot/efisys.bin -no-emul-boot -o "$2" "$tree"
}

# What the ISO 9660 side of real media has in place of the files, which are in UDF alone.
udf_notice() {
    printf '%s\r\n' "Practice stand-in for a Windows Server $1 CD. No Microsoft software is on it." '' \
        'This disc contains a "UDF" file system and requires an operating system' \
        'that supports the ISO-13346 "UDF" file system specification.'
}

# Real WIMs, described as on real media. Only the description is read.
make_2022_wim() {
    wim_of 2022 20348 587 "$@"
    add_edition Standard '' Core
    add_edition Standard ''
}

make_2025_wim() {
    wim_of 2025 26100 1742 "$@"
    add_edition Standard ' Evaluation' Core
    add_edition Standard ' Evaluation'
    add_edition Datacenter ' Evaluation' Core
    add_edition Datacenter ' Evaluation'
}

# wim_of YEAR BUILD SPBUILD TREE WIM: what the editions that follow have in common.
wim_of() {
    wim_year=$1 wim_build=$2 wim_spbuild=$3 wim_tree=$4 wim=$5
}

# add_edition EDITION SUFFIX [Core]: a desktop says so in the name it shows, Server Core does not.
add_edition() {
    local edition=$1 suffix=$2 core=${3:-} action=wimappend name shown type='Server'
    name="Windows Server $wim_year SERVER${edition^^}${core^^}"
    shown="Windows Server $wim_year $edition$suffix"
    if [[ $core ]]; then type='Server Core'; else shown+=' (Desktop Experience)'; fi
    [[ -f $wim ]] || action='wimcapture --compress=none'
    $action "$wim_tree" "$wim" "$name" "$shown" --quiet --no-acls \
        --image-property DISPLAYNAME="$shown" --image-property DISPLAYDESCRIPTION="$shown (practice stand-in)" \
        --image-property FLAGS="Server$edition$core" --image-property WINDOWS/ARCH=9 \
        --image-property WINDOWS/EDITIONID="Server$edition${suffix:+Eval}" --image-property WINDOWS/INSTALLATIONTYPE="$type" \
        --image-property WINDOWS/PRODUCTNAME='Microsoft® Windows® Operating System' \
        --image-property WINDOWS/PRODUCTTYPE=ServerNT --image-property WINDOWS/PRODUCTSUITE='Terminal Server' \
        --image-property WINDOWS/LANGUAGES/LANGUAGE=en-US --image-property WINDOWS/LANGUAGES/DEFAULT=en-US \
        --image-property WINDOWS/VERSION/MAJOR=10 --image-property WINDOWS/VERSION/MINOR=0 \
        --image-property WINDOWS/VERSION/BUILD="$wim_build" --image-property WINDOWS/VERSION/SPBUILD="$wim_spbuild" \
        --image-property WINDOWS/VERSION/SPLEVEL=0 --image-property WINDOWS/SYSTEMROOT=WINDOWS
}
