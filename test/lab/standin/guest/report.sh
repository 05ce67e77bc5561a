# What tests synchronise on: one line on COM1 for each screen and event. Never a secret.

report() { printf 'standin: %s\n' "$*" >&3; }
