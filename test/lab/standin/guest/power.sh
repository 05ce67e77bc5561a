# Ending: every way off or round again leaves the Windows volume clean.

# Setup needs the mounts no more; a command that still reads a file there gets five seconds.
leave_disks() {
    sync
    if grep -q " $windows " /proc/mounts; then
        eventually 5 umount "$windows"
    fi
    umount /cd/* 2>/dev/null
    sync
}

power_off() {
    page windows-shutting-down 'Shutting down'
    leave_disks
    report poweroff
    poweroff -f
}

restart() {
    page windows-restarting 'Restarting'
    leave_disks
    report restart
    reboot -f
}

# The host's power button (QMP system_powerdown). busybox acpid runs the file named after the event.
watch_power_button() {
    modprobe -a button evdev
    mkdir -p /etc/acpi/PWRF
    cat >/etc/acpi/PWRF/00000080 <<'SCRIPT'
#!/bin/sh
for part in /lib/standin/*.sh; do . "$part"; done
{ exec 3>/dev/ttyS0; } 2>/dev/null || exec 3>/dev/null
exec </dev/tty1 >/dev/tty1 2>/dev/null
report power-button
power_off
SCRIPT
    chmod +x /etc/acpi/PWRF/00000080
    acpid -f -l /dev/null -p /tmp/acpid.pid &
}
