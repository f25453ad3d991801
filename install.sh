#!/usr/bin/env bash
# Installs the extension and its WHMCS modules, takes them out again, or says what each PHP sees.
#
#   ./install.sh install   WHMCS_ROOT=/var/www/whmcs
#   ./install.sh uninstall WHMCS_ROOT=/var/www/whmcs
#   ./install.sh check    [WHMCS_ROOT=/var/www/whmcs]
#
# NAME=value, as arguments or from the environment:
#   PHP_CONFIG     php-config of the PHP that WHMCS runs on; PHP=/usr/bin/php8.2 where there is no php-config
#   BACKUP_DIR     a new folder for what is replaced; default: a dated one under /var/backups/whmcs_provisioning
#   DESTDIR        the tree of another machine: every path is below it, nothing is enabled or asked there
#   LIBRARY        the library to install; default: target/release/libwhmcs_provisioning.so
#   MODULES_DIR    the module files to install; default: modules beside this script
#   EXTENSION_DIR  where the library goes; default: what php-config says
#   INI_DIRS       folders for the ini file, separated by blanks or, where a path has blanks, by colons
#   FORCE=yes      uninstall although another WHMCS uses the extension too
#
# Ends with 0: done, every PHP sees it; 1: an error, named; 2: done, but a PHP does not see it or a step is left.

set -euo pipefail

NAME=whmcs_provisioning
HERE=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
NOW=$(date +%Y-%m-%dT%H%M%S)

say() { printf '%s\n' "$*"; }
exists() { [ -e "$1" ] || [ -L "$1" ]; }

problems=()
problem() { problems+=("$*"); }
stop_on_problems() {
    [ ${#problems[@]} -gt 0 ] || return 0
    printf 'Problem: %s\n' "${problems[@]}" >&2
    say 'Nothing was changed.' >&2
    exit 1
}

changing=no
on_exit() {
    local code=$?
    if [ "$changing" = yes ]; then
        say "Stopped halfway. Run the same command again, or uninstall: the backup in $backup is complete up to here." >&2
        exit 1
    fi
    exit "$code"
}
trap on_exit EXIT

# --- What there is -----------------------------------------------------------------------------------------------

read_arguments() {
    local argument
    action=${1:-}
    case $action in
        install | uninstall | check) shift ;;
        *) sed -n '2,/^$/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 1 ;;
    esac
    for argument in "$@"; do
        case ${argument%%=*} in
            WHMCS_ROOT | PHP | PHP_CONFIG | BACKUP_DIR | DESTDIR | LIBRARY | MODULES_DIR | EXTENSION_DIR | INI_DIRS | FORCE)
                printf -v "${argument%%=*}" '%s' "${argument#*=}" ;;
            *) problem "Unknown argument $argument." ;;
        esac
    done
    DESTDIR=${DESTDIR:+$(realpath -m -- "$DESTDIR")}
    DESTDIR=${DESTDIR%/}
    LIBRARY=$(realpath -m -- "${LIBRARY:-$HERE/target/release/lib$NAME.so}")
    MODULES_DIR=$(realpath -m -- "${MODULES_DIR:-$HERE/modules}")
    backups=$DESTDIR/var/backups/$NAME
    BACKUP_DIR=${BACKUP_DIR:+$DESTDIR$(realpath -m -- "$BACKUP_DIR")}
    root=${WHMCS_ROOT:+$(realpath -m -- "$DESTDIR$(realpath -m -s -- "$WHMCS_ROOT")")}
    stop_on_problems
}

# All that a PHP binary says of itself, as "name => value" lines (php-cgi answers in HTML).
php_info() {
    "$1" -i 2>/dev/null </dev/null |
        sed -e 's|</td><td[^>]*>|=> |g' -e 's|<[^>]*>||g' -e 's/[[:space:]]*$//' || true
}
fact() { sed -n "s/^$2 \(=> \)\{0,1\}//p" <<<"$1" | sed -n '1s/ *=> .*//;1p'; }
loaded_version() { awk -v name="$NAME" '$0 == name { on = 1 } on && /^Version *=> / { print $NF; exit }' <<<"$1"; }
minor() { cut -d. -f1,2 <<<"$1"; }

find_php() {
    local info
    PHP_CONFIG=${PHP_CONFIG:-$([ -n "${PHP:-}" ] || command -v php-config || true)}
    if [ -z "${PHP:-}" ] && [ -n "$PHP_CONFIG" ]; then
        PHP=$("$PHP_CONFIG" --php-binary 2>/dev/null || true)
    fi
    PHP=$(command -v -- "${PHP:-php}" || true)
    if [ -z "$PHP" ]; then
        problem "No PHP was found${PHP_CONFIG:+ by $PHP_CONFIG}: name it with PHP_CONFIG=… or PHP=…."
        stop_on_problems
    fi
    info=$(php_info "$PHP")
    version=$(minor "$(fact "$info" 'PHP Version')")
    own_extension_dir=$(fact "$info" extension_dir)
    own_scan_dir=$(fact "$info" 'Scan this dir for additional .ini files')
    if [ -z "${EXTENSION_DIR:-}" ]; then
        EXTENSION_DIR=$([ -z "$PHP_CONFIG" ] || "$PHP_CONFIG" --extension-dir || true)
    fi
    EXTENSION_DIR=$(realpath -m -- "${EXTENSION_DIR:-$own_extension_dir}")
    library=$DESTDIR$EXTENSION_DIR/$NAME.so
}

# Fills phps (this PHP in all its forms) and other_phps, each once, by what they say and not by their names.
find_binaries() {
    local bin_dir folder file info seen=:
    phps=() other_phps=() scan_dirs=()
    bin_dir=$(dirname -- "$(realpath -- "$PHP")")
    for folder in "$bin_dir" "${bin_dir%/*}/sbin" /usr/bin /usr/sbin /usr/local/bin /usr/local/sbin; do
        for file in "$folder"/php* "$folder"/lsphp*; do
            [[ ${file##*/} =~ ^(ls)?php(-cgi|-fpm)?[0-9.]*$ && -x $file ]] || continue
            file=$(realpath -- "$file")
            [[ $seen != *":$file:"* ]] || continue
            seen=$seen$file:
            info=$(php_info "$file")
            if [ "$(minor "$(fact "$info" 'PHP Version')")" = "$version" ] &&
                [ "$(fact "$info" extension_dir)" = "$own_extension_dir" ]; then
                phps+=("$file")
                scan_dirs+=("$(fact "$info" 'Scan this dir for additional .ini files')")
            else
                other_phps+=("$file")
            fi
        done
    done
}

# Fills ini_files. "debian" means one file in mods-available that phpenmod links for each SAPI.
find_ini_files() {
    local folder folders=()
    ini_files=() debian=no
    if [ -n "${INI_DIRS:-}" ]; then
        if [ -d "$INI_DIRS" ]; then
            folders=("$INI_DIRS")
        elif [[ $INI_DIRS == *:* ]]; then
            IFS=: read -r -a folders <<<"$INI_DIRS"
        else
            read -r -a folders <<<"$INI_DIRS"
        fi
    elif [ -z "$DESTDIR" ] && [ -d "/etc/php/$version/mods-available" ] && command -v phpenmod >/dev/null &&
        [[ $own_scan_dir == "/etc/php/$version/"* ]]; then
        debian=yes
        ini_files=("/etc/php/$version/mods-available/$NAME.ini")
    else
        folders=("${scan_dirs[@]}")
    fi
    for folder in ${folders[@]+"${folders[@]}"}; do
        folder=${folder%%:*}
        [[ $folder == /* ]] || continue
        folder=$DESTDIR$(realpath -m -- "$folder")/30-$NAME.ini
        [[ " ${ini_files[*]-} " == *" $folder "* ]] || ini_files+=("$folder")
    done
}

find_modules() {
    local file module
    modules=()
    for file in "$MODULES_DIR"/*/*/*.php; do
        module=$(dirname -- "$file")
        [ "$(basename -- "$file" .php)" = "${module##*/}" ] || continue
        modules+=("${module#"$MODULES_DIR"/}")
    done
}

# --- The manifest: one "key value" a line, paths without DESTDIR ---------------------------------------------------

record() { grep -qxF -- "$*" "$backup/manifest" || printf '%s\n' "$*" >>"$backup/manifest"; }
recorded() { sed -n "s/^$1 //p" "$backup/manifest"; }
marker() { printf '; installed for %s, backup in %s' "$1" "$2"; }

# The backup of the installation that is in force for this WHMCS, or nothing.
find_backup() {
    local file folder line
    backup=''
    for folder in "$BACKUP_DIR" "$backups"/*; do
        if [ -f "$folder/manifest" ] && grep -qxF -- "root ${root#"$DESTDIR"}" "$folder/manifest"; then
            backup=$folder
            [ "$folder" != "$BACKUP_DIR" ] || return 0
        fi
    done
    for file in "${ini_files[@]}"; do
        [ -f "$file" ] || continue
        while IFS= read -r line; do
            folder=$DESTDIR${line#"$(marker "${root#"$DESTDIR"}" '')"}
            [ ! -f "$folder/manifest" ] || backup=$folder
        done <"$file"
    done
}

# Other WHMCS roots that the same ini file names, each with its backup.
other_roots() {
    local file
    for file in "${ini_files[@]}"; do
        [ ! -f "$file" ] || grep -- '^; installed for ' "$file" |
            grep -vF -- "$(marker "${root#"$DESTDIR"}" '')" || true
    done | sort -u
}

# --- Checks before anything is touched -----------------------------------------------------------------------------

need_writable() {
    local path=$1
    while [ ! -e "$path" ]; do path=$(dirname -- "$path"); done
    [ -w "$path" ] || problem "$path is not writable: run this as root${2:+, or name another place with $2=…}."
}

check_root() {
    if [ -z "$root" ]; then
        problem 'WHMCS_ROOT is missing: the folder that has the init.php of WHMCS.'
    elif [ ! -f "$root/init.php" ] || [ ! -d "$root/modules/servers" ]; then
        problem "$root is not a WHMCS folder: it lacks init.php or modules/servers."
    fi
}

check_library() {
    local answer
    if [ ! -f "$LIBRARY" ]; then
        problem "$LIBRARY does not exist: build it first, or name it with LIBRARY=…."
    elif [ ! -r "$LIBRARY" ]; then
        problem "$LIBRARY is not readable."
    elif ! answer=$("$PHP" -n -d "extension=$LIBRARY" --ri "$NAME" 2>&1); then
        answer=$(sed -n 's/^.*Warning: *//p' <<<"$answer" | tr '\n' ' ')
        problem "$PHP does not take $LIBRARY: ${answer:-it is another extension.}"
    fi
}

check_backup_dir() {
    case $backup/ in "$root"/*) problem "The backup must be outside $root, which the web server shows: not $backup." ;; esac
    if [ ! -f "$backup/manifest" ] && [ -n "$(ls -A -- "$backup" 2>/dev/null)" ]; then
        problem "$backup is not empty: name a new folder with BACKUP_DIR=…."
    elif [ -f "$backup/manifest" ] && ! grep -qxF -- "root ${root#"$DESTDIR"}" "$backup/manifest"; then
        problem "$backup is the backup of another WHMCS: name a new folder with BACKUP_DIR=…."
    fi
    need_writable "$backup" BACKUP_DIR
}

check_targets() {
    local module file
    [ ${#ini_files[@]} -gt 0 ] || problem "$PHP reads no folder of ini files: name one with INI_DIRS=…."
    for file in ${ini_files[@]+"${ini_files[@]}"}; do need_writable "$(dirname -- "$file")" INI_DIRS; done
    need_writable "$(dirname -- "$library")" EXTENSION_DIR
    for module in ${modules[@]+"${modules[@]}"}; do need_writable "$root/modules/${module%/*}"; done
}

# --- Module folders ------------------------------------------------------------------------------------------------

beside() { printf '%s/.%s.%s-%s' "$(dirname -- "$1")" "$(basename -- "$1")" "$NAME" "$2"; }

# Only what this script has made itself.
remove_tree() {
    case $1 in
        /*/.*".$NAME-new" | /*/.*".$NAME-old" | "${backup:?}/installed"*) rm -rf -- "$1" ;;
        *) say "Refusing to remove $1." >&2; return 1 ;;
    esac
}

# A request finds the old folder or the new one or, between two renames, none; never a mix.
swap_in() {
    local target=$1 old
    old=$(beside "$target" old)
    remove_tree "$old"
    if exists "$target"; then mv -T -- "$target" "$old"; fi
    if exists "$(beside "$target" new)"; then mv -T -- "$(beside "$target" new)" "$target"; fi
    remove_tree "$old"
}

back_up_module() {
    local module=$1 target=$root/modules/$1
    if recorded '\(module-replaced\|module-added\)' | grep -qxF -- "$module"; then
        keep_changed_files "$module"
    elif exists "$target"; then
        mkdir -p -- "$backup/replaced/${module%/*}"
        cp -a -- "$target" "$backup/replaced/$module"
        diff -r --no-dereference -- "$target" "$backup/replaced/$module"
        record "module-replaced $module"
        say "Backed up   modules/$module to $backup/replaced/$module"
    else
        record "module-added $module"
    fi
}

# Compared with what was installed: that is the host's own work.
keep_changed_files() {
    local module=$1 installed=$backup/installed/$1 kept=$backup/changed/$NOW/$1 file
    [ -d "$installed" ] && [ -d "$root/modules/$module" ] || return 0
    (cd -- "$root/modules/$module" && find . ! -type d -print0) | while IFS= read -r -d '' file; do
        file=${file#./}
        if cmp -s -- "$root/modules/$module/$file" "$installed/$file"; then continue; fi
        mkdir -p -- "$(dirname -- "$kept/$file")"
        cp -a -- "$root/modules/$module/$file" "$kept/$file"
        say "Kept        modules/$module/$file, which was changed here, as $kept/$file"
    done
}

place_module() {
    local module=$1 target=$root/modules/$1 new
    new=$(beside "$target" new)
    remove_tree "$new"
    cp -R -- "$MODULES_DIR/$module" "$new"
    find "$new" -type d -exec chmod 0755 {} +
    find "$new" -type f -exec chmod 0644 {} +
    if [ "$(id -u)" = 0 ]; then chown -R "$(stat -c %u:%g -- "$(dirname -- "$target")")" -- "$new"; fi
    remove_tree "$backup/installed/$module"
    mkdir -p -- "$backup/installed/${module%/*}"
    cp -R -- "$MODULES_DIR/$module" "$backup/installed/$module"
    swap_in "$target"
    say "Placed      modules/$module"
}

# --- Library and ini file ------------------------------------------------------------------------------------------

# What was there before the first installation is kept. Files that serve another WHMCS already are not "before".
back_up_file() {
    local file=$1 bare=${1#"$DESTDIR"}
    if recorded 'file-[a-z]*' | grep -qxF -- "$bare"; then
        return 0
    elif [ -n "$(other_roots)" ]; then
        record "file-shared $bare"
    elif exists "$file"; then
        mkdir -p -- "$backup/former$(dirname -- "$bare")"
        cp -a -- "$file" "$backup/former$bare"
        record "file-replaced $bare"
        say "Backed up   $file to $backup/former$bare"
    else
        record "file-added $bare"
    fi
}

# A rename, because processes that run have the former library mapped.
put() {
    local new
    new=$(beside "$2" new)
    mkdir -p -- "$(dirname -- "$2")"
    cp -- "$1" "$new"
    chmod 0644 -- "$new"
    mv -T -- "$new" "$2"
}

# Settings that the host has added to the file stay.
place_ini() {
    local file=$1 text line=extension=$NAME.so mark
    mark=$(marker "${root#"$DESTDIR"}" "${backup#"$DESTDIR"}")
    [ "$EXTENSION_DIR" = "$own_extension_dir" ] || line="extension=\"$EXTENSION_DIR/$NAME.so\""
    if [ -f "$file" ]; then
        text=$(grep -vE "^[[:space:]]*extension[[:space:]]*=.*$NAME" "$file" | grep -vxF -- "$mark" || true)
    else
        text="; priority=30"
    fi
    printf '%s\n' "$text" "$line" "$mark" >"$backup/ini"
    if cmp -s -- "$backup/ini" "$file"; then
        say "Unchanged   $file"
    else
        put "$backup/ini" "$file"
        say "Wrote       $file"
    fi
    rm -f -- "$backup/ini"
}

enable_debian() {
    local sapi line
    other_roots | sed 's/^.*, backup in //' | while IFS= read -r line; do
        [ ! -f "$line/manifest" ] || grep '^enabled ' "$line/manifest" || true
    done | while IFS= read -r line; do record "$line"; done
    for sapi in $(phpquery -S -v "$version"); do
        if ! phpquery -q -v "$version" -s "$sapi" -m "$NAME"; then
            record "enabled $version $sapi"
            phpenmod -v "$version" -s "$sapi" "$NAME"
        fi
        say "Enabled     for $sapi of PHP $version"
    done
}

# --- The three actions ---------------------------------------------------------------------------------------------

install() {
    local module file
    check_root
    check_library
    [ ${#modules[@]} -gt 0 ] || problem "$MODULES_DIR has no module."
    find_backup
    if [ -n "$backup" ]; then
        say "Found       an earlier installation; its backup in $backup stays what uninstall goes back to"
    else
        backup=${BACKUP_DIR:-$backups/$NOW}
    fi
    check_backup_dir
    check_targets
    stop_on_problems
    say "Checked     $LIBRARY loads in $PHP (PHP $version); $root is WHMCS"

    changing=yes
    (umask 077 && mkdir -p -- "$backup" && chmod 0700 -- "$backup" && touch -- "$backup/manifest")
    record "root ${root#"$DESTDIR"}"
    record "php $PHP"
    for module in "${modules[@]}"; do back_up_module "$module"; done
    # With the extension loaded, files of a PHP module that declare the same functions end every page: files go first.
    for module in "${modules[@]}"; do place_module "$module"; done
    for file in "$library" "${ini_files[@]}"; do back_up_file "$file"; done
    put "$LIBRARY" "$library"
    say "Placed      $library"
    for file in "${ini_files[@]}"; do place_ini "$file"; done
    if [ "$debian" = yes ]; then enable_debian; fi
    changing=no
    say "Note        every site of this PHP loads it: install it for each WHMCS here, none may keep the PHP modules"
    say_reload 'so that web pages load it too'
    check
}

uninstall() {
    local module bare file left version_sapi
    check_root
    find_backup
    [ -n "$backup" ] ||
        problem "No installation for $root is known: no ini file names it, nor does a manifest. Name its BACKUP_DIR=…."
    if [ -n "$(other_roots)" ] && [ "${FORCE:-}" != yes ]; then
        problem "The extension also serves another WHMCS, whose modules would only say that it is missing:" \
            "$(other_roots | sed 's/^; //' | tr '\n' ' ')Uninstall with FORCE=yes, then do so there."
    fi
    check_targets
    stop_on_problems

    changing=yes
    recorded enabled | while read -r version_sapi; do
        [ -f "/etc/php/${version_sapi% *}/mods-available/$NAME.ini" ] || continue
        phpdismod -p -v "${version_sapi% *}" -s "${version_sapi#* }" "$NAME"
        say "Disabled    for ${version_sapi#* } of PHP ${version_sapi% *}"
    done
    recorded 'file-[a-z]*' | sort -r | while IFS= read -r bare; do take_out_file "$bare"; done
    if recorded module-replaced | grep -q . && left=$(processes_with_library) && [ -n "$left" ]; then
        changing=no
        say "These still have the extension loaded; with the PHP module back, their pages would end: $left"
        say_reload 'and then run this again, to put the PHP module back'
        say "  $0 uninstall WHMCS_ROOT=$(printf %q "${root#"$DESTDIR"}") BACKUP_DIR=$(printf %q "${backup#"$DESTDIR"}")"
        exit 2
    fi
    recorded module-replaced | while IFS= read -r module; do
        keep_changed_files "$module"
        remove_tree "$(beside "$root/modules/$module" new)"
        cp -a -- "$backup/replaced/$module" "$(beside "$root/modules/$module" new)"
        swap_in "$root/modules/$module"
        say "Put back    modules/$module"
    done
    recorded module-added | while IFS= read -r module; do
        keep_changed_files "$module"
        swap_in "$root/modules/$module"
        say "Removed     modules/$module"
    done
    close_backup
    changing=no
    say 'Untouched   the database: the license table stays, and the PHP module goes on with it'
    say_reload 'so that nothing keeps the extension loaded'
}

take_out_file() {
    local bare=$1 file=$DESTDIR$1
    if [[ $file == *.ini && -f $file ]] && grep -q "^[[:space:]]*$NAME\." "$file"; then
        mkdir -p -- "$backup/changed/$NOW"
        cp -a -- "$file" "$backup/changed/$NOW/"
        say "Kept        the settings of $file in $backup/changed/$NOW"
    fi
    if exists "$backup/former$bare"; then
        put "$backup/former$bare" "$file"
        say "Put back    $file"
    elif exists "$file"; then
        rm -f -- "$file"
        say "Removed     $file"
    fi
}

processes_with_library() {
    local maps
    [ -z "$DESTDIR" ] || return 0
    for maps in /proc/[0-9]*/maps; do
        if grep -qsF -- " $library" "$maps"; then
            printf '%s (%s) ' "$(cat "${maps%maps}comm" 2>/dev/null)" "$(basename "${maps%/maps}")"
        fi
    done
}

close_backup() {
    remove_tree "$backup/installed"
    if [ -n "$(find "$backup" -mindepth 1 ! -name manifest -print -quit)" ]; then
        mv -- "$backup/manifest" "$backup/manifest.undone"
        say "Backup      stays in $backup; delete it when all is well"
    else
        rm -f -- "$backup/manifest"
        rmdir -- "$backup"
        rmdir -- "$backups" 2>/dev/null || true
    fi
}

say_reload() {
    local php unit
    [ -z "$DESTDIR" ] || return 0
    for php in "${phps[@]}"; do
        [[ ${php##*/} == php-fpm* ]] || continue
        unit=$(grep -lsF -- "ExecStart=$php " /etc/systemd/system/*.service /lib/systemd/system/*.service |
            sed -n '1{s|.*/||;s|\.service$||;p}' || true)
        if [ -z "$unit" ]; then
            say "Reload      $php, $1: kill -USR2 with the number of its master process"
        elif [ -d /run/systemd/system ]; then
            say "Reload now, $1: systemctl reload $unit"
        else
            say "Reload now, $1: service $unit reload"
        fi
    done
    [ ! -d "/etc/php/$version/apache2" ] || say "Reload now, $1: systemctl reload apache2"
    compgen -G '/usr/lib*/httpd/modules/libphp*.so' >/dev/null && say "Reload now, $1: systemctl reload httpd" || true
}

check() {
    missing=no
    say "What PHP $version and WHMCS see:"
    if [ -n "$DESTDIR" ]; then
        say '  (under DESTDIR no PHP can be asked)'
    else
        check_binaries
        check_apache
        check_cron
    fi
    [ -z "$root" ] || check_modules
    [ "$missing" = no ] || exit 2
}

good() { say "  ok       $*"; }
bad() { say "  MISSING  $*"; missing=yes; }

check_binaries() {
    local php info loaded
    for php in "${phps[@]}"; do
        info=$(php_info "$php")
        loaded=$(loaded_version "$info")
        if [ -n "$loaded" ]; then
            good "$php ($(fact "$info" 'Server API')): $NAME $loaded"
        else
            bad "$php ($(fact "$info" 'Server API')): not loaded by the ini files of $(fact "$info" 'Scan this dir for additional .ini files')"
        fi
    done
    for php in ${other_phps[@]+"${other_phps[@]}"}; do
        say "  other    $php is PHP $(fact "$(php_info "$php")" 'PHP Version'), another build: WHMCS and its cron must not run on it"
    done
}

# Apache cannot be asked from here.
check_apache() {
    local folder=/etc/php/$version/apache2/conf.d
    [ -d "$folder" ] || return 0
    if compgen -G "$folder/*$NAME.ini" >/dev/null; then
        good "Apache, by its ini file in $folder"
    else
        bad "Apache: $folder has no ini file of $NAME"
    fi
}

check_cron() {
    local php file found=no
    while IFS= read -r php; do
        [ -n "$php" ] && file=$(command -v -- "$php") || continue
        found=yes
        if [ -z "$(loaded_version "$(php_info "$file")")" ]; then
            bad "cron: a crontab runs cron.php with $php, which does not load it; let it call $PHP"
        fi
    done < <(grep -hsE '^[^#]*cron\.php' /etc/crontab /etc/cron.d/* /var/spool/cron/* /var/spool/cron/crontabs/* |
        grep -oE '(/[^[:space:]]*/)?php[0-9.]*[[:space:]]' | tr -d '[:blank:]' | sort -u)
    file=$(command -v php || true)
    if [ "$found" = no ] && [ -n "$file" ] && [ -z "$(loaded_version "$(php_info "$file")")" ]; then
        say "  advice   no crontab with WHMCS's cron.php was found; plain php would not load it: let cron call $PHP"
    fi
}

check_modules() {
    local module name target strange
    for module in "${modules[@]}"; do
        name=${module##*/} target=$root/modules/$module
        strange=$(diff -rq --no-dereference -- "$MODULES_DIR/$module" "$target" 2>/dev/null |
            sed -e "s|^Only in $target\(.*\): |\1/|" -e "s|^Files .* and $target/\(.*\) differ$|\1|" -e 's|^/||' |
            tr '\n' ' ' || true)
        if [ ! -f "$target/$name.php" ]; then
            bad "$target: there is no $name.php"
        elif ! cmp -s -- "$MODULES_DIR/$module/$name.php" "$target/$name.php"; then
            bad "$target: $name.php is not ours, so another module or version; pages end where the extension is loaded"
        else
            good "$target${strange:+, apart from: $strange}"
        fi
    done
}

read_arguments "$@"
find_php
find_binaries
find_ini_files
find_modules
"$action"
