#!/bin/bash
# make-hives.sh OUTDIR: the registry hives of a Windows Server 2022 that Setup has just laid down, filled from the .reg
# files beside this script. A .reg file may name a key without its parents: hivexregedit wants each of them, so they are added.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=$1

# Every key of a .reg file, preceded by the parents it needs. The hive's own root is there already.
with_parents() {
    awk '
        /^\[/ {
            line = $0
            gsub(/^\[|\]\r?$/, "")
            count = split($0, part, "\\")
            path = part[1] "\\" part[2]
            for (i = 3; i < count; i++) {
                path = path "\\" part[i]
                if (!seen[path]++) print "[" path "]\n"
            }
            seen[path "\\" part[count]]++
            print line
            next
        }
        { print }' "$1"
}

for hive in SYSTEM SOFTWARE; do
    filled=$(mktemp)
    perl "$here/empty-hive.pl" "$out/$hive"
    with_parents "$here/$hive.reg" >"$filled"
    hivexregedit --merge --prefix "HKEY_LOCAL_MACHINE\\$hive" "$out/$hive" "$filled"
    rm "$filled"
done
for hive in SAM SECURITY DEFAULT; do
    perl "$here/empty-hive.pl" "$out/$hive"
done
