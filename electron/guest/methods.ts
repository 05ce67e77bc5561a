// The ways of copying a file into a partition of a disk image. Each is one POSIX sh program run once on the host: it gets
// everything as arguments, prints two lines, "source SHA-256" and "guest SHA-256", and leaves nothing behind.
import type { InjectionMethod } from '../../shared/views.ts';
import { type Disk, slice } from './reader.ts';
import type { WindowsLocation } from './types.ts';

export interface CopyTask {
  readonly disk: Disk;
  readonly location: WindowsLocation;
  readonly source: string;
  /** Path in the guest's partition, begins with `/`. */
  readonly guestPath: string;
  /** A file of the same length is there: it may be the same one. */
  readonly compareFirst: boolean;
  /** KVM does not work on this host. */
  readonly plain: boolean;
  /** Not root: commands that need root go through `sudo -n`. */
  readonly sudo: boolean;
}

/** What every program begins with. `$work` is a folder beside the disk; only one program at a time may use it. */
const COMMON = `
set -u
umask 077
LC_ALL=C.UTF-8; export LC_ALL
PATH=$PATH:/usr/sbin:/sbin
work=$1.inject source=$2 guest=$3 compare=$4; shift 4
sum() { s=$(sha256sum) || exit 1; echo "\${s%% *}"; }
mkdir -p "$work" || exit 1
exec 9>"$work/lock" || exit 1
flock -n 9 || { echo 'Is another process using the image? Another injection holds its lock.' >&2; exit 1; }
`;

/** Copy by the ntfs-3g tools; \`$1\` is the volume. Compares first when asked to, so that nothing is written twice. */
const COPY = `
volume=$work/volume
want=$(sum <"$source") || exit 1
have=
[ "$compare" = no ] || have=$(ntfscat -q "$volume" "$guest" | sum)
if [ "$have" != "$want" ]; then
  ntfscp -q "$volume" "$source" "$guest" >&2 || exit 1
  have=$(ntfscat -q "$volume" "$guest" | sum) || exit 1
fi
echo "source $want"; echo "guest $have"
`;

const CLOSE_FUSE = `# Ends the daemon of this folder, also one that a killed program left behind.
ours() { tr '\\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF -- "$work/pid"; }
close_volume() {
  pid=
  { read -r pid <"$work/pid"; } 2>/dev/null
  if [ -n "$pid" ] && ours; then
    kill "$pid" 2>/dev/null
    # Up to 10 s: it writes back what it holds. Not kill -0, which a process that nobody has reaped still answers.
    n=0
    while ours && [ $n -lt 500 ]; do n=$((n + 1)); sleep 0.02; done
    ! ours || kill -9 "$pid"
  fi
  # A daemon that was killed leaves a dead mount, of which not even the kind can be asked.
  if grep -qF -- " $mountpoint " /proc/self/mounts; then
    fusermount3 -u -z "$work/volume" 2>/dev/null || fusermount -u -z "$work/volume" 2>/dev/null || umount -l "$work/volume" 2>/dev/null
  fi
  rm -f "$work/pid" "$work/volume"
}
# As the kernel writes it: blanks, tabs, line feeds and backslashes in octal.
mountpoint=$(printf %s "$work/volume" | sed -e 's/\\\\/\\\\134/g' -e 's/ /\\\\040/g' -e 's/\\t/\\\\011/g' | awk 'NR > 1 { printf "\\\\012" } { printf "%s", $0 }')
`;

/** A daemon that shows one partition as a file, without root. Further arguments: JSON of the blockdev, JSON of the export. */
const FUSE_SCRIPT = `${COMMON}
${CLOSE_FUSE}close_volume
trap 'close_volume; rm -rf "$work"' EXIT
trap 'exit 143' TERM INT HUP
: >"$work/volume"
qemu-storage-daemon --blockdev "$1" --export "$2" --pidfile "$work/pid" --daemonize 9>&- >&2 || exit 1
${COPY}`;

/** libguestfs: a small VM of its own that mounts the disk, slow to start and so started once. Arguments: format, device, KVM works. */
const GUESTFISH_SCRIPT = `${COMMON}
trap 'rm -rf "$work"' EXIT
trap 'exit 143' TERM INT HUP
LIBGUESTFS_BACKEND=direct; export LIBGUESTFS_BACKEND
[ "$3" = yes ] || { LIBGUESTFS_BACKEND_SETTINGS=force_tcg; export LIBGUESTFS_BACKEND_SETTINGS; }
disk=\${work%.inject}
want=$(sum <"$source") || exit 1
have=
[ "$compare" = no ] || have=$(guestfish --ro --format="$1" -a "$disk" run : mount-ro "$2" / : checksum sha256 "$guest" 9>&-)
if [ "$have" != "$want" ]; then
  have=$(guestfish --rw --format="$1" -a "$disk" run : mount "$2" / : upload "$source" "$guest" : sync : drop-caches 3 : checksum sha256 "$guest" : umount-all 9>&-) || exit 1
fi
echo "source $want"; echo "guest $have"
`;

const CLOSE_NBD = `
root() { if [ "$how" = sudo ]; then sudo -n -- "$@"; else "$@"; fi; }
close_device() {
  device=
  { read -r device <"$work/device"; } 2>/dev/null
  grep -qF -- "$work/mount " /proc/self/mounts && root umount "$work/mount"
  [ -z "$device" ] || root qemu-nbd --disconnect "$device" >/dev/null
}
`;

/** The classic: the kernel's network block device and a mount, both as root. Arguments: JSON of the slice, sudo or not. */
const NBD_SCRIPT = `${COMMON}
${CLOSE_NBD}how=$2
trap 'close_device; rm -rf "$work"' EXIT
trap 'exit 143' TERM INT HUP
root modprobe nbd max_part=8 || exit 1
device=
for n in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
  # A device in use has a process.
  [ -b "/dev/nbd$n" ] && [ ! -e "/sys/block/nbd$n/pid" ] && { device=/dev/nbd$n; break; }
done
[ -n "$device" ] || { echo 'no free network block device' >&2; exit 1; }
echo "$device" >"$work/device"
root qemu-nbd --connect="$device" "$1" 9>&- >&2 || { rm "$work/device"; exit 1; }
mkdir -p "$work/mount"
want=$(sum <"$source") || exit 1
root mount -t ntfs-3g "$device" "$work/mount" 9>&- || root mount -t ntfs3 "$device" "$work/mount" || exit 1
have=
[ "$compare" = no ] || have=$(root cat "$work/mount$guest" | sum)
if [ "$have" != "$want" ]; then
  root cp -- "$source" "$work/mount$guest" || exit 1
  root umount "$work/mount" && root mount -t ntfs-3g -o ro "$device" "$work/mount" 9>&- || root mount -t ntfs3 -o ro "$device" "$work/mount" || exit 1
  have=$(root cat "$work/mount$guest" | sum) || exit 1
fi
echo "source $want"; echo "guest $have"
`;

/** Ends what a program that was killed left behind: the daemon, the mount, the device. Argument: sudo or not. */
const LEFTOVER_SCRIPT = `${COMMON}${CLOSE_FUSE}${CLOSE_NBD}how=$1
close_volume
close_device
rm -rf "$work"
`;

/** The folder beside a disk in which a program works while it copies. */
export function workFolder(disk: string): string {
  return `${disk}.inject`;
}

/** The words that tidy up after a program that was killed; they fail while one is at work. */
export function tidyUp(disk: string, sudo: boolean): string[] {
  return ['sh', '-c', LEFTOVER_SCRIPT, 'casement-tidy', disk, '', '', 'no', sudo ? 'sudo' : 'root'];
}

/** The words of one copy. */
export function copyWith(method: InjectionMethod, task: CopyTask): string[] {
  const { disk, location, source, guestPath } = task;
  const common = [disk.path, source, guestPath, task.compareFirst ? 'yes' : 'no'];
  const words = (script: string, ...args: string[]) => [
    'sh',
    '-c',
    script,
    'casement-inject',
    ...common,
    ...args,
  ];
  const part = slice(disk, location.offset, location.size);
  if (method === 'fuse')
    return words(
      FUSE_SCRIPT,
      JSON.stringify({ 'node-name': 'part', ...part }),
      JSON.stringify({
        type: 'fuse',
        id: 'part',
        'node-name': 'part',
        mountpoint: `${workFolder(disk.path)}/volume`,
        writable: true,
      }),
    );
  if (method === 'guestfish')
    return words(GUESTFISH_SCRIPT, disk.format, `/dev/sda${location.partition}`, task.plain ? 'no' : 'yes');
  return words(NBD_SCRIPT, `json:${JSON.stringify(part)}`, task.sudo ? 'sudo' : 'root');
}

/** The two checksums a program printed; null when they are not there. */
export function parseReport(stdout: string): { source: string; guest: string } | null {
  const [, source, guest] = /^source ([0-9a-f]{64})\nguest ([0-9a-f]*)$/m.exec(stdout.trim()) ?? [];
  return source === undefined || guest === undefined ? null : { source, guest };
}
