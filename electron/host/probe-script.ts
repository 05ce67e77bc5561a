// The one POSIX sh program of the host check. It goes over standard input of `sh -s`; what varies comes as arguments.
import { FIRMWARE_FILES } from './probe-firmware.ts';
import { bootSector, GUEST_EXIT, octal } from './probe-guest.ts';

/** Seconds the tiny guest may take; one that needs longer makes a useless KVM. It needs about 0.2 s where KVM is well. */
const KVM_SECONDS = 2;
/** A KVM that was only too slow may have met a busy moment: asked again after this many minutes. */
const SLOW_MINUTES = 10;
/** Seconds until a cloud that does not answer counts as unreachable. */
const CLOUD_SECONDS = 1.5;

/** Programs whose paths the report needs. */
const TOOLS = [
  'qemu-img',
  'qemu-storage-daemon',
  'qemu-nbd',
  'guestfish',
  'ntfscp',
  'ntfsls',
  'ntfscat',
  'ntfsinfo',
  'fusermount3',
  'swtpm',
  'xorriso',
  'genisoimage',
  'mkisofs',
  'curl',
  'flock',
  'setsid',
  'sha256sum',
  'timeout',
  'find',
  'sudo',
] as const;

/**
 * Prints `key=value` records, each ended by NUL. Arguments: folder of the builds or '', address of the cloud or '',
 * `fresh` or ''. What takes time (sudo, cloud, FUSE, QEMU) runs side by side; every part is bounded by a timeout.
 * All of it is one function, so a shell that got only half of the text runs nothing.
 */
export const PROBE_SCRIPT = `
probe() {
export LC_ALL=C PATH="$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
umask 077
builds=$1 cloud=$2 fresh=$3
say() { printf '%s=%s\\0' "$1" "$2"; }
have() { command -v "$1" >/dev/null 2>&1; }
within() { if have timeout; then timeout -k 1 "$@"; else shift; "$@"; fi; }
tmp=$(mktemp -d 2>/dev/null) || { tmp=\${TMPDIR:-/tmp}/casement-probe.$$; mkdir "$tmp" || exit 1; }
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

# Whatever a login script printed before this is lost in the first record.
say begin ok
uid=$(id -u) user=$(id -un)
kernel=$(uname -r)
say os-release "$(cat /etc/os-release 2>/dev/null || cat /usr/lib/os-release 2>/dev/null)"
say hostname "$(uname -n)"; say arch "$(uname -m)"; say kernel "$kernel"
say user "$user"; say uid "$uid"; say home "$HOME"
say groups "$(id -nG)"; say account-groups "$(id -nG "$user" 2>/dev/null)"

if [ "$uid" != 0 ] && have sudo; then
  { within 2 sudo -n true >/dev/null 2>&1 && say sudo yes; } >"$tmp/sudo" &
fi
if [ -n "$cloud" ] && have curl; then
  { code=$(curl -q -s -k -o /dev/null --proto =http,https --connect-timeout ${CLOUD_SECONDS} --max-time 2 -w '%{http_code}' --url "$cloud"); say cloud "$? $code"; } >"$tmp/cloud" &
fi
if have qemu-storage-daemon; then
  { within 2 qemu-storage-daemon --help 2>/dev/null | grep -q 'type=.fuse' && say fuse-export yes; } >"$tmp/fuse" &
fi
if have modprobe; then
  { { [ -e /sys/module/nbd ] || within 2 modprobe -n -q nbd; } && say nbd-module yes; } >"$tmp/nbd" 2>/dev/null &
fi

machine() {
  for q in qemu-system-x86_64 kvm qemu-kvm /usr/libexec/qemu-kvm /usr/bin/qemu-kvm; do
    qemu=$(command -v "$q" 2>/dev/null) && version=$(within 2 "$qemu" --version 2>/dev/null | head -n 1) && [ -n "$version" ] && break
    qemu=
  done
  say qemu "$qemu"; say qemu-version "$version"
  say virtualization "$(grep -m 1 -o -w -E 'vmx|svm' /proc/cpuinfo)"
  grep -q -m 1 -w hypervisor /proc/cpuinfo && say nested yes
  [ -e /dev/kvm ] || { say kvm missing; return; }
  say kvm-group "$(stat -c %G /dev/kvm 2>/dev/null)"
  ( : <>/dev/kvm ) 2>/dev/null || { say kvm forbidden; return; }
  [ -n "$qemu" ] || { say kvm no-qemu; return; }
  key="$(cat /proc/sys/kernel/random/boot_id) $kernel $version"
  memo=$HOME/.casement/kvm-check
  if [ "$fresh" != fresh ] && [ "$(head -n 1 "$memo" 2>/dev/null)" = "$key" ] && [ -z "$(find "$memo" -mmin +${SLOW_MINUTES} -exec grep -l -x -E '124|137' {} + 2>/dev/null)" ]; then
    say kvm tried; say kvm-remembered yes
    say kvm-exit "$(sed -n 2p "$memo")"; say kvm-said "$(sed 1,2d "$memo")"
    return
  fi
  cd "$tmp" || return
  printf '${octal(bootSector())}' >guest.img
  # A disk of one sector only is refused by the firmware.
  dd if=/dev/zero of=guest.img bs=1 seek=1048575 count=1 2>/dev/null
  if have timeout; then
    timeout -k 1 ${KVM_SECONDS} "$qemu" -accel kvm -cpu host -machine q35 -m 64 -nodefaults -no-user-config -display none -vga none -no-reboot -device isa-debug-exit,iobase=0xf4,iosize=4 -drive file=guest.img,format=raw,if=none,id=d -device virtio-blk-pci,drive=d >kvm.log 2>&1
    code=$?
  else
    code=127; echo 'timeout is not installed' >kvm.log
  fi
  said=$(head -c 2000 kvm.log | tr -d '\\000' | sed /^$/d)
  say kvm tried; say kvm-exit "$code"; say kvm-said "$said"
  mkdir -p "$HOME/.casement" && printf '%s\\n%s\\n%s\\n' "$key" "$code" "$said" >"$memo.$$" && mv "$memo.$$" "$memo"
}
machine >"$tmp/machine" 2>/dev/null &

say cores "$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN)"
say memory "$(grep -E '^Mem(Total|Available):' /proc/meminfo)"
[ -n "$builds" ] || builds=$HOME/.casement/builds
say builds "$builds"
near=$builds
while [ ! -d "$near" ]; do up=\${near%/*}; [ "$up" != "$near" ] || break; near=\${up:-/}; done
say space "$(df -Pk "$near" 2>/dev/null | tail -n 1)"
[ -w "$near" ] && say writable yes
for t in ${TOOLS.join(' ')}; do p=$(command -v "$t" 2>/dev/null) && say tool "$t $p"; done
for f in ${FIRMWARE_FILES.join(' ')}; do [ -r "$f" ] && say firmware "$f"; done
( : <>/dev/fuse ) 2>/dev/null && say dev-fuse yes
for p in apt-get dnf yum zypper pacman apk; do have $p && say packages $p; done
wait
cat "$tmp/sudo" "$tmp/cloud" "$tmp/fuse" "$tmp/nbd" "$tmp/machine" 2>/dev/null
say guest-exit ${GUEST_EXIT}
say end ok
}
probe "$@" </dev/null
`;
