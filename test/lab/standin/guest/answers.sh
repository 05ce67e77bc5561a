# Reading answer files and the description of a WIM. xmlwf checks the XML with its namespaces and describes it; awk makes
# one line of each value. Values are only ever compared and printed, never evaluated.

TAB=$(printf '\t')

# read_xml FILE OUT ROOT: writes "path<TAB>value" for each element without children. Fails when FILE is no well-formed XML,
# uses an undefined prefix or has another root element. ROOT is namespace|name. The path of an answer file begins
# with the pass and the component; what may occur several times is counted: Disk[1]/CreatePartitions/CreatePartition[2]/Type.
read_xml() {
    local described=/tmp/described name=${1##*/}
    mkdir -p $described
    xmlwf -n -m -d $described "$1" >/dev/null || return 1
    awk -v root="$3" '
        function attribute(name,   at, rest) {
            at = index($0, " " name "=\"")
            rest = substr($0, at + length(name) + 3)
            return at ? plain(substr(rest, 1, index(rest, "\"") - 1)) : ""
        }
        function plain(text) {
            gsub(/&#(9|10|13);/, " ", text)
            gsub(/&lt;/, "<", text)
            gsub(/&gt;/, ">", text)
            gsub(/&quot;/, "\"", text)
            gsub(/&amp;/, "\\&", text)
            return text
        }
        function path(   i, text) {
            for (i = 2; i <= depth; i++) text = text (i > 2 ? "/" : "") name[i]
            return text
        }
        BEGIN {
            split("Disk CreatePartition ModifyPartition MetaData PathAndCredentials RunSynchronousCommand SynchronousCommand FirewallGroup LocalAccount IMAGE LANGUAGE", lists, " ")
            for (i in lists) several[lists[i]] = 1
        }
        /^<starttag/ {
            children[depth]++
            full = attribute("name")
            gsub(/[\001-\037]/, "|", full)
            if (depth == 0 && full != root) { failed = 1; exit }
            sub(/.*\|/, "", full)
            name[++depth] = plain_name[depth] = full
            children[depth] = 0
            text[depth] = ""
            if (depth < skip) skip = 0
            if (full in several) name[depth] = full "[" ++count[path()] "]"
            next
        }
        /^<attribute/ {
            key = attribute("name")
            value = attribute("value")
            if (plain_name[depth] == "settings" && key == "pass") name[depth] = value
            if (plain_name[depth] == "component" && key == "name") name[depth] = value
            if (plain_name[depth] == "component" && key == "processorArchitecture" && value != "amd64") skip = depth
            next
        }
        /^<chars/ { text[depth] = text[depth] attribute("str"); next }
        /^<endtag/ {
            if (!children[depth] && !skip) {
                sub(/^ +/, "", text[depth])
                sub(/ +$/, "", text[depth])
                print path() "\t" text[depth]
            }
            if (depth == skip) skip = 0
            depth--
        }
        END { exit failed }' "$described/$name" >"$2"
}

# value_of PATH FILE: leaves the value in $value; fails and leaves it empty when there is none.
value_of() {
    value=$(grep -m 1 -F "$1$TAB" "$2") || return 1
    value=${value#*"$TAB"}
}

ANSWERS=/tmp/answers

# answer PATH: the same, of the answer file in use.
answer() {
    value=
    [ -s $ANSWERS ] && value_of "$1" $ANSWERS
}

# answer_is PATH VALUE: without regard to case.
answer_is() { answer "$1" && [ "$(lower "$value")" = "$2" ]; }

# read_answer_file FILE: makes it the one in use.
read_answer_file() {
    read_xml "$1" $ANSWERS 'urn:schemas-microsoft-com:unattend|unattend' && return
    rm -f $ANSWERS
    return 1
}

# in_order LIST: prints the numbers of a list of the answer file as their Order elements sort them.
in_order() {
    local number=1
    while grep -qF "$1[$number]/" $ANSWERS; do
        answer "$1[$number]/Order" || value=$number
        printf '%s %s\n' "$value" "$number"
        number=$((number + 1))
    done | sort -n | cut -d' ' -f2
}

# A password as answer files hold it: as it is, or as Base64 of UTF-16 with the element's name behind it.
# answer_password PATH ELEMENT: leaves it in $value.
answer_password() {
    local plain
    answer_is "$1/PlainText" false && plain=no || plain=yes
    answer "$1/Value" || return 1
    [ $plain = yes ] || value=$(printf '%s' "$value" | base64 -d | tr -d '\000')
    [ $plain = yes ] || value=${value%"$2"}
}

# keep_answer_file FILE COPY: as Setup keeps it in Panther, the passwords taken out. xmlwf spells every XML the same way.
keep_answer_file() {
    local spelled=/tmp/spelled
    mkdir -p $spelled
    xmlwf -d $spelled "$1" >/dev/null || return 1
    sed 's/&#10;/\n/g; s/&#13;//g; s/&#9;/ /g' "$spelled/${1##*/}" | awk '
        function without(text, element,   head, end) {
            head = ""
            while (match(text, "<" element "( [^>]*)?>")) {
                head = head substr(text, 1, RSTART + RLENGTH - 1) "*SENSITIVE*DATA*DELETED*"
                text = substr(text, RSTART + RLENGTH)
                end = index(text, "</" element ">")
                text = substr(text, end)
                head = head substr(text, 1, length(element) + 3)
                text = substr(text, length(element) + 4)
            }
            return head text
        }
        { all = all $0 "\n" }
        END {
            print "<?xml version=\"1.0\" encoding=\"utf-8\"?>"
            printf "%s", without(without(all, "AdministratorPassword"), "Password")
        }' >"$2"
}

IMAGES=/tmp/images

# read_images WIM: its description lies at the end; the header says where. Leaves it in $IMAGES and their count in $image_count.
read_images() {
    local header size offset
    header=$(dd if="$1" bs=1 skip=72 count=16 | xxd -p)
    size=0x$(swapped "$(printf '%s' "$header" | cut -c1-14)")
    offset=0x$(swapped "$(printf '%s' "$header" | cut -c17-32)")
    mkdir -p /tmp/wim
    dd if="$1" iflag=skip_bytes,count_bytes bs=4096 skip=$((offset)) count=$((size)) of=/tmp/wim/images.xml
    read_xml /tmp/wim/images.xml $IMAGES WIM || return 1
    image_count=$(grep -c '^IMAGE\[[0-9]*\]/NAME'"$TAB" $IMAGES)
}

# swapped HEX: its bytes from the last to the first.
swapped() { printf '%s' "$1" | sed 's/../&\n/g' | sed '1!G;h;$!d' | tr -d '\n'; }

# image NUMBER PATH: a value of the chosen image, in $value.
image() { value_of "IMAGE[$1]/$2" $IMAGES; }
