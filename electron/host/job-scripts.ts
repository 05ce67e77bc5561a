// The POSIX sh programs behind detached jobs. They get everything as arguments; nothing is interpolated.
//
// A job's folder `<dir>/jobs/<name>/` (0700) holds: `pid` (pid, start time, boot id), `log` (stdout+stderr),
// `rc` (exit status, written when it ends) and `lock` (held while somebody starts it).

/** Functions every script begins with. `$d` is the job's folder. */
const COMMON = `
set -u
d=$1/jobs/$2
# Start time: field 22 of stat, the 20th behind the program's name (which may hold blanks and parentheses).
started() { s=$(cat "/proc/$1/stat" 2>/dev/null) || return 1; set -- \${s##*) }; case $1 in Z|X) return 1;; esac; start=\${20}; }
# A pid alone may have been given to a stranger since, also across a reboot.
alive() {
  pid=; was=; boot=
  { read -r pid was boot <"$d/pid"; } 2>/dev/null || return 1
  [ "$boot" = "$(cat /proc/sys/kernel/random/boot_id)" ] && started "$pid" && [ "$start" = "$was" ]
}
# Every process of the session the job leads. "pid (name) state ppid pgrp session …"
members() { grep -lsE "[)] [^ZX] [0-9]+ [0-9]+ $pid " /proc/[0-9]*/stat | cut -d/ -f3; }
`;

/**
 * Prints, separated by NUL: state, pid, exit status; then "pid fd path" of every file the job has open, an empty
 * record, /proc/PID/fdinfo's pos and flags lines, NUL, and the end of the log (64 KiB).
 */
const REPORT = `
report() {
  state=absent; code=
  if [ -e "$d/rc" ]; then state=ended; alive
  elif alive; then state=running
  elif [ -e "$d/pid" ]; then state=ended
  fi
  # Written between the two looks above.
  [ "$state" != ended ] || { read -r code <"$d/rc"; } 2>/dev/null
  printf '%s\\0' "$state" "\${pid:-}" "$code"
  of=; [ "$state" != running ] || of=$(members)
  for p in $of; do find "/proc/$p/fd" -type l -lname '/*' -printf "$p %f %l\\\\0" 2>/dev/null; done
  printf '\\0'
  for p in $of; do grep -sE '^(pos|flags):' /proc/$p/fdinfo/*; done
  printf '\\0'
  tail -c 65536 "$d/log" 2>/dev/null
  :
}
`;

/** Arguments: dir, name. */
export const STATUS_SCRIPT = `${COMMON}${REPORT}
report
`;

/** The job's session leader; arguments: job folder, work folder, command … It tells its readiness on stdout, then lets go of it. */
const RUNNER = `
d=$1; cd "$2" || exit; shift 2
exec 4>&1 >"$d/log" 2>&1
s=$(cat /proc/$$/stat); s=\${s##*) }
start=$(set -- $s; echo \${20})
echo "$$ $start $(cat /proc/sys/kernel/random/boot_id)" >"$d/pid.new" && mv "$d/pid.new" "$d/pid" || exit
echo ready >&4; exec 4>&-
# The job is asked to end, not this shell: it stays to write the exit status. A handler, unlike ignoring, is not inherited.
trap : TERM INT HUP
"$@"
echo $? >"$d/rc.new" && mv "$d/rc.new" "$d/rc"
`;

/**
 * Arguments: dir, name, length of the input in bytes, command … Standard input reaches the job through a pipe of its
 * own: sshd's own end must not stay open in the job, or the channel would not close before the job ends. The script
 * ends only when all of it is in that pipe: what is still on the line when the channel closes would be lost.
 */
export const START_SCRIPT = `${COMMON}${REPORT}
umask 077
work=$1; input=$3; shift 3
mkdir -p "$d" && chmod 700 "$d" && exec 9>"$d/lock" || exit 1
if ! flock -n 9; then
  # Somebody starts it at this moment: theirs is the one that counts, however short it lives.
  flock 9 && [ -e "$d/pid" ] && { report; exit 0; }
fi
if [ ! -e "$d/rc" ] && alive; then report; exit 0; fi
rm -f "$d/pid" "$d/rc" "$d/log" || exit 1
runner='${RUNNER.replaceAll("'", `'\\''`)}'
# A shell gives background commands /dev/null as input, so the real one is kept as 3.
exec 3<&0 </dev/null
if [ "$input" -gt 0 ]; then
  told=$({
    { head -c "$input" <&3 3<&- && echo fed >&6; } 9>&- 2>/dev/null |
      setsid sh -c "$runner" casement-job "$d" "$work" "$@" 3<&- 6>&- 9>&- &
  } 6>&1)
else
  told=$(setsid sh -c "$runner" casement-job "$d" "$work" "$@" </dev/null 3<&- 9>&- &)
fi
case $told in *ready*) ;; *) cat "$d/log" >&2; exit 1 ;; esac
report
`;

/** Arguments: dir, name. TERM to all of the session, KILL after 5 s; the leader last, so that it can write the exit status. */
export const STOP_SCRIPT = `${COMMON}
alive || exit 0
send() { for p in $(members); do [ "$p" = "$pid" ] || kill "$1" "$p" 2>/dev/null; done; }
gone() { n=0; while [ -n "$(members)" ]; do [ $n -lt "$1" ] || return 1; n=$((n+1)); sleep 0.1; done; }
send -TERM
gone 50 && exit 0
send -KILL
gone 10 && exit 0
kill -KILL "$pid" 2>/dev/null
gone 20 || { echo "process $pid does not end" >&2; exit 1; }
`;
