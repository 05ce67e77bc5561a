# Drawing on the 80 x 25 text screen. Only eight colours can be backgrounds, so the palette is bent to Windows' own.

ESC=$(printf '\033')
BLACK=0 RED=1 GREEN=2 FIELD=3 BLUE=4 BACKDROP=5 NAVY=6 WHITE=7

set_palette() {
    local index=0 colour
    for colour in 101418 b3261e 107c10 cfe0f2 0067c0 24164f 012456 f4f5f7 6a7380 ff7b72 6ccb5f f9f1a5 003e92 b4009e 9cdcfe ffffff; do
        printf '%s]P%x%s' "$ESC" "$index" "$colour"
        index=$((index + 1))
    done
}

# paint FOREGROUND BACKGROUND: colours 8 to 15 are foregrounds only.
paint() {
    local code=$((30 + $1))
    [ "$1" -ge 8 ] && code=$((82 + $1))
    printf '%s[0;%d;%dm' "$ESC" "$code" $((40 + $2))
}

at() { printf '%s[%d;%dH' "$ESC" "$1" "$2"; }

fill_screen() {
    printf '%s[r' "$ESC"
    paint 15 "$1"
    printf '%s[2J' "$ESC"
}

show_cursor() { printf '%s[?25h' "$ESC"; }
hide_cursor() { printf '%s[?25l' "$ESC"; }

# bar ROW COLUMN WIDTH TEXT: one painted line, the text a little in from the left.
bar() {
    at "$1" "$2"
    printf "%-$3s" "  $4"
}

centred() {
    at "$1" $(((80 - ${#2}) / 2 + 1))
    printf '%s' "$2"
}

# page ID TEXT [SMALLER]: a whole screen in Windows' blue with one sentence, as between two stages.
page() {
    hide_cursor
    fill_screen $BLUE
    centred 12 "$2"
    centred 14 "${3:-}"
    report "screen $1"
}

WINDOW_LEFT=6 WINDOW_WIDTH=70 TEXT_LEFT=10 TEXT_WIDTH=64

# window ID TITLE HEADING: a dialog on a dark backdrop. say, complain and ask fill it from the top.
window() {
    local line=4
    hide_cursor
    fill_screen $BACKDROP
    paint 15 $BLUE
    bar 3 $WINDOW_LEFT $WINDOW_WIDTH "$2"
    paint $BLACK $WHITE
    while [ $line -le 22 ]; do
        bar $line $WINDOW_LEFT $WINDOW_WIDTH ''
        line=$((line + 1))
    done
    paint 12 $WHITE
    at 5 $TEXT_LEFT
    printf '%s' "$3"
    paint 8 $BACKDROP
    centred 25 'Practice stand-in for Windows'
    row=7
    report "screen $1"
}

# say TEXT...: one line each. An empty text leaves a line free.
say() {
    paint $BLACK $WHITE
    write_lines "$@"
}

complain() {
    paint $RED $WHITE
    write_lines "$@"
}

write_lines() {
    local text line
    for text; do
        [ ${#text} -le $TEXT_WIDTH ] || text=$(printf '%s\n' "$text" | fold -s -w $TEXT_WIDTH)
        while IFS= read -r line; do
            at $row $TEXT_LEFT
            printf '%s' "$line"
            row=$((row + 1))
        done <<LINES
$text
LINES
    done
}

# hint TEXT: what the keys do, at the foot of the window.
hint() {
    paint 8 $WHITE
    at 21 $TEXT_LEFT
    printf '%s' "$1"
}

# ask LABEL [MASK]: a field; leaves what was typed in $typed. MASK is shown in place of what is typed.
ask() {
    say "$1"
    paint $BLACK $FIELD
    bar $row $TEXT_LEFT 62 ''
    at $row $((TEXT_LEFT + 1))
    row=$((row + 2))
    show_cursor
    read_line "${2:-}" 60
    hide_cursor
}

# meter ROW PERCENT
meter() {
    at "$1" $TEXT_LEFT
    paint 15 $GREEN
    printf "%$(($2 * 52 / 100))s" ''
    paint $BLACK $FIELD
    printf "%$((52 - $2 * 52 / 100))s" ''
    paint $BLACK $WHITE
    printf ' %3d%%' "$2"
}
