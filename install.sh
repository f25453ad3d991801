#!/usr/bin/env bash
# Installs the extension and its WHMCS modules, takes them out again, or says what each PHP sees.
#   ./install.sh install|uninstall|check WHMCS_ROOT=/var/www/whmcs [NAME=value …]
#
# Each NAME=value may come from the environment as well:
#   PHP_CONFIG     php-config of the PHP that WHMCS runs on; PHP=/usr/bin/php8.2 where there is no php-config
#   BACKUP_DIR     a new folder for what is replaced; default: a dated one under /var/backups/whmcs_provisioning
#   DESTDIR        the tree of another machine: every path is below it, no PHP is enabled or asked there
#   LIBRARY        the library to install; default: target/release/libwhmcs_provisioning.so
#   MODULES_DIR    the module files to install; default: modules beside this script
#   EXTENSION_DIR  where the library goes; default: what php-config says
#   INI_DIRS       folders for the ini file, separated by blanks or, where a path has blanks, by colons
#   WHMCS_USER     the user that WHMCS's PHP runs as; default: the owner of configuration.php
#   STATE_DIR      the private directory of all its PHPs; default: .whmcs_provisioning in that user's home, where WHMCS
#                  is below it, else /var/lib/whmcs_provisioning/ and his number
#   CRONTABS       crontabs to look into, separated by blanks; default: those of the system and of every user
#
# As root it writes below WHMCS_ROOT with the rights of its owner, and runs nothing that another user's file names.
#
# Ends with 0: done, every PHP sees it; 1: an error, named; 2: a PHP does not see it, or a step is left to you.

set -euo pipefail
umask 022
NAME=whmcs_provisioning
HERE=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
NOW=$(date +%Y-%m-%dT%H%M%S)
problems=() backup='' state_dir='' state_user='' changing=no missing=no me=$(id -u) owner=$(id -u):$(id -g)

# File names and crontabs are other users' text: a terminal must not obey it.
say() { printf '%-11s %s\n' "$1" "${2//[[:cntrl:]]/?}"; }
exists() { [ -e "$1" ] || [ -L "$1" ]; }
problem() { problems+=("$*"); }
stop_on_problems() {
    [ ${#problems[@]} -gt 0 ] || return 0
    printf 'Problem: %s\n' "${problems[@]}" >&2
    echo 'Nothing was changed.' >&2; exit 1
}
on_exit() {
    [ $changing = no ] || { echo "Stopped halfway: run it again, or uninstall; the backup is $backup." >&2; exit 1; }
}
trap on_exit EXIT

read_arguments() {
    local argument
    action=${1:-}
    case $action in
        install | uninstall | check) shift ;;
        *) sed -n '2,/^$/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 1 ;;
    esac
    for argument in "$@"; do
        case ${argument%%=*} in
            WHMCS_ROOT | PHP | PHP_CONFIG | BACKUP_DIR | DESTDIR | LIBRARY | MODULES_DIR | EXTENSION_DIR | INI_DIRS | CRONTABS | \
                WHMCS_USER | STATE_DIR)
                printf -v "${argument%%=*}" %s "${argument#*=}" ;;
            *) problem "$argument is not known." ;;
        esac
    done
    DESTDIR=${DESTDIR:+$(realpath -m -- "$DESTDIR" | sed 's|^/$||')}
    LIBRARY=$(realpath -m -- "${LIBRARY:-$HERE/target/release/lib$NAME.so}")
    MODULES_DIR=$(realpath -m -- "${MODULES_DIR:-$HERE/modules}")
    BACKUP_DIR=${BACKUP_DIR:+$DESTDIR$(realpath -m -- "$BACKUP_DIR")}
    backups=$DESTDIR/var/backups/$NAME
    root=${WHMCS_ROOT:+$DESTDIR$(realpath -m -- "$WHMCS_ROOT")}
    CRONTABS=${CRONTABS:-/etc/crontab /etc/cron.d/* /var/spool/cron/* /var/spool/cron/crontabs/*}
    modules=()
    for argument in "$MODULES_DIR"/*/*/; do
        argument=${argument%/}
        [ ! -f "$argument/${argument##*/}.php" ] || modules+=("${argument#"$MODULES_DIR"/}")
    done
}

# Runs a command with the rights of a user, as "number:group". Without a terminal, into which that user could type.
as() {
    local user=$1; shift
    if [ "$me" != 0 ] || [ "${user%:*}" = 0 ]; then "$@"; return; fi
    setsid -w setpriv --reuid="${user%:*}" --regid="${user#*:}" --clear-groups --no-new-privs -- "$@"
}
# All that a PHP binary says of itself, as "name => value" lines (php-cgi answers in HTML, and obeys a php.ini where it
# is run).
php_info() {
    { (cd / && as "${2:-0:0}" "$1" -i 2>/dev/null </dev/null) || true; } |
        sed -e 's| *</td><td[^>]*>| => |g' -e 's|<[^>]*>||g' -e 's/[[:space:]]*$//'
}
fact() { sed -n "s/^$2 \(=> \)\{0,1\}//p" <<<"$1" | sed -n '1{s/ *=> .*//;p}'; }
loaded_version() { awk -v name=$NAME '$0 == name { on = 1 } on && /^Version *=> / { print $NF; exit }' <<<"$1"; }
minor() { fact "$1" 'PHP Version' | cut -d. -f1,2; }
scan_dir() { fact "$1" 'Scan this dir for additional .ini files'; }

find_php() {
    local info found=''
    PHP_CONFIG=${PHP_CONFIG:-$([ -n "${PHP:-}" ] || command -v php-config || true)}
    [ -z "$PHP_CONFIG" ] || found=$("$PHP_CONFIG" --php-binary) || problem "$PHP_CONFIG cannot be run."
    PHP=$(command -v -- "${found:-${PHP:-php}}") || problem 'no PHP was found: name it with PHP_CONFIG=… or PHP=….'
    stop_on_problems
    PHP=$(realpath -s -- "$PHP")
    info=$(php_info "$PHP")
    version=$(minor "$info") own_extension_dir=$(fact "$info" extension_dir)
    if [ -n "$PHP_CONFIG" ]; then EXTENSION_DIR=${EXTENSION_DIR:-$("$PHP_CONFIG" --extension-dir)}; fi
    EXTENSION_DIR=$(realpath -m -- "${EXTENSION_DIR:-$own_extension_dir}")
    library=$DESTDIR$EXTENSION_DIR/$NAME.so
}

# Fills phps (this PHP in all its forms) and other_phps, each once, by what they say and not by their names.
find_binaries() {
    local bin_dir file info seen=:
    phps=() other_phps=() scan_dirs=()
    bin_dir=$(dirname -- "$(realpath -- "$PHP")")
    for file in {"$bin_dir","${bin_dir%/*}/sbin",/usr/bin,/usr/sbin,/usr/local/bin,/usr/local/sbin}/{php,lsphp}*; do
        [[ ${file##*/} =~ ^(ls)?php(-cgi|-fpm)?[0-9.]*$ && -x $file ]] || continue
        file=$(realpath -- "$file")
        [[ " 0 $me $(stat -Lc %u -- "$PHP") " == *" $(stat -c %u -- "$file") "* ]] || continue
        [[ $seen != *":$file:"* ]] || continue
        seen=$seen$file:
        info=$(php_info "$file")
        if [ "$(minor "$info")" = "$version" ] && [ "$(fact "$info" extension_dir)" = "$own_extension_dir" ]; then
            phps+=("$file")
            scan_dirs+=("$(scan_dir "$info")")
        else
            other_phps+=("$file")
        fi
    done
}

# Fills ini_files. debian=yes: one file in mods-available that phpenmod links for each SAPI.
find_ini_files() {
    local folder folders=("${scan_dirs[@]}") separator=' '
    ini_files=() debian=no
    if [ -n "${INI_DIRS:-}" ]; then
        [[ $INI_DIRS != *:* && ! -d $INI_DIRS ]] || separator=:
        IFS=$separator read -r -a folders <<<"$INI_DIRS"
    elif [ -z "$DESTDIR" ] && [[ ${scan_dirs[*]} == *"/etc/php/$version/"* ]] && command -v phpenmod >/dev/null; then
        debian=yes folders=() ini_files=("/etc/php/$version/mods-available/$NAME.ini")
    fi
    for folder in "${folders[@]}"; do
        folder=$DESTDIR$(realpath -m -- "${folder%%:*}")/30-$NAME.ini
        [[ $folder == *'(none)'* || " ${ini_files[*]} " == *" $folder "* ]] || ini_files+=("$folder")
    done
}

# The manifest has one "key value" a line; paths in it and in the ini file are without DESTDIR.
bare() { printf %s "${1#"$DESTDIR"}"; }
record() { grep -qxF -- "$*" "$backup/manifest" || printf '%s\n' "$*" >>"$backup/manifest"; }
recorded() { sed -n "s/^$1 //p" "$backup/manifest"; }
marked() { { cat -- "${ini_files[@]}" 2>/dev/null || true; } | sed -n "s/^; $1: //p" | head -n 1; }
is_backup() { [ -f "$1/manifest" ] && grep -qxF -- "root $(bare "$root")" "$1/manifest"; }
# The backup of the installation that is in force for this WHMCS, or nothing.
find_backup() {
    local folder
    for folder in "$backups"/* "$DESTDIR$(marked backup)" "$BACKUP_DIR"; do
        if is_backup "$folder"; then backup=$folder; fi
    done
}

check_root() {
    [[ -f $root/init.php && -d $root/modules/servers ]] ||
        problem "${root:-WHMCS_ROOT} is not a WHMCS folder: init.php or modules/servers is missing."
    stop_on_problems
    find_owner
    stop_on_problems
}
# Fills owner: where a user may rename folders or make links, root writes with his rights.
find_owner() {
    local path user mode group
    [ "$me" = 0 ] || return 0
    owner=0:0
    path=$(realpath -- "$root/modules/servers")
    group=$(stat -c %g -- "$path")
    while [ "$path" != "$DESTDIR" ]; do
        read -r user mode < <(stat -c '%u %a' -- "$path")
        if [ "$user" != 0 ]; then break; fi
        (((8#$mode & 8#1022) == 0 || (8#$mode & 8#1000) != 0)) ||
            problem "others may write to $path, which is root's: chown it to the user WHMCS runs as, or chmod go-w."
        [ "$path" != / ] || return 0
        path=$(dirname -- "$path")
    done
    [ "$path" != "$DESTDIR" ] || return 0
    [[ " $(id -G -- "$user" 2>/dev/null || echo "$group") " == *" $group "* && $group != 0 ]] ||
        group=$(id -g -- "$user" 2>/dev/null || echo "$user")
    owner=$user:$group
    as "$owner" true || problem "the rights of the user $user are needed to write below $root: install setpriv (util-linux)."
}
check_library() {
    local answer
    if [ ! -f "$LIBRARY" ] || [ ! -r "$LIBRARY" ]; then
        problem "$LIBRARY is missing or not readable: build it first, or name it with LIBRARY=…."
    elif ! answer=$("$PHP" -n -d "extension=$LIBRARY" --ri $NAME 2>&1); then
        answer=$(sed -n 's/^.*Warning: *//p' <<<"$answer" | tr '\n' ' ')
        problem "$PHP does not take $LIBRARY: ${answer:-it is another extension.}"
    fi
}
# Fills state_user, as "number:group"; empty where it is not known.
find_state_user() {
    local user
    if [ "$me" != 0 ]; then state_user=$owner; return; fi
    if [ -n "${WHMCS_USER:-}" ]; then
        user=$(id -u -- "$WHMCS_USER" 2>/dev/null || echo "$WHMCS_USER")
        [[ $user =~ ^[0-9]+$ ]] || problem "there is no user $WHMCS_USER."
    else
        user=$(stat -c %u -- "$root/configuration.php" 2>/dev/null || echo 0)
        [ "$user" != 0 ] || user=$(stat -c %u -- "$root/modules/servers")
        [ "$user" != 0 ] || return 0
    fi
    state_user=$user:$(id -g -- "$user" 2>/dev/null || echo "$user")
}
# Fills state_dir, where there is one to name. What the ini files name already stays.
find_state_dir() {
    local user=${state_user%:*} home now pattern='^/[^"$\;[:cntrl:]]*$'
    state_dir=${STATE_DIR:-$({ cat -- "${ini_files[@]}" 2>/dev/null || true; } |
        sed -n "s/^ *$NAME\.state_dir *= *\"\{0,1\}\([^\";]*\).*/\1/p" | sed -n '$s/ *$//p')}
    if [ -z "$state_dir" ] && [ -z "$DESTDIR" ]; then
        # Named elsewhere: in php.ini, which a file of ours would overrule. Defaults are named after the user's number.
        now=$(fact "$(php_info "$PHP")" "$NAME.state_dir")
        now=${now%%, not usable: *}
        [[ $now == */${NAME}[-/][0-9]* ]] || state_dir=$now
    fi
    if [ -z "$state_dir" ] && [ -z "$DESTDIR" ] && [ -n "$user" ]; then
        home=$(getent passwd "$user" | cut -d: -f6 || true)
        home=${home:+$(realpath -m -- "$home")}
        # A home that is itself a web folder would show it to the world.
        if [[ -n $home && $root == "$home"/* && $(stat -c %u -- "$home") = "$user" ]] &&
            ! compgen -G "$home/index.*" >/dev/null && [[ $home != /var/www* ]]; then
            state_dir=$home/.$NAME
        elif [ "$me" = 0 ]; then
            state_dir=/var/lib/$NAME/$user
        fi
    fi
    [ -n "$state_dir" ] || return 0
    [ -n "$DESTDIR$user" ] || problem "whose $state_dir shall be is not known: name the user WHMCS runs as with WHMCS_USER=…."
    [[ $state_dir =~ $pattern && $state_dir/ != "$root"/* ]] ||
        problem "STATE_DIR must be a full path outside $root, without quotes: not $state_dir."
    [ -z "$DESTDIR" ] && [ -n "$user" ] && ! state_user_can_make || return 0
    need_writable "$state_dir" STATE_DIR
}
state_user_can_make() {
    local path=$state_dir
    while ! exists "$path"; do path=$(dirname -- "$path"); done
    [ "$path" = "$state_dir" ] || as "$state_user" test -w "$path"
}
make_state_dir() {
    if [ -z "$state_dir" ]; then
        say Note 'no private directory was made for licenses that cannot be stored: name one with STATE_DIR=… and WHMCS_USER=…'
        return
    fi
    [ -z "$DESTDIR" ] && [ -n "$state_user" ] || return 0
    if ! exists "$state_dir"; then
        if state_user_can_make; then
            as "$state_user" mkdir -p -m 0700 -- "$state_dir"
        else
            mkdir -p -- "$(dirname -- "$state_dir")"
            mkdir -m 0700 -- "$state_dir"
            chown -h -- "$state_user" "$state_dir"
        fi
        record "state-made $state_dir"
        say Made "$state_dir, private to the user ${state_user%:*}"
    fi
    if command -v selinuxenabled >/dev/null && selinuxenabled; then
        say Note "SELinux: semanage fcontext -a -t httpd_sys_rw_content_t '$state_dir(/.*)?' && restorecon -R '$state_dir'"
    fi
}
# What may be lost, with its owner's rights; a license that waits there stays.
take_out_state_dir() {
    local user
    [ -n "$1" ] && [ -d "$1" ] && [ ! -L "$1" ] || return 0
    user=$(stat -c %u:%g -- "$1")
    as "$user" rm -f -- "$1"/mark "$1"/down-*
    if as "$user" rmdir -- "$1" 2>/dev/null || rmdir -- "$1" 2>/dev/null; then
        say Removed "$1"
        rmdir -- "/var/lib/$NAME" 2>/dev/null || true
    else
        say Kept "$1, which holds licenses that were not stored or files of others"
    fi
}
need_writable() {
    local path=$1 user mode
    while ! exists "$path"; do path=$(dirname -- "$path"); done
    [ -w "$path" ] || problem "$path is not writable: run this as root${2:+, or name another place with $2=…}."
    [ "$me" = 0 ] || return 0
    path=$(realpath -m -- "$path")
    while [ "$path" != "$DESTDIR" ] && read -r user mode < <(stat -c '%u %a' -- "$path"); do
        # Whoever may write there decides where root's writing ends up.
        if [ "$user" != 0 ] || [ $((8#$mode & 8#1002)) = 2 ]; then
            problem "others than root may write to $path: name another place with $2=…."
        fi
        [ "$path" != / ] || return 0
        path=$(dirname -- "$path")
    done
}
# Nothing of another user's in the way, and nothing that the owner may not replace.
need_replaceable() {
    local folder=$root/modules/${1%/*} target=$root/modules/$1 strange
    as "$owner" test -w "$folder" || problem "$folder is not writable for its owner (user ${owner%:*}): correct that, or run this as root."
    [ -d "$target" ] && [ ! -L "$target" ] || return 0
    strange=$(as "$owner" find "$target" '(' -type d ! -writable -o ! -type l ! -readable ')' -print -quit 2>&1 || true)
    [ -z "$strange" ] || problem "$strange is not the user ${owner%:*}'s to replace: chown -hR ${owner%:*} $target."
}
check_places() {
    local path other
    other=$(marked root)
    # With two, going back in one would put its PHP module beside an extension that the other still needs.
    [[ $other == "$(bare "$root")" || ! -f $DESTDIR$other/init.php ]] ||
        problem "this PHP has it for $other already: for a second WHMCS, put the folders of $MODULES_DIR in place."
    [[ $backup/ != "$root"/* ]] || problem "the backup must be outside $root, which is a web folder: not $backup."
    is_backup "$backup" || [ -z "$(ls -A -- "$backup" 2>/dev/null)" ] ||
        problem "$backup is not empty: name a new folder with BACKUP_DIR=…."
    need_writable "$backup" BACKUP_DIR
    [ ${#ini_files[@]} -gt 0 ] || problem "$PHP reads no folder of ini files: name one with INI_DIRS=…."
    for path in "${ini_files[@]}"; do need_writable "$(dirname -- "$path")" INI_DIRS; done
    need_writable "$(dirname -- "$library")" EXTENSION_DIR
    for path in "${modules[@]}"; do need_replaceable "$path"; done
}
# Not cp -a: a SELinux label belongs to the place, not to the file.
copy() {
    mkdir -p -- "$(dirname -- "$2")"
    cp -dRT --preserve=mode,ownership,timestamps,links -- "$1" "$2"
}
# Copies what is below the WHMCS root to $3 in the folder $2 of the backup, which is the owner's for that. He has no way
# there: the backup itself is private.
fetch() {
    mkdir -p -- "$2"
    if [ "$me" = 0 ]; then chown -h "$owner" -- "$2"; fi
    (cd -- "$2" && as "$owner" mkdir -p -- "$(dirname -- "$3")" &&
        as "$owner" cp -dRT --preserve=mode,timestamps,links -- "$1" "$3")
}
# Only what this script has made itself.
remove_installed() { rm -rf -- "${backup:?}/installed${1:+/$1}"; }

# A request finds the old folder or the new one or, between two renames, none; never a mix. The copy comes from the
# current folder, because the owner has no way through the backup. No name is one that he could foresee.
swap_in() {
    local source=$1 target=$2 stage
    # Of a run that was killed.
    as "$owner" find "$(dirname -- "$target")" -maxdepth 1 -name ".$NAME.??????????" -exec rm -rf -- {} +
    stage=$(as "$owner" mktemp -d -- "$(dirname -- "$target")/.$NAME.XXXXXXXXXX")
    if exists "$source"; then
        if [ "$me" = 0 ]; then chown -hR -- "$owner" "$(dirname -- "$source")"; fi
        (cd -- "$(dirname -- "$source")" &&
            as "$owner" cp -dRT --preserve=mode,timestamps,links -- "$(basename -- "$source")" "$stage/new")
    fi
    if exists "$target"; then as "$owner" mv -T -- "$target" "$stage/old"; fi
    if exists "$stage/new"; then as "$owner" mv -T -- "$stage/new" "$target"; fi
    as "$owner" rm -rf -- "$stage"
}
# Files of the folder $1 that are not the same in $2. A pipe in either would never end.
changed_files() {
    (cd -- "$1" && find . ! -type d -print0) | while IFS= read -r -d '' file; do
        [ -f "$1/$file" ] && [ -f "$2/$file" ] && cmp -s -- "$1/$file" "$2/$file" || printf '%s\0' "${file#./}"
    done
}
kept() { say Kept "$1, which was changed here, as $backup/changed/$NOW/$2"; }
# Compared with what was installed: that is the host's own work.
keep_changed_files() {
    local target=$root/modules/$1 installed=$backup/installed/$1 file
    [ -d "$installed" ] && [ -d "$target" ] || return 0
    changed_files "$target" "$installed" | while IFS= read -r -d '' file; do
        fetch "$target/$file" "$backup/changed/$NOW" "$1/$file"
        kept "$target/$file" "$1/$file"
    done
}
# What was there before the first installation; a later one finds it recorded and leaves it alone.
back_up() {
    local kind=$1 path=$2 original=$3 copy=$backup/replaced/$1/$2
    ! recorded "$kind-[a-z]*" | grep -qxF -- "$path" || return 0
    if exists "$original"; then
        if [ "$kind" = module ]; then
            fetch "$original" "${copy%/*}" "${copy##*/}"
            (cd -- "${copy%/*}" && as "$owner" diff -rq --no-dereference -- "$original" "${copy##*/}")
        else
            copy "$original" "$copy"
            cmp -- "$original" "$copy"
        fi
        record "$kind-replaced $path"
        say 'Backed up' "$original to $copy"
    else
        record "$kind-added $path"
    fi
}
place_module() {
    local target=$root/modules/$1 installed=$backup/installed/$1
    keep_changed_files "$1"
    remove_installed "$1"
    copy "$MODULES_DIR/$1" "$installed"
    chmod -R a-x,u=rwX,go=rX -- "$installed"
    swap_in "$installed" "$target"
    say Placed "$target"
}
# A rename, because processes that run have the former library mapped.
put() {
    local new
    mkdir -p -- "$(dirname -- "$2")"
    new=$(mktemp -- "$(dirname -- "$2")/.$NAME.XXXXXXXXXX")
    install -T -m 0644 -- "$1" "$new"
    mv -T -- "$new" "$2"
    say Placed "$2"
}
# Settings that the host has added to the file stay.
place_ini() {
    local text='; priority=30' line=extension=$NAME.so
    [ "$EXTENSION_DIR" = "$own_extension_dir" ] || line="extension=\"$EXTENSION_DIR/$NAME.so\""
    if [ -f "$1" ]; then
        text=$(grep -vE "^ *extension *=.*$NAME|^; (root|backup): |^ *$NAME\.state_dir *=" "$1" || true)
    fi
    if [ -n "$state_dir" ]; then
        line+=$'\n'$NAME.state_dir=\"$state_dir\"
        record "state $state_dir"
    fi
    printf '%s\n' "$text" "$line" "; root: $(bare "$root")" "; backup: $(bare "$backup")" >"$backup/ini"
    cmp -s -- "$backup/ini" "$1" || put "$backup/ini" "$1"
    rm -f -- "$backup/ini"
}
enable() {
    local sapi
    for sapi in $(phpquery -S -v "$version"); do
        phpquery -q -v "$version" -s "$sapi" -m $NAME || record "enabled $version $sapi"
        phpenmod -v "$version" -s "$sapi" $NAME
        say Enabled "for $sapi of PHP $version"
    done
}

do_install() {
    local item
    check_root
    check_library
    [ ${#modules[@]} -gt 0 ] || problem "$MODULES_DIR has no module."
    find_backup
    if [ -n "$backup" ]; then say Found "an earlier installation: $backup stays what uninstall goes back to"; fi
    backup=${backup:-${BACKUP_DIR:-$backups/$NOW}}
    check_places
    find_state_user
    find_state_dir
    stop_on_problems
    say Checked "$LIBRARY loads in $PHP (PHP $version), $root is WHMCS"
    (umask 077 && mkdir -p -- "$backup")
    # Somebody else may have been first.
    need_writable "$backup" BACKUP_DIR
    stop_on_problems
    changing=yes
    touch -- "$backup/manifest"
    record "root $(bare "$root")"
    for item in "${modules[@]}"; do back_up module "$item" "$root/modules/$item"; done
    # With the extension loaded, a PHP file that declares the same functions ends every page: files go first.
    for item in "${modules[@]}"; do place_module "$item"; done
    for item in "$library" "${ini_files[@]}"; do back_up file "$(bare "$item")" "$item"; done
    put "$LIBRARY" "$library"
    make_state_dir
    for item in "${ini_files[@]}"; do place_ini "$item"; done
    [ $debian = no ] || enable
    changing=no
    say Note 'every site of this PHP loads it: no WHMCS here may keep the PHP modules'
    say Note 'save the Module Settings of one product of each module: WHMCS notices its daily job (hooks.php) only then'
    say_reload 'web pages load it after'
    do_check
}

do_uninstall() {
    local item sapi left ending
    check_root
    find_backup
    [ -n "$backup" ] || problem "no installation for $root is known; if its backup is elsewhere, name BACKUP_DIR=…."
    check_places
    stop_on_problems
    changing=yes
    recorded enabled | while read -r version sapi; do
        [ -f "/etc/php/$version/mods-available/$NAME.ini" ] || continue
        phpdismod -p -v "$version" -s "$sapi" $NAME
        say Disabled "for $sapi of PHP $version"
    done
    for ending in ini so; do
        recorded 'file-[a-z]*' | sed -n "/\.$ending\$/p" | while IFS= read -r item; do take_out_file "$item"; done
    done
    left=$(processes_with_library)
    if [ -n "$left" ] && [ -n "$(recorded module-replaced)" ]; then
        changing=no
        say Waiting "with the PHP module back, pages would end in processes that still have the extension: $left"
        say_reload 'they let go of it after'
        say 'Then run' "$0 uninstall$(printf ' %q' "WHMCS_ROOT=$(bare "$root")" "BACKUP_DIR=$(bare "$backup")")"
        exit 2
    fi
    recorded 'module-[a-z]*' | while IFS= read -r item; do take_out_module "$item"; done
    recorded state-made | while IFS= read -r item; do take_out_state_dir "$item"; done
    close_backup
    changing=no
    say Untouched 'the database: the license table stays, and the PHP module goes on with it'
    say_reload 'running processes let go of it after'
}
take_out_file() {
    local file=$DESTDIR$1 former=$backup/replaced/file/$1
    if [[ $file == *.ini ]] && grep -s "^ *$NAME\." "$file" |
        grep -qvxF -- "$(recorded state | sed "s/.*/$NAME.state_dir=\"&\"/")"; then
        copy "$file" "$backup/changed/$NOW/${file##*/}"
        kept "$file" "${file##*/}"
    fi
    if exists "$former"; then
        put "$former" "$file"
    elif exists "$file"; then
        rm -f -- "$file"
        say Removed "$file"
    fi
}
take_out_module() {
    local target=$root/modules/$1
    keep_changed_files "$1"
    swap_in "$backup/replaced/module/$1" "$target"
    if exists "$target"; then say 'Put back' "$target"; else say Removed "$target"; fi
}
processes_with_library() {
    local maps path; path=$DESTDIR$(recorded 'file-[a-z]*' | sed -n '/\.so$/p' | tail -n 1)
    for maps in /proc/[0-9]*/maps; do
        ! grep -qsF -- " $path" "$maps" || printf '%s (%s) ' "$(tr -cd '[:alnum:]._-' <"${maps%maps}comm")" "$(cut -d/ -f3 <<<"$maps")"
    done
}
close_backup() {
    remove_installed
    rm -- "$backup/manifest"
    rmdir -- "$backup" 2>/dev/null || say Backup "stays in $backup; delete it when all is well"
    rmdir -- "$backups" 2>/dev/null || true
}
say_reload() {
    local php unit
    [ -z "$DESTDIR" ] || return 0
    for php in "${phps[@]}"; do
        [[ ${php##*/} == php-fpm* ]] || continue
        unit=$(grep -lsF -- "ExecStart=$php " /{etc,lib}/systemd/system/*.service | sed -n '1{s|.*/||;p}' || true)
        say Reload "$1: ${unit:+systemctl reload }${unit:-kill -USR2 with the number of the master process of $php}"
    done
    if [ -d "/etc/php/$version/apache2" ]; then say Reload "$1: systemctl reload apache2"; fi
    if compgen -G '/usr/lib*/httpd/modules/libphp*' >/dev/null; then say Reload "$1: systemctl reload httpd"; fi
}
good() { say '  ok' "$*"; }
bad() { say '  MISSING' "$*"; missing=yes; }
do_check() {
    say Check "of PHP $version${root:+ and $root}"
    if [ -z "$DESTDIR" ]; then check_binaries; check_cron; fi
    [ -z "$root" ] || check_modules
    [ $missing = no ] || exit 2
}
check_binaries() {
    local php info loaded state places=() apache=/etc/php/$version/apache2/conf.d
    if [ -n "$root" ]; then find_state_user; stop_on_problems; fi
    [ -n "$state_user" ] || say '  advice' 'the private directory is not looked at: name WHMCS_ROOT=… and WHMCS_USER=…'
    for php in "${phps[@]}"; do
        info=$(php_info "$php")
        loaded=$(loaded_version "$info")
        state=''
        if [ -n "$loaded" ] && [ -n "$state_user" ]; then
            # As the user who needs it: root could use one that he cannot.
            [ "$me" != 0 ] || [ "${state_user%:*}" = 0 ] || info=$(php_info "$php" "$state_user")
            state=$(fact "$info" "$NAME.state_dir")
        fi
        php="$php ($(fact "$info" 'Server API'), $(scan_dir "$info"))"
        if [ -n "$loaded" ]; then good "$php: $NAME $loaded"; else bad "$php: not loaded"; fi
        if [[ $state == *', not usable: '* ]]; then bad "$php: ${state#*, not usable: }"; fi
        state=${state%%, not usable: *}
        [[ -z $state || " ${places[*]} " == *" $state "* ]] || places+=("$state")
        [ "$(fact "$info" zend.exception_ignore_args)" != Off ] ||
            say '  advice' "$php: zend.exception_ignore_args=0 puts API tokens and passwords into what PHP logs of an exception; set it to 1"
    done
    [ ${#places[@]} -lt 2 ] || bad "one private directory for these PHPs: name it for each in $NAME.state_dir, now ${places[*]}"
    for php in "${other_phps[@]}"; do
        say '  other' "$php is PHP $(fact "$(php_info "$php")" 'PHP Version'), which needs a build of its own"
    done
    # Apache cannot be asked from here.
    [ ! -e "$apache/30-$NAME.ini" ] || good "Apache, by its ini file in $apache"
    [ ! -d "$apache" ] || [ -e "$apache/30-$NAME.ini" ] || bad "Apache: no ini file in $apache"
}
check_cron() {
    local php lines found
    # shellcheck disable=SC2086
    lines=$(grep -hsE '^[^#]*cron\.php' $CRONTABS || true)
    while read -r php; do
        # Compared with what was found without it, and never run: it is its user's text.
        found=$(PATH=/usr/bin:/bin type -P -- "$php" || true)
        found=${found:+$(realpath -- "$found")}
        if [[ " ${phps[*]} ${other_phps[*]} " != *" ${found:-none} "* ]]; then
            bad "cron.php in a crontab runs with $php, which is none of these: let it call $PHP"
        elif [ -z "$(loaded_version "$(php_info "$found")")" ]; then
            bad "cron.php in a crontab runs with $php, which does not load it: let it call $PHP"
        fi
    done < <(grep -oE '(/[^[:space:]]*/)?php[0-9.]*[[:space:]]' <<<"$lines" | sort -u)
    [ -n "$lines" ] || [ -n "$(loaded_version "$(php_info php)")" ] ||
        say '  advice' "no crontab with cron.php was found; plain php does not load it: let cron call $PHP"
}
check_modules() {
    local module target main ours strange
    for module in "${modules[@]}"; do
        target=$root/modules/$module ours=$MODULES_DIR/$module main=${module##*/}.php
        if [ -f "$target/$main" ] && cmp -s -- "$ours/$main" "$target/$main"; then
            strange=$({ changed_files "$ours" "$target"; changed_files "$target" "$ours"; } | sort -zu | tr '\0' ' ')
            good "$target${strange:+, where these differ from ours: $strange}"
        else
            bad "$target/$main of this version; with the extension loaded, a PHP module in its place ends pages"
        fi
    done
}

read_arguments "$@"
find_php
find_binaries
find_ini_files
"do_$action"
