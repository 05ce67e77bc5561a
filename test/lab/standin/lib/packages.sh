# Debian packages the stand-in is made from.

PACKAGES=(busybox-static ntfs-3g fdisk libhivex-bin libwin-hivex-perl kmod cpio zstd nasm grub-common grub-pc-bin
    genisoimage wimtools wixl qemu-utils e2fsprogs expat grub-efi-amd64-bin
    mtools)

# Prints the version of each package; fails when one is missing. Also serves as an input to the cache's hash.
package_versions() {
    dpkg-query -W -f '${db:Status-Abbrev} ${Package} ${Version}\n' "${PACKAGES[@]}" 2>/dev/null |
        awk -v wanted=${#PACKAGES[@]} '$1 == "ii" { print; found++ } END { exit found < wanted }'
}

# Installs only what is missing, and waits for another apt to finish first.
ensure_packages() {
    package_versions >/dev/null && return
    local missing=() package
    for package in "${PACKAGES[@]}"; do
        [[ $(dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null) == ii* ]] || missing+=("$package")
    done
    echo "Installing ${missing[*]}" >&2
    apt_get install --no-install-recommends "${missing[@]}" ||
        { apt_get update && apt_get install --no-install-recommends "${missing[@]}"; }
}

apt_get() {
    DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=600 "$@" >&2
}
