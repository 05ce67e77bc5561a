# What starts the stand-in: kernels, initramfs, and the loaders of CD and disk for BIOS and UEFI.

# "quiet" and the rest save about a second under emulation; the stand-in runs no code it does not bring. With scan=sync a
# disk is there as soon as it is found, not when its whole bus was searched.
KERNEL_OPTIONS='quiet loglevel=1 mitigations=off nokaslr no_timer_check cryptomgr.notests raid=noautodetect random.trust_cpu=on rcupdate.rcu_expedited=1 audit=0 consoleblank=0 scsi_mod.scan=sync'

# make_start_files TREE CACHE: the folders boot and efi of a Windows CD.
make_start_files() {
    local chipset kernel kernels=() tree=$1
    mkdir -p "$tree"/boot "$tree"/efi/{boot,microsoft/boot}
    for chipset in "${!KERNEL_PACKAGES[@]}"; do
        kernel=$(fetch_kernel "${KERNEL_PACKAGES[$chipset]}" "$2")
        cp "$kernel/vmlinuz" "$tree/boot/vmlinuz-$chipset"
        kernels+=("$kernel")
    done
    make_initramfs "$tree/boot/initrd" "${kernels[@]}"
    make_cd_loader "$tree/boot/etfsboot.com"
    make_disk_loader "$tree/boot/disk-boot.img" "$tree/boot/disk-core.img"
    make_efi_cd_loader "$tree/efi/boot/bootx64.efi" "$tree/efi/microsoft/boot/efisys.bin"
    make_efi_loader disk "$tree/boot/bootmgfw.efi"
}

# "Press any key" and, behind it, the loader it starts.
make_cd_loader() {
    nasm -f bin -o "$work/press-any-key" "$here/boot/press-any-key.asm"
    loader_configuration cd >"$work/cd.cfg"
    grub-mkimage -O i386-pc-eltorito -p / -c "$work/cd.cfg" -o "$work/cd-loader" biosdisk udf linux echo setpci
    cat "$work/press-any-key" "$work/cd-loader" >"$1"
}

make_disk_loader() {
    loader_configuration disk >"$work/disk.cfg"
    cp /usr/lib/grub/i386-pc/boot.img "$1"
    grub-mkimage -O i386-pc -p / -c "$work/disk.cfg" -o "$2" biosdisk part_msdos ntfs linux setpci
}

# make_efi_cd_loader LOADER IMAGE: the same for UEFI, and the floppy image the firmware reads it from.
make_efi_cd_loader() {
    make_efi_loader cd "$work/cd-loader.efi"
    nasm -f bin -D "LOADER='$work/cd-loader.efi'" -o "$1" "$here/boot/press-any-key-efi.asm"
    truncate -s 1440K "$2"
    mformat -i "$2" -f 1440 ::
    mmd -i "$2" ::/EFI ::/EFI/BOOT
    mcopy -i "$2" "$1" ::/EFI/BOOT/BOOTX64.EFI
}

# make_efi_loader cd|disk FILE
make_efi_loader() {
    loader_configuration "$1-efi" >"$work/$1-efi.cfg"
    grub-mkimage -O x86_64-efi -p / -c "$work/$1-efi.cfg" -o "$2" efi_gop udf fat part_gpt linux setpci echo search search_fs_file
}

loader_configuration() {
    sed "s|@KERNEL_OPTIONS@|$KERNEL_OPTIONS|" "$here/boot/$1.cfg"
}
