# What tests synchronise on: one line on COM1 for each screen and event. Never a secret.

report() { printf 'standin: %s\n' "$*" >&3; }

# com1 LINE: what a program of the guest itself writes there.
com1() { printf '%s\r\n' "$*" >&3; }
