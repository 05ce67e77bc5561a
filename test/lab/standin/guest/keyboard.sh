# Reading what the admin types. The terminal neither echoes nor edits, so keys typed early are neither lost nor shown twice.

BACKSPACE=$(printf '\177')
CONTROL_H=$(printf '\010')

# read_line MASK [WIDTH]: leaves the line in $typed and says on COM1 how long it was. Shows MASK for each key where one is
# given, and at most WIDTH characters.
read_line() {
    local mask=$1 width=${2:-1000} key
    typed=
    while IFS= read -r -n 1 key; do
        case $key in
        '') break ;;
        "$BACKSPACE" | "$CONTROL_H")
            [ -n "$typed" ] || continue
            [ ${#typed} -le "$width" ] && printf '\b \b'
            typed=${typed%?}
            ;;
        "$ESC")
            skip_escape_sequence
            ;;
        [[:print:]])
            typed=$typed$key
            [ ${#typed} -le "$width" ] && printf '%s' "${mask:-$key}"
            ;;
        esac
    done
    report "typed ${#typed} chars"
}

# Arrow and function keys send ESC, "[" and up to four more bytes at once; a lone Esc sends nothing after it.
skip_escape_sequence() {
    local rest
    IFS= read -r -n 1 -t 0.05 rest || return
    while IFS= read -r -n 1 -t 0.05 rest; do
        case $rest in [A-Za-z~]) return ;; esac
    done
}
