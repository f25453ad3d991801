#!/usr/bin/env bash
# Installs the extension and its WHMCS modules into every PHP that WHMCS uses, takes them out again, or says what each PHP sees.
#   ./install.sh install|upgrade|check|uninstall [--dry-run] [--yes] WHMCS_ROOT=/var/www/whmcs [NAME=value …]
#   ./install.sh check [--online] [--report] WHMCS_ROOT=/var/www/whmcs
#
#   upgrade        is install where an installation is known; an older archive goes back to its version
#   --dry-run      says what would be done, and changes nothing
#   --yes          does not ask; without a terminal nothing is asked either
#   --online       check also asks Jetpack and the Comet Servers
#   --report       check also writes an archive for support, without a secret
#
# Each NAME=value may come from the environment as well:
#   WHMCS_ROOT     the folder of WHMCS; several, where several share a PHP: WHMCS_ROOT=… once for each
#   PHP            a PHP that WHMCS uses, once for each; default: what pools, processes, handlers and crontabs say
#   PHP_CONFIG     php-config of that PHP, in place of PHP
#   WHMCS_USER     the user that WHMCS's PHP runs as; default: the owner of configuration.php
#   STATE_DIR      the private directory of all its PHPs; default: .whmcs_provisioning in that user's home, where WHMCS
#                  is below it, else /var/lib/whmcs_provisioning/ and his number
#   BACKUP_DIR     a new folder for what is replaced; default: a dated one under /var/backups/whmcs_provisioning
#   LIBRARY        the library to install; default: the one of lib/ that fits, in a clone of the sources the one that was built
#   MODULES_DIR    the module files to install; default: modules beside this script
#   EXTENSION_DIR  where the library goes, for one PHP; default: what that PHP says
#   INI_DIRS       folders for the ini file of one PHP, separated by blanks or, where a path has blanks, by colons;
#                  none: no ini file is written, the extension is loaded for one pool only (docs/install.md)
#   KEEP_DIR       where this package stays for later; default: /usr/local/lib/whmcs_provisioning
#   CRONTABS       crontabs to look into, separated by blanks; default: those of the system and of every user
#   PHP_LIMIT      seconds after which a PHP that does not answer is ended; default: 20
#   DESTDIR        the tree of another machine: every path is below it, no PHP is enabled or asked there
#   MACHINE_ROOT   the folder below which PHPs, pools, crontabs and processes are looked for, for tests; default: /
#
# As root it writes below WHMCS_ROOT with the rights of its owner, runs nothing that others than root may replace, and asks
# a PHP, whose ini files and WHMCS's files are others', with the rights of the user WHMCS runs as.
#
# Ends with 0: done, every PHP sees it; 1: an error, named; 2: a PHP does not see it, or a step is left to you.

set -euo pipefail
shopt -s nullglob
umask 022
unset CDPATH GLOBIGNORE
NAME=whmcs_provisioning
# Of a module: the texts of the host himself.
OVERRIDES=lang/overrides
HERE=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
NOW=$(date +%Y-%m-%dT%H%M%S)
ARCHITECTURE=$(uname -m)

# Where PHPs are: whose they are, the folder of its binaries, or above bin and sbin, the FPM pools. MINOR stands for 8.2, DIGITS for 82.
PLACES='
cPanel       /opt/cpanel/ea-php*/root/usr  /opt/cpanel/ea-phpDIGITS/root/etc/php-fpm.d/*.conf
CloudLinux   /opt/alt/php*/usr             /opt/alt/phpDIGITS/etc/php-fpm.d/*.conf
Plesk        /opt/plesk/php/*              /opt/plesk/php/MINOR/etc/php-fpm.d/*.conf
DirectAdmin  /usr/local/php*               /usr/local/directadmin/data/users/*/php/php-fpmDIGITS.conf
Remi         /opt/remi/php*/root/usr       /etc/opt/remi/phpDIGITS/php-fpm.d/*.conf
Enhance      /opt/ecp-php*                 /opt/ecp-phpDIGITS/etc/php-fpm.d/*.conf
Enhance      /opt/ecp-php*/root/usr        /opt/ecp-phpDIGITS/root/etc/php-fpm.d/*.conf
LiteSpeed    /usr/local/lsws/lsphp*        -
LiteSpeed    /usr/local/lsws/fcgi-bin         -
system       /usr                          /etc/php/MINOR/fpm/pool.d/*.conf:/etc/php-fpm.d/*.conf
local        /usr/local                    /usr/local/etc/php-fpm.d/*.conf
'
PHP_NAME='^(ea-|alt-)?(ls)?php(-cgi|-cli|-fpm)?[0-9.]*(-cgi|-cli|-fpm)?$'
# Where a WHMCS may be, for one that has PHP modules and the same PHP.
SITES=(/home '/home[0-9]*' /var/www /srv /usr/share/nginx)

problems=() changing=no missing=no me=$(id -u) owner=$(id -u):$(id -g) asker=''
root='' backup='' state_dir='' state_user='' new_backup=no unfinished=''

# What an ini file, a pool and the manifest can hold in a line.
QUOTABLE='^/[^"$\;[:cntrl:]]*$'

# File names and crontabs are other users' text: a terminal must not obey it. Fills cleaned. Where the locale is C, the second
# half of the control characters is two bytes of UTF-8.
clean() {
    cleaned=${1//[[:cntrl:]]/?}
    local LC_ALL=C
    cleaned=${cleaned//$'\xc2'[$'\x80'-$'\x9f']/?}
}
say() { local cleaned; clean "$2"; printf '%-11s %s\n' "$1" "$cleaned"; }
exists() { [ -e "$1" ] || [ -L "$1" ]; }
# A full path, or the nearest folder above it that is there.
existing() { local path=$1; while ! exists "$path"; do path=${path%/*}; path=${path:-/}; done; printf %s "$path"; }
problem() {
    local cleaned said
    clean "$*"
    for said in "${problems[@]}"; do [ "$said" != "$cleaned" ] || return 0; done
    problems+=("$cleaned")
}
stop_on_problems() {
    [ ${#problems[@]} -gt 0 ] || return 0
    printf 'Problem: %s\n' "${problems[@]}" >&2
    echo 'Nothing was changed.' >&2; exit 1
}
on_exit() {
    set +e
    [ -z "$unfinished" ] || rm -rf -- "${unfinished:?}"
    case $changing in
        prepared) drop_stages; echo 'This could not be prepared. Nothing was changed.' >&2; exit 1 ;;
        yes) echo "Stopped halfway: run it again, or uninstall; the backup is $backup." >&2; exit 1 ;;
    esac
}

# ---- What is asked for ----

read_arguments() {
    local argument
    action=${1:-}
    case $action in
        install | upgrade | uninstall | check) shift ;;
        *) sed -n '2,/^$/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 1 ;;
    esac
    dry_run=no yes=no online=no report=no files_only=no of_several=no told=() roots=() given=()
    if [ -n "${PHP:-}" ]; then told=("$PHP"); fi
    if [ -n "${WHMCS_ROOT:-}" ]; then roots=("$WHMCS_ROOT"); fi
    local named_php=no named_root=no
    for argument in "$@"; do
        [[ $argument == --* ]] || given+=("$argument")
        case $argument in
            --dry-run) dry_run=yes ;;
            --yes) yes=yes ;;
            --online) online=yes ;;
            --report) report=yes ;;
            # Of a run for several WHMCS.
            --files-only) files_only=yes ;;
            --of-several) of_several=yes ;;
            PHP=*)
                [ $named_php = yes ] || told=()
                named_php=yes
                [ -z "${argument#*=}" ] || told+=("${argument#*=}") ;;
            WHMCS_ROOT=*)
                [ $named_root = yes ] || roots=()
                named_root=yes
                [ -z "${argument#*=}" ] || roots+=("${argument#*=}") ;;
            PHP_CONFIG=* | BACKUP_DIR=* | DESTDIR=* | LIBRARY=* | MODULES_DIR=* | EXTENSION_DIR=* | INI_DIRS=* | CRONTABS=* | \
                WHMCS_USER=* | STATE_DIR=* | KEEP_DIR=* | PHP_LIMIT=* | MACHINE_ROOT=*)
                printf -v "${argument%%=*}" %s "${argument#*=}" ;;
            *) problem "$argument is not known." ;;
        esac
    done
    SBIN=${MACHINE_ROOT:-}/usr/sbin
    set_places
}
set_places() {
    local folder
    DESTDIR=${DESTDIR:+$(realpath -m -- "$DESTDIR" | sed 's|^/$||')}
    MACHINE_ROOT=${MACHINE_ROOT:+$(realpath -m -- "$MACHINE_ROOT" | sed 's|^/$||')}
    MODULES_DIR=$(realpath -m -- "${MODULES_DIR:-$HERE/modules}")
    BACKUP_DIR=${BACKUP_DIR:+$DESTDIR$(realpath -m -- "$BACKUP_DIR")}
    KEEP_DIR=$DESTDIR$(realpath -m -- "${KEEP_DIR:-$MACHINE_ROOT/usr/local/lib/$NAME}")
    PHP_LIMIT=${PHP_LIMIT:-20}
    [[ $PHP_LIMIT =~ ^[1-9][0-9]{0,3}$ ]] || problem "PHP_LIMIT is a number of seconds: not $PHP_LIMIT."
    backups=$DESTDIR$MACHINE_ROOT/var/backups/$NAME
    root=${roots[0]:+$DESTDIR$(realpath -m -- "${roots[0]}")}
    modules=()
    for folder in "$MODULES_DIR"/*/*/; do
        folder=${folder%/}
        [ ! -f "$folder/${folder##*/}.php" ] || modules+=("${folder#"$MODULES_DIR"/}")
    done
    stop_on_problems
}

# ---- The package beside this script ----

# Fills version and libraries, the folder with a library for each PHP API, where there is one.
find_package() {
    version='' libraries='' LIBRARY=${LIBRARY:-}
    if [ -f "$HERE/Cargo.toml" ]; then
        version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$HERE/Cargo.toml" | head -n 1)
        [ ! -d "$HERE/target/package/lib" ] || libraries=$HERE/target/package/lib
        if [ -z "$LIBRARY" ] && [ -z "$libraries" ]; then LIBRARY=$HERE/target/release/lib$NAME.so; fi
    else
        version=$(head -n 1 -- "$HERE/VERSION" 2>/dev/null || true)
        libraries=$HERE/lib
        check_package
    fi
    LIBRARY=${LIBRARY:+$(realpath -m -- "$LIBRARY")}
    if [ -n "$LIBRARY" ] && { [ ! -f "$LIBRARY" ] || [ ! -r "$LIBRARY" ]; }; then
        problem "$LIBRARY is missing or not readable: build it first, or name it with LIBRARY=…."
    fi
    [ ${#modules[@]} -gt 0 ] || problem "$MODULES_DIR has no module."
    check_whose_package
}
# Libraries run with root's rights when they are tried. Who calls sudo may have built them.
check_whose_package() {
    local path strange trusted=${SUDO_UID:-0}
    [ "$me" = 0 ] || return 0
    [[ $trusted =~ ^[0-9]+$ ]] || trusted=0
    for path in "$HERE" "$MODULES_DIR" ${libraries:+"$libraries"} ${LIBRARY:+"$LIBRARY"}; do
        exists "$path" || continue
        strange=$(strangers "$path" "$trusted")
        [ -n "$strange" ] || [ "$path" = "$HERE" ] ||
            strange=$(find "$path" ! -type l '(' ! -uid 0 ! -uid "$trusted" -o -perm -0002 -o -perm -0020 ! -group root ! -user "$trusted" ')' -print -quit)
        [ -z "$strange" ] ||
            problem "others than root may replace $strange: unpack the archive as root, where nobody else may write, as below /root."
    done
}
# Half a copy, or a changed one, is found before anything is changed.
check_package() {
    local sums=$HERE/SHA256SUMS wrong strange
    if [ ! -f "$sums" ]; then
        problem "$sums is missing: the archive was not unpacked as a whole. Unpack it again."
        return
    fi
    if ! wrong=$(cd -- "$HERE" && LC_ALL=C sha256sum --check --quiet --strict -- SHA256SUMS 2>/dev/null); then
        wrong=${wrong%%: FAILED*}
        problem "the package is not whole: ${wrong:-SHA256SUMS} is missing or wrong. Download the archive again, and check its sum."
        return
    fi
    strange=$(comm -13 <(sed 's/^[0-9a-f]* [ *]//' "$sums" | LC_ALL=C sort) \
        <(cd -- "$HERE" && find . ! -type d ! -path ./SHA256SUMS | sed 's|^\./||' | LC_ALL=C sort) | head -n 1)
    [ -z "$strange" ] || problem "$HERE/$strange is not in SHA256SUMS: unpack the archive into a new folder."
}
# The processor a library is for, by its ELF header.
library_architecture() {
    case $(od -An -tx1 -j18 -N2 -- "$1" 2>/dev/null | tr -d ' ') in
        3e00) echo x86_64 ;; b700) echo aarch64 ;; 0300) echo i386 ;; *) echo "$ARCHITECTURE" ;;
    esac
}

# ---- Whose what is ----

# Runs a command with the rights of a user, as "number:group", in a folder that he may have no way to. Without a terminal, into
# which that user could type or write, without the lock, and without root's environment, which he could read.
as_in() {
    local folder=$1 user=$2; shift 2
    if [ "$me" != 0 ] || [ "${user%:*}" = 0 ]; then (cd -- "$folder" && "$@"); return; fi
    { env -i -C "$folder" PATH="$PATH" ${PHP_INI_SCAN_DIR:+PHP_INI_SCAN_DIR="$PHP_INI_SCAN_DIR"} \
        setsid -w setpriv --reuid="${user%:*}" --regid="${user#*:}" --clear-groups --no-new-privs -- "$@" \
        9<&- </dev/null 2>&1 >&8 8>&- | say_errors 8>&-; } 8>&1
}
# Where root stands, a user may not be able to look: find would fail.
as() { as_in / "$@"; }
say_errors() { local line cleaned; while IFS= read -r line || [ -n "$line" ]; do clean "$line"; printf '%s\n' "$cleaned" >&2; done; }
# Fills deciding: a path, the folders above it, and the same of each link among them. Who may replace one of these decides where
# the path leads.
find_deciding() {
    local path todo=("$1")
    deciding=()
    while [ ${#todo[@]} -gt 0 ] && [ ${#deciding[@]} -lt 1000 ]; do
        path=${todo[0]} todo=("${todo[@]:1}")
        while [ "$path" != "$DESTDIR" ]; do
            deciding+=("${path:-/}")
            if [ -z "$path" ] || [ "$path" = / ]; then break; fi
            if [ -L "$path" ]; then todo+=("$(link_target "$path")"); fi
            path=${path%/*}
        done
    done
}
link_target() {
    local target
    target=$(readlink -- "$1" || true)
    [[ $target == /* ]] || target=${1%/*}/$target
    printf %s "$target"
}
# The first of these that others than root may replace, or nothing. Another user may be trusted.
strangers() {
    local user group mode name trusted=${2:-0} deciding
    find_deciding "$1"
    while read -r -d '' user group mode name; do
        if [ "$user" = "$trusted" ]; then user=0; fi
        # With the sticky bit what stands in a folder is its owner's, and a link has no mode. Debian gives /usr/local to its
        # group staff, which is root's.
        if [ "$user" != 0 ] || { (((16#$mode & 8#170000) != 8#120000)) && {
            (((16#$mode & 8#1002) == 2)) || { (((16#$mode & 8#1020) == 8#20)) && [ "$group" != root ] && [ "$group" != staff ]; }
        }; }; then
            printf '%s\n' "$name"
            return
        fi
    done < <(stat --printf '%u %G %f %n\0' -- "${deciding[@]}" 2>/dev/null)
}
need_writable() {
    local path=$1 strange
    [[ ! $path =~ [[:cntrl:]] ]] || problem "$path has a control character: name another place with $2=…."
    path=$(existing "$path")
    [ -w "$path" ] || problem "$path is not writable: run this as root${2:+, or name another place with $2=…}."
    [ "$me" = 0 ] || return 0
    strange=$(strangers "$path")
    # Whoever may write there decides where root's writing ends up.
    [ -z "$strange" ] || problem "others than root may write to $strange: name another place with $2=…."
}

check_root() {
    # It stands in the manifest, and in ini files of every PHP.
    [[ ! $root =~ [[:cntrl:]] ]] || problem "$root has a control character in its name."
    [[ -f $root/init.php && -d $root/modules/servers ]] ||
        problem "${root:-WHMCS_ROOT} is not a WHMCS folder: init.php or modules/servers is missing."
    stop_on_problems
    find_owner
    stop_on_problems
    find_state_user
    stop_on_problems
}
# Fills owner: where a user may rename folders or make links, root writes with his rights. Of two who follow one another down the
# path the last is meant.
find_owner() {
    local user='' whose mode name group deciding n=0 own=${root#"$DESTDIR"}/modules/servers
    [ "$me" = 0 ] || return 0
    owner=0:0
    group=$(stat -L -c %g -- "$root/modules/servers")
    find_deciding "$root/modules/servers"
    own=${own//[!\/]/}
    while read -r -d '' whose mode name; do
        n=$((n + 1))
        if [ -z "$user" ] && [ "$whose" != 0 ]; then
            user=$whose
        elif [ -z "$user" ]; then
            (((16#$mode & 8#1022) == 0 || (16#$mode & 8#1000) != 0 || (16#$mode & 8#170000) == 8#120000)) ||
                problem "others may write to $name, which is root's: chown it to the user WHMCS runs as, or chmod go-w."
        elif [ $n -gt ${#own} ] && [ "$whose" != 0 ] && [ "$whose" != "$user" ]; then
            problem "a link of the user $user in $root/modules/servers leads to $name, which is the user $whose's: put a folder in its place."
        fi
    done < <(stat --printf '%u %f %n\0' -- "${deciding[@]}")
    [ -n "$user" ] || return 0
    [[ " $(id -G -- "$user" 2>/dev/null || echo "$group") " == *" $group "* && $group != 0 ]] ||
        group=$(id -g -- "$user" 2>/dev/null || echo "$user")
    owner=$user:$group
    as "$owner" true || problem "the rights of the user $user are needed to write below $root: install setpriv (util-linux)."
}
# Fills state_user, as "number:group"; empty where it is not known.
find_state_user() {
    local user
    if [ "$me" != 0 ]; then state_user=$owner; return; fi
    if [ -n "${WHMCS_USER:-}" ]; then
        user=$(id -u -- "$WHMCS_USER" 2>/dev/null || echo "$WHMCS_USER")
        [[ $user =~ ^[0-9]+$ ]] || problem "there is no user $WHMCS_USER."
    else
        [ -n "$root" ] || return 0
        user=$(stat -c %u -- "$root/configuration.php" 2>/dev/null || echo 0)
        # A file of another's that a user has found a place for would run his WHMCS with the rights of the other.
        [ "$user" = 0 ] || [ "${owner%:*}" = 0 ] || [ "$user" = "${owner%:*}" ] ||
            problem "$root is the user ${owner%:*}'s, its configuration.php the user $user's: name whom WHMCS runs as with WHMCS_USER=…."
        [ "$user" != 0 ] || user=$(stat -c %u -- "$root/modules/servers")
        [ "$user" != 0 ] || return 0
    fi
    state_user=$user:$(id -g -- "$user" 2>/dev/null || echo "$user")
}
# A run at a time. What a killed run has left goes on until its command ends, and so long the next one waits.
take_lock() {
    local place=$root/modules/servers
    if [ "$me" = 0 ]; then
        # Where nobody else may open it, and so hold it.
        place=$MACHINE_ROOT/run/$NAME
        mkdir -p -- "${place%/*}"
        mkdir -m 0700 -- "$place" 2>/dev/null || [ -d "$place" ]
        need_writable "$place" MACHINE_ROOT
        stop_on_problems
        place+=/lock
        : >>"$place"
    fi
    exec 9<"$place"
    flock -n 9 && return
    say Waiting 'for another run of this installer'
    flock -w 600 9 || problem 'another run of this installer does not end.'
    stop_on_problems
}

# ---- Which PHPs there are ----

# All that a PHP says of itself, as "name => value" lines (php-cgi and lsphp answer in HTML, and obey a php.ini where they
# are run). With the rights of $1.
php_info() {
    local user=$1 file=$2; shift 2
    as "$user" timeout -k 2 "$PHP_LIMIT" "$file" "$@" -i 2>&1 </dev/null ||
        case $? in 124 | 137) echo 'installer: no answer' ;; esac
}
plain() { sed -e 's| *</td><td[^>]*>| => |g' -e 's|<[^>]*>||g' -e 's/[[:space:]]*$//'; }
# Of that, a line each: version, build, extension_dir, folder of ini files, SAPI, zend.exception_ignore_args, state_dir,
# version of the extension, and whether there was an answer at all.
facts() {
    awk -v name=$NAME '
        BEGIN {
            FS = " => "
            n = split("PHP Version|PHP Extension Build|extension_dir|Scan this dir for additional .ini files|Server API|" \
                "zend.exception_ignore_args|" name ".state_dir", wanted, "|")
        }
        /</ { gsub(/ *<\/td><td[^>]*>/, " => "); gsub(/<[^>]*>/, "") }
        { sub(/[[:space:]]+$/, "") }
        { for (i = 1; i <= n; i++) if ($1 == wanted[i] && !(i in fact)) fact[i] = $2 }
        $0 == name { ours = 1 }
        ours && $1 == "Version" && loaded == "" { loaded = $2 }
        /^installer: no answer$/ { late = "late" }
        END { for (i = 1; i <= n; i++) print fact[i]; print loaded; print late }'
}
# Fills matches: the files below MACHINE_ROOT that a pattern names, in their order.
expand() {
    local IFS=
    # shellcheck disable=SC2206
    matches=($MACHINE_ROOT$1)
}
# Fills, for each PHP binary i, its place, file and what it says, and group[i]: binaries of one build and extension
# folder are one PHP. What cannot be asked goes to unasked, with the reason.
find_phps() {
    local place base pools folder
    files=() places=() pools_of=() versions=() builds=() extension_dirs=() scan_dirs=() sapis=() ignore_args=() states=() loaded=()
    group=() keys=() unasked=() seen=:
    declare -gA number=()
    asker=$state_user
    if [ "$me" = 0 ] && [ "${asker%:*}" = "${asker:+0}" ]; then asker=65534:65534; fi
    name_phps
    while read -r place base pools; do
        [ -n "$place" ] || continue
        expand "$base"
        for folder in "${matches[@]}"; do add_phps "$place" "$pools" "$folder"/{bin/,sbin/,}{php,lsphp,ea-php,alt-php}*; done
    done <<<"$PLACES"
    add_told
    [ -z "$MACHINE_ROOT" ] || return 0
    while IFS= read -r -d : folder; do add_phps PATH - "$folder"/{php,lsphp}*; done <<<"$PATH:"
}
# PHP= and PHP_CONFIG=, as full paths in told.
name_phps() {
    local file found names=("${told[@]}") strange
    if [ -n "${PHP_CONFIG:-}" ]; then
        found=$(command -v -- "$PHP_CONFIG" || echo "$PHP_CONFIG")
        strange=$([ "$me" != 0 ] || strangers "$(realpath -m -- "$found")")
        [ -z "$strange" ] || problem "$PHP_CONFIG is not run, because others than root may replace $strange."
        stop_on_problems
        found=$("$PHP_CONFIG" --php-binary) || { problem "$PHP_CONFIG cannot be run."; stop_on_problems; }
        names+=("$found")
        EXTENSION_DIR=${EXTENSION_DIR:-$("$PHP_CONFIG" --extension-dir)}
    fi
    told=()
    for file in "${names[@]}"; do
        found=$(command -v -- "$file" || true)
        if [ -z "$found" ]; then problem "$file is no PHP: name one with PHP=…."; continue; fi
        told+=("$(realpath -- "$found")")
    done
    stop_on_problems
}
# What was named, however it is called, and what stands beside it.
add_told() {
    local named folder
    for named in "${told[@]}"; do
        folder=${named%/*}
        if [[ $seen != *":$named:"* ]]; then
            seen+=$named:
            read_php "$named" named -
        fi
        add_phps named - {"$folder","${folder%/*}/sbin"}/{php,lsphp}*
    done
}
add_phps() {
    local file place=$1 pools=$2 candidates=(); shift 2
    for file in "$@"; do
        [[ ! ${file##*/} =~ $PHP_NAME || ! -x $file || -d $file ]] || candidates+=("$file")
    done
    [ ${#candidates[@]} -gt 0 ] || return 0
    while IFS= read -r -d '' file; do
        [[ $seen != *":$file:"* ]] || continue
        seen+=$file:
        read_php "$file" "$place" "$pools"
    done < <(realpath -z -- "${candidates[@]}")
}
read_php() {
    local file=$1 strange said i=${#files[@]}
    if [ "$me" = 0 ]; then
        strange=$(strangers "$file")
        if [ -n "$strange" ]; then unasked+=("$file is not run, because others than root may replace $strange"); return; fi
    fi
    mapfile -t said < <(php_info "$asker" "$file" | facts)
    if [ -n "${said[8]}" ]; then unasked+=("$file did not answer within $PHP_LIMIT seconds, and was ended"); return; fi
    if [ -z "${said[0]}" ] || [ -z "${said[1]}" ]; then unasked+=("$file does not say what it is"); return; fi
    files+=("$file") places+=("$2")
    versions+=("${said[0]}") builds+=("${said[1]}") extension_dirs+=("${said[2]}") scan_dirs+=("${said[3]}") sapis+=("${said[4]}")
    ignore_args+=("${said[5]}") states+=("${said[6]}") loaded+=("${said[7]}")
    pools_of+=("$(pools_of_php "$3" "${said[0]}")")
    number[$file]=$i
    join_group "$i"
}
# After a change.
ask_again() {
    local said i=$1
    mapfile -t said < <(php_info "$asker" "${files[i]}" | facts)
    states[i]=${said[6]} loaded[i]=${said[7]}
}
pools_of_php() {
    local minor=${2%.*} pools=$1
    pools=${pools//MINOR/$minor}
    printf %s "${pools//DIGITS/${minor/./}}"
}
join_group() {
    local g key="${builds[$1]} ${extension_dirs[$1]}"
    for g in "${!keys[@]}"; do [ "${keys[g]}" != "$key" ] || { group[$1]=$g; return; }; done
    group[$1]=${#keys[@]}
    keys+=("$key")
}
members() { local i; for i in "${!files[@]}"; do [ "${group[i]}" != "$1" ] || echo "$i"; done; }
# Fills voice[group], the binary that speaks for it: its command line, where it has one.
find_voices() {
    local i
    voice=()
    for i in "${!files[@]}"; do
        [ -n "${voice[group[i]]:-}" ] && [ "${sapis[i]}" != 'Command Line Interface' ] || voice[group[i]]=$i
    done
}
title() { local i=${voice[$1]}; echo "PHP ${versions[i]} (${places[i]}, ${files[i]})"; }
group_of_path() { local i=${number[${1:-none}]:-}; [ -z "$i" ] || echo "${group[i]}"; }

# ---- Which of them WHMCS uses ----

# Fills pages[group] and crons[group] with what shows that the user $1 (a number) runs the WHMCS $2 with it, and cron_php,
# cron_where, cron_line: the PHPs that crontabs name.
find_evidence() {
    local user=$1 site=$2 name
    pages=() crons=()
    name=$(getent passwd "$user" | cut -d: -f1 || true)
    if [ -n "$user" ] && [ "$user" != 0 ]; then
        find_pools "$user" "$name"
        find_processes "$user"
        find_selection "${name:-$user}"
    fi
    if [ -n "$site" ]; then find_handlers "$site"; fi
    find_apache
    find_crons "$user" "$name" "$site"
}
add_pages() { [[ -z $1 || ${pages[$1]:-} == *"$2"* ]] || pages[$1]=${pages[$1]:+${pages[$1]}, }$2; }
add_cron() { [[ -z $1 || ${crons[$1]:-} == *"$2"* ]] || crons[$1]=${crons[$1]:+${crons[$1]}, }$2; }
# FPM pools of the user.
find_pools() {
    local i pattern file done=:
    for i in "${!files[@]}"; do
        if [ "${pools_of[i]}" = - ] || [[ ${sapis[i]} != FPM* ]]; then continue; fi
        while IFS= read -r -d : pattern; do
            [[ $done != *":$pattern:"* ]] || continue
            done+=$pattern:
            expand "$pattern"
            for file in "${matches[@]}"; do
                ! grep -qsE "^[[:space:]]*user[[:space:]]*=[[:space:]]*\"?($1${2:+|${2//./[.]}})\"?[[:space:]]*(;.*)?$" "$file" ||
                    add_pages "${group[i]}" "pool $file"
            done
        done <<<"${pools_of[i]}:"
    done
}
# Processes of the user that are no command lines.
find_processes() {
    local user process file i
    while read -r user process; do
        [ "$user" = "$1" ] || continue
        file=$(readlink -- "$process/exe" 2>/dev/null || true)
        # It may have ended by now.
        [ -n "$file" ] || continue
        i=${number[${file% (deleted)}]:-}
        [ -z "$i" ] || [ "${sapis[i]}" = 'Command Line Interface' ] || add_pages "${group[i]}" "a process of $file"
    done < <(stat -c '%u %n' -- "$MACHINE_ROOT"/proc/[0-9]* 2>/dev/null)
}
# What the user has chosen in CloudLinux' selector: links that are his, so only their text is looked at.
find_selection() {
    local link target
    expand "/var/cagefs/*/$1/etc/cl.selector/*php*"
    for link in "${matches[@]}"; do
        target=$MACHINE_ROOT$(readlink -- "$link" || true)
        case ${link##*/} in
            *-cli) add_cron "$(group_of_path "$target")" "the PHP selector of $1" ;;
            *) add_pages "$(group_of_path "$target")" "the PHP selector of $1" ;;
        esac
    done
}
# Handlers of cPanel and CloudLinux in the .htaccess of WHMCS and the folders above it. Read with their owner's rights.
find_handlers() {
    local folder=$1 user text digits family
    while [ "$folder" != / ] && [ -n "$folder" ]; do
        if [ -f "$folder/.htaccess" ]; then
            user=$(stat -c %u:%g -- "$folder")
            text=$(as "$user" timeout 5 head -c 65536 -- "$folder/.htaccess" 2>/dev/null | tr -d '\0' || true)
            if [[ $text =~ x-httpd-(ea|alt)-php([0-9]+) ]]; then
                family=${BASH_REMATCH[1]} digits=${BASH_REMATCH[2]}
                case $family in
                    ea) add_below "/opt/cpanel/ea-php$digits/" "the handler ea-php$digits in $folder/.htaccess" ;;
                    *) add_below "/opt/alt/php$digits/" "the handler alt-php$digits in $folder/.htaccess" ;;
                esac
                return
            fi
        fi
        folder=${folder%/*}
    done
}
add_below() {
    local i
    for i in "${!files[@]}"; do [[ ${files[i]} != "$MACHINE_ROOT$1"* ]] || add_pages "${group[i]}" "$2"; done
}
# Apache's own module, which cannot be asked: by its configuration.
find_apache() {
    local file i
    for i in "${!files[@]}"; do
        [ "${places[i]}" = system ] || continue
        file=$MACHINE_ROOT/etc/apache2/mods-enabled/php${versions[i]%.*}.load
        [ ! -e "$file" ] || add_pages "${group[i]}" "Apache's module $file"
        for file in "$MACHINE_ROOT"/etc/httpd/conf.modules.d/*php*.conf; do
            ! grep -qs 'libphp' "$file" || add_pages "${group[i]}" "Apache's module in $file"
        done
    done
}
# Lines with cron.php: of this WHMCS, of its user, or of root. What they name is compared with what was found, never run.
find_crons() {
    local tab line whose path found i sources=()
    cron_php=() cron_where=() cron_line=no
    if [ -n "${CRONTABS:-}" ]; then
        # shellcheck disable=SC2206
        sources=($CRONTABS)
    else
        sources=("$MACHINE_ROOT"/etc/crontab "$MACHINE_ROOT"/etc/cron.d/* "$MACHINE_ROOT"/var/spool/cron/*
            "$MACHINE_ROOT"/var/spool/cron/crontabs/*)
    fi
    for tab in "${sources[@]}"; do
        if [ ! -f "$tab" ] || [ ! -r "$tab" ]; then continue; fi
        path=/usr/bin:/bin
        while IFS= read -r line || [ -n "$line" ]; do
            if [[ $line =~ ^[[:space:]]*PATH[[:space:]]*=[[:space:]]*\"?([^\"]*) ]]; then path=${BASH_REMATCH[1]}; fi
            [[ $line != *([[:space:]])'#'* && $line == *cron.php* ]] || continue
            whose=$(user_of_cron_line "$tab" "$line")
            [ -z "$whose" ] || [ -z "$1" ] || [[ $line == *"$3/"* && -n $3 ]] || [[ " root $1 $2 " == *" $whose "* ]] || continue
            [ -z "$whose" ] || ! is_of_another "$line" "$3" || continue
            cron_line=yes
            found=$(php_of_cron_line "$line")
            [ -n "$found" ] || continue
            i=$(binary_of_name "$found" "$path")
            cron_php+=("$found") cron_where+=("${i:-none}")
            [ -z "$i" ] || add_cron "${group[i]}" "$found in $tab"
        done < <(LC_ALL=C head -c 1000000 -- "$tab" | tr -d '\0')
    done
}
# Empty where it is not known, as in a crontab that was named.
user_of_cron_line() {
    local words
    case $1 in
        "$MACHINE_ROOT"/etc/crontab | "$MACHINE_ROOT"/etc/cron.d/*)
            read -ra words <<<"$2"
            if [[ ${words[0]:-} == @* ]]; then echo "${words[1]:-}"; else echo "${words[5]:-}"; fi ;;
        "$MACHINE_ROOT"/var/spool/cron/*) echo "${1##*/}" ;;
    esac
}
is_of_another() {
    local site
    for site in "${sites[@]}"; do [ "$site" = "$2" ] || [[ $1 != *"$site/"* ]] || return 0; done
    return 1
}
# The last word before cron.php that is called like a PHP.
php_of_cron_line() {
    local words word found=''
    read -ra words <<<"${1//[\"\'\`;&|()=]/ }"
    for word in "${words[@]}"; do
        [[ $word != *cron.php ]] || break
        [[ ! ${word##*/} =~ $PHP_NAME ]] || found=$word
    done
    printf %s "$found"
}
binary_of_name() {
    local folder folders=() file
    if [[ $1 == */* ]]; then
        folders=("${1%/*}")
    else
        IFS=: read -ra folders <<<"$2"
    fi
    for folder in "${folders[@]}"; do
        for file in "$folder/${1##*/}" "$MACHINE_ROOT$folder/${1##*/}"; do
            if [ ! -x "$file" ] || [ -d "$file" ]; then continue; fi
            file=$(realpath -- "$file")
            printf %s "${number[$file]:-}"
            return
        done
    done
}

# Every WHMCS of this machine, as far as it is found in a while.
find_sites() {
    local pattern folder folders=()
    sites=()
    [ -z "$DESTDIR" ] || return 0
    for pattern in "${SITES[@]}"; do
        expand "$pattern"
        for folder in "${matches[@]}"; do [ ! -d "$folder" ] || folders+=("$folder"); done
    done
    [ ${#folders[@]} -gt 0 ] || return 0
    while IFS= read -r -d '' folder; do
        [ ! -f "$folder/init.php" ] || [ ! -d "$folder/modules/servers" ] || sites+=("$folder")
    done < <(timeout 20 find "${folders[@]}" -maxdepth 5 '(' -name vendor -o -name node_modules ')' -prune -o \
        -name configuration.php -type f -printf '%h\0' 2>/dev/null || true)
}

find_used_phps() {
    find_phps
    find_voices
    find_sites
    find_evidence "${state_user%:*}" "$root"
    choose_phps
    stop_on_problems
}
# Fills used, the groups that get the extension, with why[group], and other[group], the reason for each that does not.
choose_phps() {
    local g i file
    used=() why=() other=()
    for file in "${told[@]}"; do
        i=${number[$file]:-}
        if [ -z "$i" ]; then problem "$(printf '%s\n' "${unasked[@]}" | grep -F -- "$file" || echo "$file is no PHP")."; continue; fi
        why[group[i]]='named with PHP='
    done
    stop_on_problems
    if [ ${#why[@]} = 0 ] && [ -n "$DESTDIR" ]; then use_plain_php; fi
    if [ ${#why[@]} = 0 ]; then
        for g in "${!pages[@]}"; do why[g]="pages: ${pages[g]}"; done
        for g in "${!crons[@]}"; do why[g]=${why[g]:+${why[g]}; }"cron: ${crons[g]}"; done
        use_installed
        [ ${#pages[@]} -gt 0 ] || use_likely_for_pages
    fi
    for g in "${!keys[@]}"; do
        if [ -n "${why[g]:-}" ]; then used+=("$g"); else other[g]='nothing says that this WHMCS uses it'; fi
    done
}
use_plain_php() {
    local g
    g=$(group_of_path "$(realpath -- "$(command -v php || echo /)")")
    [ -z "$g" ] || why[g]="plain php is it"
}
# An upgrade goes where the installation is.
use_installed() {
    local i folder
    for i in "${!files[@]}"; do
        folder=${scan_dirs[i]%%:*}
        ! grep -qsxF -D skip -- "; root: $(bare "$root")" "$folder"/*"$NAME.ini" || why[group[i]]=${why[group[i]]:-it has it already}
    done
}
# Nothing shows which PHP runs the pages: the only one, the only one with FPM pools, or a question.
use_likely_for_pages() {
    local g i with_pools=() list=''
    if [ ${#keys[@]} = 1 ]; then why[0]=${why[0]:-the only PHP here}; return; fi
    for i in "${!files[@]}"; do
        [ "${pools_of[i]}" != - ] || continue
        expand "${pools_of[i]%%:*}"
        [ ! -f "${matches[0]:-}" ] || with_pools[group[i]]=yes
    done
    if [ ${#with_pools[@]} = 1 ]; then
        for g in "${!with_pools[@]}"; do why[g]=${why[g]:-the only PHP with FPM pools}; done
        return
    fi
    [ ${#why[@]} = 0 ] || [ "$action" = check ] || return 0
    if [ "$action" = check ]; then
        for i in "${!files[@]}"; do [ -z "${loaded[i]}" ] || why[group[i]]=${why[group[i]]:-it has it}; done
        [ ${#why[@]} -gt 0 ] || use_plain_php
        return
    fi
    for g in "${!keys[@]}"; do list+=" PHP=${files[voice[g]]}"; done
    if [ ${#keys[@]} = 0 ]; then
        problem "no PHP was found: name it with PHP=….${unasked[0]:+ ${unasked[0]}.}"
    else
        problem "nothing says which PHP runs WHMCS's pages: name it, and cron's if that is another, as one or more of$list"
    fi
}

# Fills source[group]: the library for it. A group without one leaves used.
choose_libraries() {
    local g left=() reason
    source=()
    for g in "${!keys[@]}"; do
        if reason=$(library_reason "$g"); then
            source[g]=$reason
        elif [ -n "${why[g]:-}" ]; then
            other[g]="$reason, though ${why[g]}"
            lacking+=("$g")
        else
            other[g]=$reason
        fi
    done
    for g in "${used[@]}"; do [ -z "${source[g]:-}" ] || left+=("$g"); done
    if [ ${#left[@]} = 0 ]; then
        for g in "${used[@]}"; do problem "$(title "$g"): ${other[g]}."; done
        [ ${#used[@]} -gt 0 ] || problem 'no PHP was found: name it with PHP=….'
    fi
    used=("${left[@]}")
}
# The path of its library, or with a failure why there is none.
library_reason() {
    local i build=${keys[$1]%% *} found=$LIBRARY folder answer
    i=${voice[$1]}
    if head -c 4096 -- "${files[i]}" | LC_ALL=C grep -qa '/ld-musl-'; then
        echo 'it is built with musl, and the libraries are for glibc'
        return 1
    fi
    if [ -z "$found" ]; then
        found=$libraries/$build/$ARCHITECTURE/$NAME.so
        if [ ! -f "$found" ]; then
            for folder in "$libraries/$build"/*/; do
                echo "its library is for $(basename -- "$folder"), and this machine is $ARCHITECTURE"
                return 1
            done
            echo "this package has no library for $build"
            return 1
        fi
    fi
    if [ "$(library_architecture "$found")" != "$ARCHITECTURE" ]; then
        echo "$found is for $(library_architecture "$found"), and this machine is $ARCHITECTURE"
        return 1
    fi
    if [ -n "$LIBRARY" ]; then
        answer=$(refusal "$i" "$found")
        # A library for another minor is none for this one.
        if [[ $answer == *'compiled with'* ]]; then echo "it does not take $found: $answer"; return 1; fi
    fi
    echo "$found"
}
# Why a PHP does not load a library, in its own words; nothing where it does. Without ini files, so that only what is
# root's is run.
refusal() {
    local info
    info=$(php_info 0:0 "${files[$1]}" -n -d html_errors=0 -d display_startup_errors=1 -d "extension=$2" | plain)
    ! grep -qx $NAME <<<"$info" || return 0
    info=$(sed -n '/Warning: /,/^phpinfo()/{/^phpinfo()/!p}' <<<"$info" | sed 's/^.*Warning: *//; s/ in Unknown on line 0$//' |
        awk '!seen[$0]++' | tr -s '\n' ' ' | cut -c 1-600)
    info=${info% }
    [[ $info != *'failed to map segment'* ]] || info+='; its folder is on a file system without the right to execute (noexec)'
    printf %s "${info:-it is another extension}"
}
# Every library is tried where it shall be loaded, before anything is changed.
check_libraries() {
    local g answer
    for g in "${used[@]}"; do
        answer=$(refusal "${voice[g]}" "${source[g]}")
        [ -z "$answer" ] || problem "${files[voice[g]]} does not take ${source[g]}: $answer."
    done
}

# ---- Where the files go ----

# Fills libraries_to[group], and ini_files with ini_group. debian[group]: one file in mods-available that phpenmod links for
# each SAPI.
find_targets() {
    local g
    library_to=() ini_files=() ini_group=() debian=()
    [ ${#used[@]} -lt 2 ] || [ -z "${EXTENSION_DIR:-}" ] || problem 'EXTENSION_DIR is for one PHP: name that with PHP=….'
    [ ${#used[@]} -lt 2 ] || [[ ${INI_DIRS:-none} == none ]] || problem 'INI_DIRS is for one PHP: name that with PHP=….'
    for g in "${used[@]}"; do
        library_to[g]=$DESTDIR$(realpath -m -- "${EXTENSION_DIR:-${keys[g]#* }}")/$NAME.so
        [[ ${library_to[g]} =~ $QUOTABLE ]] || problem "${library_to[g]} cannot be named in an ini file: name another place with EXTENSION_DIR=…."
        find_ini_files "$g"
    done
}
find_ini_files() {
    local g=$1 i folder folders=() minor mods separator=' ' before=${#ini_files[@]}
    minor=${versions[voice[g]]%.*}
    mods=$MACHINE_ROOT/etc/php/$minor
    for i in $(members "$g"); do folders+=("${scan_dirs[i]}"); done
    if [ "${INI_DIRS:-}" = none ]; then
        return
    elif [ -n "${INI_DIRS:-}" ]; then
        [[ $INI_DIRS != *:* && ! -d $INI_DIRS ]] || separator=:
        IFS=$separator read -r -a folders <<<"$INI_DIRS"
    elif [ -z "$DESTDIR" ] && [[ ${folders[*]} == *"$mods/"* ]] && [ -x "$SBIN/phpenmod" ]; then
        debian[g]=$minor folders=()
        add_ini "$mods/mods-available/$NAME.ini" "$g"
    fi
    for folder in "${folders[@]}"; do
        folder=${folder%%:*}
        [[ -z $folder || $folder == *'(none)'* ]] || add_ini "$DESTDIR$(realpath -m -- "$folder")/30-$NAME.ini" "$g"
    done
    [ ${#ini_files[@]} -gt "$before" ] || [ ${#problems[@]} -gt 0 ] || problem "${files[voice[g]]} reads no folder of ini files: name one with INI_DIRS=…."
}
# What root reads in an ini file, among it where the backup is, has to be root's.
add_ini() {
    local file strange
    for file in "${ini_files[@]}"; do [ "$file" != "$1" ] || return 0; done
    strange=$([ "$me" != 0 ] || strangers "$1")
    if [ -n "$strange" ]; then
        [ "$action" = uninstall ] || problem "others than root may write to $strange: name another place with INI_DIRS=…."
        return
    fi
    ini_files+=("$1") ini_group+=("$2")
}

# The manifest has one "key value" a line; paths in it and in the ini file are without DESTDIR.
bare() { printf %s "${1#"$DESTDIR"}"; }
record() { grep -qsxF -- "$*" "$backup/manifest" || printf '%s\n' "$*" >>"$backup/manifest"; }
recorded() { sed -n "s/^$1 //p" "${2:-$backup}/manifest"; }
# The backups that ini files name, each with its WHMCS: lines "; root: …" and "; backup: …".
marked_backups() { { cat -- "${ini_files[@]}" 2>/dev/null || true; } | sed -n 's/^; backup: //p' | sort -u; }
# Another WHMCS may have been installed within the same second.
free_name() { local n='' name=$1; while exists "$name"; do n=$((${n:-1} + 1)) name=$1-$n; done; printf %s "$name"; }
is_backup() { [ -f "$1/manifest" ] && grep -qxF -- "root $(bare "$root")" "$1/manifest"; }
# Fills backup, of the installation that is in force for this WHMCS, and shared, those of others with files of ours.
find_backups() {
    local folder candidates=() path strange
    backup='' shared=()
    candidates=("$backups"/*/)
    while IFS= read -r folder; do candidates+=("$DESTDIR$folder"); done < <(marked_backups)
    [ -z "$BACKUP_DIR" ] || candidates+=("$BACKUP_DIR")
    for folder in "${candidates[@]}"; do
        folder=${folder%/}
        # What is read there decides what root removes.
        strange=$([ "$me" != 0 ] || strangers "$folder/manifest")
        if [ -n "$strange" ]; then
            ! is_backup "$folder" || problem "others than root may write to $strange, and it is the backup: name another place with BACKUP_DIR=…."
            continue
        fi
        if is_backup "$folder"; then
            backup=$folder
        elif [ -f "$folder/manifest" ] && [ -f "$DESTDIR$(recorded root "$folder")/init.php" ]; then
            [[ " ${shared[*]} " == *" $folder "* ]] || shared+=("$folder")
        fi
    done
    # Only those that have a file in common.
    candidates=("${shared[@]}") shared=()
    for folder in "${candidates[@]}"; do
        while IFS= read -r path; do
            if is_ours "$DESTDIR$path"; then shared+=("$folder"); break; fi
        done < <(recorded 'file-[a-z]*' "$folder")
    done
}
is_ours() {
    local file
    for file in "${library_to[@]}" "${ini_files[@]}"; do [ "$file" != "$1" ] || return 0; done
    [ -n "$backup" ] && recorded 'file-[a-z]*' | grep -qxF -- "$(bare "$1")"
}
shared_by() {
    local folder
    for folder in "${shared[@]}"; do ! recorded 'file-[a-z]*' "$folder" | grep -qxF -- "$1" || return 0; done
    return 1
}

# Fills state_dir, where there is one to name. What the ini files name already stays.
find_state_dir() {
    local user=${state_user%:*} home now i
    state_dir=${STATE_DIR:-$({ cat -- "${ini_files[@]}" 2>/dev/null || true; } |
        sed -n "s/^ *$NAME\.state_dir *= *\"\{0,1\}\([^\";]*\).*/\1/p" | sed -n '$s/ *$//p')}
    if [ -z "$state_dir" ] && [ -z "$DESTDIR" ] && [ ${#used[@]} -gt 0 ]; then
        # Named elsewhere: in php.ini, which a file of ours would overrule. Defaults are named after the user's number.
        i=${voice[used[0]]}
        now=${states[i]%%, not usable: *}
        # The user can make his PHP say anything: root makes no directory because of it.
        [[ -z $now || $now == */${NAME}[-/][0-9]* || $(stat -c %u -- "$now" 2>/dev/null) != "${user:-none}" ]] || state_dir=$now
    fi
    find_shared_state_dir
    if [ -z "$state_dir" ] && [ -z "$DESTDIR" ] && [ -n "$user" ]; then
        home=$(getent passwd "$user" | cut -d: -f6 || true)
        home=${home:+$(realpath -m -- "$home")}
        # A home that is itself a web folder would show it to the world.
        if [ $one_for_each = no ] && [[ -n $home && $root == "$home"/* && $(stat -c %u -- "$home") = "$user" ]] &&
            ! compgen -G "$home/index.*" >/dev/null && [[ $home != /var/www* ]]; then
            state_dir=$home/.$NAME
        elif [ "$me" = 0 ]; then
            state_dir=$MACHINE_ROOT/var/lib/$NAME/$user
        fi
    fi
    [ -n "$state_dir" ] || return 0
    [ -n "$DESTDIR$user" ] || problem "whose $state_dir shall be is not known: name the user WHMCS runs as with WHMCS_USER=…."
    if [[ ! $state_dir =~ $QUOTABLE || $(realpath -m -- "$state_dir")/ == "$root"/* ]]; then
        problem "STATE_DIR must be a full path outside $root, without quotes: not $state_dir."
        return
    fi
    [ -z "$DESTDIR" ] && [ -n "$user" ] && ! state_user_can_make || return 0
    need_writable "$state_dir" STATE_DIR
}
# Where users share a PHP an ini file can name no directory for both: each has the default of his number, and the ini
# file names none.
find_shared_state_dir() {
    local folder theirs made
    one_for_each=no
    for folder in "${shared[@]}"; do
        theirs=$(user_of_backup "$folder")
        if [ -z "$theirs" ] || [ "$theirs" = "${state_user%:*}" ]; then continue; fi
        [ -z "${STATE_DIR:-}" ] || problem "users share this PHP, so one STATE_DIR cannot be for all: leave it out."
        one_for_each=yes
        for made in $(recorded state-made "$folder" | tr ' ' '?'); do
            # Nothing waits there, or it would be forgotten.
            ! compgen -G "$made/license-*" >/dev/null ||
                problem "a license waits in $made for $(recorded root "$folder"): let its daily cron store it first."
        done
    done
    [ $one_for_each = no ] || state_dir=''
}
user_of_backup() { recorded user "$1" | sed -n '/^[0-9]\{1,\}$/p' | tail -n 1; }
state_user_can_make() {
    local path=$state_dir
    path=$(existing "$path")
    [ "$path" = "$state_dir" ] || as "$state_user" test -w "$path"
}

# Nothing of another user's in the way, and nothing that the owner may not replace.
need_replaceable() {
    local folder target=$root/modules/$1 strange
    folder=$(existing "$root/modules/${1%/*}")
    as "$owner" test -w "$folder" || problem "$folder is not writable for its owner (user ${owner%:*}): correct that, or run this as root."
    [ -d "$target" ] && [ ! -L "$target" ] || return 0
    strange=$(as "$owner" find "$target" '(' -type d ! -writable -o ! -type l ! -readable ')' -print -quit 2>&1 || true)
    [ -z "$strange" ] || problem "$strange is not the user ${owner%:*}'s to replace: chown -hR ${owner%:*} $target."
}
check_places() {
    local path file
    [[ $backup/ != "$root"/* ]] || problem "the backup must be outside $root, which is a web folder: not $backup."
    is_backup "$backup" || [ -z "$(ls -A -- "$backup" 2>/dev/null)" ] ||
        problem "$backup is not empty: name a new folder with BACKUP_DIR=…."
    need_writable "$backup" BACKUP_DIR
    for path in "${ini_files[@]}"; do need_writable "${path%/*}" INI_DIRS; done
    for path in "${library_to[@]}"; do need_writable "${path%/*}" EXTENSION_DIR; done
    if [ "$me" = 0 ]; then
        need_writable "${KEEP_DIR%/*}" KEEP_DIR
        # It is replaced as a whole.
        [ -f "$KEEP_DIR/install.sh" ] && [ -f "$KEEP_DIR/SHA256SUMS" ] || [ -z "$(ls -A -- "$KEEP_DIR" 2>/dev/null)" ] ||
            problem "$KEEP_DIR is not empty, and no package of this kind: name another place with KEEP_DIR=…."
    fi
    for path in "${modules[@]}"; do need_replaceable "$path"; done
    for path in "${library_to[@]}" "${ini_files[@]}"; do
        file=$(existing "${path%/*}")
        [ -d "$file" ] || problem "$file is no folder, so $path cannot be written."
    done
}
# All that will be written, for each file system: what is there is replaced only after the new is complete.
check_space() {
    local g free where folder wanted
    declare -A need=()
    for g in "${used[@]}"; do
        count_space "${library_to[g]%/*}" "${source[g]}"
        count_space "$KEEP_DIR" "${source[g]}"
    done
    count_space "$KEEP_DIR" "${libraries:-$MODULES_DIR}"
    count_space "$root/modules/servers" "$MODULES_DIR"
    count_space "$backup" "$MODULES_DIR"
    for folder in "${modules[@]}"; do count_space "$backup" "$root/modules/$folder"; done
    for where in "${!need[@]}"; do
        wanted=$((${need[$where]} + 1024))
        free=$(df -Pk -- "$where" | awk 'NR == 2 { print $4 }')
        [[ ! $free =~ ^[0-9]+$ ]] || [ "$free" -ge $wanted ] ||
            problem "the file system of $where has $((free / 1024)) MB free, and $((wanted / 1024 + 1)) MB are needed."
    done
}
count_space() {
    local path=$1 where size
    exists "$2" || return 0
    path=$(existing "$path")
    where=$(df -Pk -- "$path" 2>/dev/null | sed -n '2s/^.*% //p')
    size=$(du -sk -- "$2" 2>/dev/null | cut -f1)
    [[ -z $where || ! $size =~ ^[0-9]+$ ]] || need[$where]=$((${need[$where]:-0} + size))
}
# With the extension loaded, a WHMCS that still has the PHP modules would end with "Cannot redeclare".
check_other_sites() {
    local site named module user g reached of_user
    if [ -n "$DESTDIR" ] || [ "${INI_DIRS:-}" = none ]; then return; fi
    for site in "${sites[@]}"; do
        [ "$site" != "$root" ] || continue
        for named in "${roots[@]}"; do [ "$site" != "$(realpath -m -- "$named")" ] || continue 2; done
        module=$(php_module_of "$site")
        [ -n "$module" ] || continue
        user=$(stat -c %u -- "$site/configuration.php" 2>/dev/null || echo '')
        of_user=$(find_evidence "$user" "$site"; echo "${!pages[*]} ${!crons[*]}")
        reached=yes
        if [ "$of_user" != ' ' ]; then
            reached=no
            for g in "${used[@]}"; do [[ " $of_user " != *" $g "* ]] || reached=yes; done
        fi
        [ $reached = no ] ||
            problem "$site has the PHP module $module and the same PHP, and its pages would end with \"Cannot redeclare\": name it" \
                "too, as another WHMCS_ROOT=…, or load the extension for one pool only (INI_DIRS=none, docs/install.md)."
    done
}
php_module_of() {
    local module file user
    for module in "${modules[@]}"; do
        file=$1/modules/$module/${module##*/}.php
        [ -f "$file" ] || continue
        user=$(stat -c %u:%g -- "${file%/*}")
        if as "$user" timeout 5 head -c 262144 -- "$file" 2>/dev/null |
            LC_ALL=C grep -qaiE "^[[:space:]]*function[[:space:]]+${module##*/}_CreateAccount"; then
            echo "$module"
            return
        fi
    done
}

# ---- Copies: everything is prepared beside its place first, then renamed ----

# Not cp -a: a SELinux label belongs to the place, not to the file.
copy() {
    mkdir -p -- "${2%/*}"
    cp -dRT --preserve=mode,ownership,timestamps,links -- "$1" "$2"
}
# Copies what is below the WHMCS root to $3 in the folder $2 of the backup, which is the owner's for that. He has no way
# there: the backup itself is private.
fetch() {
    mkdir -p -- "$2"
    if [ "$me" = 0 ]; then chown -h "$owner" -- "$2"; fi
    [[ $3 != */* ]] || as_in "$2" "$owner" mkdir -p -- "${3%/*}"
    as_in "$2" "$owner" cp -dRT --preserve=mode,timestamps,links -- "$1" "$3"
}
# What is below the folder $2, with the rights of $1: "sum  ./name" of each file, and of what is none a sum that no file has.
# What never ends is ended.
listing() {
    # shellcheck disable=SC2016 # Of the shell that is started.
    as_in "$2" "$1" timeout -k 2 120 sh -c 'find . -type f -exec sha256sum -z -- {} + && find . ! -type d ! -type f -printf "$1  %p\0"' \
        sh "$(printf %064d 0)"
}
# Names of the owner's files in the folder $1 that are the same in none of root's after it.
changed_files() {
    local folder=$1 like; shift
    listing "$owner" "$folder" | LC_ALL=C sort -z |
        LC_ALL=C comm -z -23 - <(for like in "$@"; do [ ! -d "$like" ] || listing 0:0 "$like"; done | LC_ALL=C sort -zu) | cut -z -c 69-
}
kept() { say Kept "$1, which was changed here, as $backup/changed/$NOW/$2"; }
# Compared with what was installed: that is the host's own work. What a run that was killed between two renames has left is not.
keep_changed_files() {
    local target=$root/modules/$1 installed=$backup/installed/$1 file
    [ -d "$installed" ] && exists "$target" || return 0
    if [ -L "$target" ] || [ ! -d "$target" ]; then
        fetch "$target" "$backup/changed/$NOW" "$1"
        kept "$target" "$1"
        return
    fi
    changed_files "$target" "$installed" "$backup/coming/$1" | while IFS= read -r -d '' file; do
        [[ $file != "$OVERRIDES"/* ]] || continue
        fetch "$target/$file" "$backup/changed/$NOW" "$1/$file"
        kept "$target/$file" "$1/$file"
    done
}
# What was there before the first installation; a later one finds it recorded and leaves it alone.
back_up() {
    local kind=$1 path=$2 original=$3 copy=$backup/replaced/$1/$2
    ! recorded "$kind-[a-z]*" | grep -qxF -- "$path" || return 0
    if [ "$kind" = file ] && shared_by "$path"; then
        record "file-shared $path"
    elif exists "$original"; then
        if [ "$kind" = module ]; then
            rm -rf -- "$copy"
            fetch "$original" "${copy%/*}" "${copy##*/}"
            as_in "${copy%/*}" "$owner" diff -rq --no-dereference -- "$original" "${copy##*/}" >/dev/null
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

# A new file beside its target, as stage[target], which is empty once it is placed: unset would run what is a command in a path.
stage_file() {
    local new
    mkdir -p -- "${2%/*}"
    new=$(mktemp -- "${2%/*}/.$NAME.XXXXXXXXXX")
    stage[$2]=$new
    install -T -m 0644 -- "$1" "$new"
}
# A rename, because processes that run have the former library mapped.
place_staged() {
    mv -T -- "${stage[$1]}" "$1"
    stage[$1]=''
    label "$1"
    say Placed "$1"
}
put() { stage_file "$1" "$2"; place_staged "$2"; }
label() { ! selinux || [ ! -x "$SBIN/restorecon" ] || "$SBIN/restorecon" "$1" || true; }
selinux() { [ -x "$SBIN/selinuxenabled" ] && "$SBIN/selinuxenabled"; }

# A folder beside the module, of its owner, with the copy as new. The copy comes from the current folder, because the owner
# has no way through the backup. No name is one that he could foresee.
stage_module() {
    local source=$1 target=$2 place
    as "$owner" mkdir -p -- "${target%/*}"
    place=$(as "$owner" mktemp -d -- "${target%/*}/.$NAME.XXXXXXXXXX")
    stage[$target]=$place
    exists "$source" || return 0
    if [ "$me" = 0 ]; then chown -hR -- "$owner" "${source%/*}"; fi
    as_in "${source%/*}" "$owner" cp -dRT --preserve=mode,timestamps,links -- "${source##*/}" "$place/new"
}
# The host's own texts, which come along into the new folder of the module. A copy is in the backup until the end, for the run after one
# that was killed between two renames.
keep_overrides() {
    local target=$root/modules/$1 place=${stage[$root/modules/$1]} copy=$backup/overrides/$1
    if exists "$target"; then
        rm -rf -- "${copy:?}"
        ! as "$owner" test -d "$target/$OVERRIDES" || fetch "$target/$OVERRIDES" "${copy%/*}" "${copy##*/}"
    fi
    exists "$copy" || return 0
    as "$owner" rm -rf -- "$place/new/$OVERRIDES"
    as "$owner" mkdir -p -- "$place/new/${OVERRIDES%/*}"
    as_in "${copy%/*}" "$owner" cp -dRT --preserve=mode,timestamps,links -- "${copy##*/}" "$place/new/$OVERRIDES"
}
# A request finds the old folder or the new one or, between two renames, none; never a mix.
swap_in() {
    local target=$1 place=${stage[$1]}
    if exists "$target"; then as "$owner" mv -T -- "$target" "$place/old"; fi
    if exists "$place/new"; then as "$owner" mv -T -- "$place/new" "$target"; fi
    stage[$target]=''
    as "$owner" rm -rf -- "$place"
}
# What a run that was killed has left beside the places, in root's folders and in the owner's.
sweep_leftovers() {
    local path folder recorded_files=()
    for path in "${modules[@]}"; do
        folder=$root/modules/${path%/*}
        [ -d "$folder" ] || continue
        as "$owner" find "$folder" -maxdepth 1 -name ".$NAME.??????????" -exec rm -rf -- {} +
    done
    while IFS= read -r path; do recorded_files+=("$DESTDIR$path"); done < <(recorded 'file-[a-z]*')
    for path in "${recorded_files[@]}" "${library_to[@]}" "${ini_files[@]}" "$KEEP_DIR"; do
        folder=${path%/*}
        if [ ! -w "$folder" ] || { [ "$me" = 0 ] && [ -n "$(strangers "$folder")" ]; }; then continue; fi
        find "$folder" -maxdepth 1 -name ".$NAME.??????????" -exec rm -rf -- {} +
    done
}
drop_stages() {
    local target
    for target in "${!stage[@]}"; do
        [ -n "${stage[$target]}" ] || continue
        case $target in
            "$root"/*) as "$owner" rm -rf -- "${stage[$target]}" ;;
            *) rm -rf -- "${stage[$target]}" ;;
        esac
    done
    if [ $new_backup = yes ]; then rm -rf -- "${backup:?}"; rmdir -- "$backups" 2>/dev/null || true; fi
}

# The package stays on the machine, so that one command installs into another PHP, and takes everything out again.
stage_package() {
    local new g i
    if [ "$me" != 0 ] || [ "$HERE" = "$KEEP_DIR" ]; then return; fi
    mkdir -p -- "${KEEP_DIR%/*}"
    new=$(mktemp -d -- "${KEEP_DIR%/*}/.$NAME.XXXXXXXXXX")
    stage[$KEEP_DIR]=$new
    if [ -f "$HERE/SHA256SUMS" ] && [ -z "$LIBRARY" ] && [ "$MODULES_DIR" = "$HERE/modules" ]; then
        cp -dRT --preserve=mode,timestamps -- "$HERE" "$new/new"
    else
        mkdir -p -- "$new/new"
        cp -- "$HERE/install.sh" "$new/new/"
        cp -dR -- "$MODULES_DIR" "$new/new/modules"
        printf '%s\n' "$version" >"$new/new/VERSION"
        [ -z "$libraries" ] || [ -n "$LIBRARY" ] || cp -dR -- "$libraries" "$new/new/lib"
        for g in "${used[@]}"; do
            i=$new/new/lib/${keys[g]%% *}/$ARCHITECTURE
            mkdir -p -- "$i"
            cp -- "${source[g]}" "$i/$NAME.so"
        done
        (cd -- "$new/new" && find . -type f -printf '%P\0' | LC_ALL=C sort -z | xargs -0 sha256sum --) >"$new/sums"
        mv -T -- "$new/sums" "$new/new/SHA256SUMS"
    fi
    chown -hR 0:0 -- "$new/new"
    chmod -R go-w,a+rX -- "$new" "$new/new"
}
keep_package() {
    local place=${stage[$KEEP_DIR]:-}
    [ -n "$place" ] || return 0
    record "kept $(bare "$KEEP_DIR")"
    if exists "$KEEP_DIR"; then mv -T -- "$KEEP_DIR" "$place/old"; fi
    mv -T -- "$place/new" "$KEEP_DIR"
    stage[$KEEP_DIR]=''
    rm -rf -- "$place"
    [ -z "$DESTDIR" ] || return 0
    say Kept "this package in $KEEP_DIR: from there it is installed into another PHP, and taken out"
}

# ---- The private directory ----

make_state_dir() {
    if [ -z "$state_dir" ]; then
        say Note 'no private directory was made for licenses that cannot be stored: name one with STATE_DIR=… and WHMCS_USER=…'
        return
    fi
    [ -z "$DESTDIR" ] && [ -n "$state_user" ] || return 0
    if ! exists "$state_dir"; then
        record "state-made $state_dir"
        if state_user_can_make; then
            as "$state_user" mkdir -p -m 0700 -- "$state_dir"
        else
            mkdir -p -- "${state_dir%/*}"
            mkdir -m 0700 -- "$state_dir"
        fi
        say Made "$state_dir, private to the user ${state_user%:*}"
    fi
    # Of a run that was killed: it is empty and root's.
    if [ "$me" = 0 ] && recorded state-made | grep -qxF -- "$state_dir" && [ ! -L "$state_dir" ] &&
        [ "$(stat -c %u -- "$state_dir")" = 0 ] && ! state_dir_below_user; then
        chown -h -- "$state_user" "$state_dir"
    fi
    make_others_state_dirs
    if selinux; then
        say Note "SELinux: semanage fcontext -a -t httpd_sys_rw_content_t '$state_dir(/.*)?' && restorecon -R '$state_dir'"
    fi
}
# Where the ini file names none any more, the other users need the default of their numbers.
make_others_state_dirs() {
    local folder user place
    if [ $one_for_each = no ] || [ "$me" != 0 ]; then return; fi
    for folder in "${shared[@]}"; do
        user=$(user_of_backup "$folder")
        place=$MACHINE_ROOT/var/lib/$NAME/$user
        if [ -z "$user" ] || exists "$place"; then continue; fi
        printf 'state-made %s\n' "$place" >>"$folder/manifest"
        mkdir -p -- "${place%/*}"
        mkdir -m 0700 -- "$place"
        chown -h -- "$user:$(id -g -- "$user" 2>/dev/null || echo "$user")" "$place"
        say Made "$place, private to the user $user"
    done
}
state_dir_below_user() { [ -n "$(strangers "${state_dir%/*}")" ]; }
# What may be lost, with its owner's rights; a license that waits there stays.
take_out_state_dir() {
    local user
    [ -n "$1" ] && [ -d "$1" ] && [ ! -L "$1" ] || return 0
    user=$(stat -c %u:%g -- "$1")
    # In a folder of his a user can have put one of root's there.
    [ "${user%:*}" != 0 ] || [ -z "$(strangers "${1%/*}")" ] || user=${state_user:-65534:65534}
    as "$user" rm -f -- "$1"/mark "$1"/down-*
    if as "$user" rmdir -- "$1" 2>/dev/null || { [ -z "$(strangers "${1%/*}")" ] && rmdir -- "$1" 2>/dev/null; }; then
        say Removed "$1"
    else
        say Kept "$1, which holds licenses that were not stored or files of others"
    fi
}

# ---- The ini files ----

# Settings that the host has added to the file stay, and the marks of another WHMCS.
write_ini() {
    local file=$1 g=$2 text='; priority=30' line=extension=$NAME.so i
    i=${voice[g]}
    [ "$(bare "${library_to[g]%/*}")" = "${extension_dirs[i]}" ] || line="extension=\"${library_to[g]#"$DESTDIR"}\""
    if [ -f "$file" ]; then
        text=$(ours="; root: $(bare "$root")" awk -v name=$NAME '
            $0 == ENVIRON["ours"] { skip = 1; next }
            skip && /^; backup: / { skip = 0; next }
            { skip = 0 }
            $0 ~ "^ *extension *=.*" name || $0 ~ "^ *" name "\\.state_dir *=" { next }
            { print }' "$file")
    fi
    if [ -n "$state_dir" ] && [ $one_for_each = no ]; then
        line+=$'\n'$NAME.state_dir=\"$state_dir\"
        record "state $state_dir"
    fi
    printf '%s\n' "${text:-; priority=30}" "$line" "; root: $(bare "$root")" "; backup: $(bare "$backup")"
}
place_ini() {
    write_ini "$1" "$2" >"$backup/ini"
    cmp -s -- "$backup/ini" "$1" || put "$backup/ini" "$1"
    rm -f -- "$backup/ini"
}
enable() {
    local minor=$1 sapi
    for sapi in $("$SBIN/phpquery" -S -v "$minor"); do
        "$SBIN/phpquery" -q -v "$minor" -s "$sapi" -m $NAME || record "enabled $minor $sapi"
        "$SBIN/phpenmod" -v "$minor" -s "$sapi" $NAME
        say Enabled "for $sapi of PHP $minor"
    done
}

# ---- install ----

# Several that share a PHP: all of them are checked, then the module files of all of them go first, then the extension.
do_several() {
    local step named
    [ -z "$BACKUP_DIR${STATE_DIR:-}" ] || problem 'BACKUP_DIR and STATE_DIR are for one WHMCS: leave them out.'
    stop_on_problems
    for named in "${roots[@]}"; do run_for "$named" --dry-run; done
    [ $dry_run = no ] || return 0
    ask_whether_to_go_on
    for step in --files-only --yes; do
        for named in "${roots[@]}"; do run_for "$named" "$step"; done
    done
}
run_for() {
    local others named code=0
    others=("WHMCS_ROOT=$1")
    for named in "${roots[@]}"; do [ "$named" = "$1" ] || others+=("WHMCS_ROOT=$named"); done
    for named in "${given[@]}"; do [[ $named == WHMCS_ROOT=* ]] || others+=("$named"); done
    say 'For' "$1 (${2#--})"
    "$HERE/install.sh" "$action" "$2" --yes --of-several "${others[@]}" || code=$?
    [ $code != 1 ] || exit 1
    [ $code = 0 ] || missing=yes
}

prepare_install() {
    find_package
    stop_on_problems
    check_root
    find_used_phps
    choose_libraries
    stop_on_problems
    find_targets
    find_backups
    if [ "$action" = upgrade ] && [ -z "$backup" ]; then problem "no installation for $root is known: use install."; fi
    earlier=$backup
    backup=${backup:-${BACKUP_DIR:-$(free_name "$backups/$NOW")}}
    check_libraries
    check_places
    check_other_sites
    find_state_dir
    check_space
    stop_on_problems
}
# What was found and what is done with it.
say_plan() {
    local g from i line
    if [ -n "$earlier" ]; then
        say Found "an earlier installation: $backup stays what uninstall goes back to"
        from=$(recorded version | tail -n 1)
        i=${voice[used[0]]}
        from=${from:-${loaded[i]}}
        [ -z "$from" ] || say Upgrade "from version $from to $version"
    fi
    for g in "${used[@]}"; do
        say Checked "${source[g]} loads in $(title "$g")"
        say '' "${keys[g]%% *}; ${why[g]}"
    done
    say Checked "$root is WHMCS, of the user ${state_user:-that is not known}"
    for g in "${!other[@]}"; do say 'Left out' "$(title "$g"): ${other[g]}${loaded[voice[g]]:+; it has it already}"; done
    for line in "${unasked[@]}"; do say 'Left out' "$line"; done
    [ ${#pages[@]} -gt 0 ] || [ ${#told[@]} -gt 0 ] || [ ${#keys[@]} = 1 ] ||
        say Note 'nothing says for certain which PHP runs the pages: name another with PHP=…'
}
say_what_would_be_done() {
    local item
    for item in "${modules[@]}"; do say Would "replace $root/modules/$item"; done
    for item in "${library_to[@]}" "${ini_files[@]}"; do say Would "write $item"; done
    [ -z "$state_dir" ] || exists "$state_dir" || say Would "make $state_dir"
    say Nothing 'was changed'
}
ask_whether_to_go_on() {
    local answer
    if [ $yes = yes ] || ! [ -t 0 ]; then return; fi
    read -r -p 'Go on? [y/N] ' answer || answer=''
    [[ $answer == [yY]* ]] || { say Nothing 'was changed'; exit 1; }
}

do_upgrade() { do_install; }
do_install() {
    local item g
    if [ ${#roots[@]} -gt 1 ] && [ $of_several = no ]; then do_several; end; fi
    if [ -z "$DESTDIR" ] && [ $dry_run = no ] && [ -d "$root/modules/servers" ]; then take_lock; fi
    prepare_install
    say_plan
    if [ $dry_run = yes ]; then say_what_would_be_done; return; fi
    ask_whether_to_go_on
    exists "$backup/manifest" || exists "$backup" || new_backup=yes
    (umask 077 && mkdir -p -- "$backup")
    # Somebody else may have been first.
    need_writable "$backup" BACKUP_DIR
    stop_on_problems
    changing=prepared
    prepare_files
    changing=yes
    # With the extension loaded, a PHP file that declares the same functions ends every page: files go first.
    for item in "${modules[@]}"; do place_module "$item"; done
    if [ $files_only = yes ]; then changing=no; return; fi
    keep_package
    for g in "${used[@]}"; do place_staged "${library_to[g]}"; done
    make_state_dir
    for g in "${!ini_files[@]}"; do place_ini "${ini_files[g]}" "${ini_group[g]}"; done
    for g in "${debian[@]}"; do enable "$g"; done
    if [ $one_for_each = yes ]; then say Note 'users share this PHP: each has a private directory of his own, which no ini file names'; fi
    record "version $version"
    changing=no
    say_pool
    [ ${#ini_files[@]} = 0 ] || say Note 'every site of these PHPs loads it: no WHMCS here may keep the PHP modules'
    say Note 'save the Module Settings of one product of each module: WHMCS notices its daily job (hooks.php) only then'
    say_cagefs
    say_reload 'web pages load it after'
    for g in "${!files[@]}"; do [[ " ${used[*]} " != *" ${group[g]} "* ]] || ask_again "$g"; done
    say_check
}
# Copies and backups; nothing that is in use is touched.
prepare_files() {
    local item g
    # In one write: a manifest without it is nobody's.
    record "root $(bare "$root")"
    [ -z "$state_user" ] || record "user ${state_user%:*}"
    sweep_leftovers
    for item in "${modules[@]}"; do
        back_up module "$item" "$root/modules/$item"
        keep_changed_files "$item"
        rm -rf -- "$backup/coming/$item"
        copy "$MODULES_DIR/$item" "$backup/coming/$item"
        chmod -R a-x,u=rwX,go=rX -- "$backup/coming/$item"
        stage_module "$backup/coming/$item" "$root/modules/$item"
        keep_overrides "$item"
    done
    [ $files_only = no ] || return 0
    for item in "${library_to[@]}" "${ini_files[@]}"; do back_up file "$(bare "$item")" "$item"; done
    for g in "${used[@]}"; do stage_file "${source[g]}" "${library_to[g]}"; done
    stage_package
}
place_module() {
    local installed=$backup/installed/$1
    swap_in "$root/modules/$1"
    rm -rf -- "${installed:?}"
    mkdir -p -- "${installed%/*}"
    mv -T -- "$backup/coming/$1" "$installed"
    say Placed "$root/modules/$1"
}
say_pool() {
    local g
    [ "${INI_DIRS:-}" = none ] || return 0
    for g in "${used[@]}"; do
        # FPM applies the last line of a pool first, and a setting is known only when the extension is there.
        [ -z "$state_dir" ] || say Pool "php_admin_value[$NAME.state_dir] = $state_dir"
        say Pool "php_admin_value[extension] = ${library_to[g]}, as the last such line, in the pool of PHP ${versions[voice[g]]%.*}"
        say Cron "${files[voice[g]]} -d extension=${library_to[g]}${state_dir:+ -d $NAME.state_dir=$state_dir} …/crons/cron.php"
    done
}
say_cagefs() {
    local g minor
    [ -z "$DESTDIR" ] || return 0
    exists "$SBIN/cagefsctl" || return 0
    say CageFS 'cagefsctl --force-update: users see the library only after it'
    for g in "${used[@]}"; do
        minor=${versions[voice[g]]%.*}
        [[ ${files[voice[g]]} != "$MACHINE_ROOT/opt/alt/"* ]] ||
            say CageFS "users of the PHP Selector with PHP $minor: docs/install.md says how it is switched on for them"
    done
    [[ $state_dir != "$MACHINE_ROOT/var/lib/"* ]] ||
        say CageFS "$state_dir is outside of a cage: add the line $MACHINE_ROOT/var/lib/$NAME to /etc/cagefs/cagefs.mp, then cagefsctl --remount-all"
}
say_reload() {
    local i php unit lsphp=no
    [ -z "$DESTDIR" ] || return 0
    for i in "${!files[@]}"; do
        [[ " ${used[*]} " == *" ${group[i]} "* ]] || continue
        php=${files[i]}
        case ${sapis[i]} in
            FPM/*)
                unit=$(grep -lsF -- "ExecStart=$php " "$MACHINE_ROOT"/{etc,lib,usr/lib}/systemd/system/*.service | sed -n '1{s|.*/||;p}' || true)
                say Reload "$1: ${unit:+systemctl reload }${unit:-kill -USR2 with the number of the master process of $php}" ;;
            LiteSpeed*)
                [ $lsphp = no ] || continue
                lsphp=yes
                if [ -d "$MACHINE_ROOT/usr/local/lsws" ]; then
                    say Reload "$1: touch $MACHINE_ROOT/usr/local/lsws/admin/tmp/.lsphp_restart.txt, which ends the processes of lsphp"
                else
                    say Reload "$1: end the processes of lsphp (killall lsphp), or systemctl reload httpd"
                fi ;;
        esac
        if [ -d "$MACHINE_ROOT/etc/php/${versions[i]%.*}/apache2" ] && [ "${sapis[i]}" = 'Command Line Interface' ]; then
            say Reload "$1: systemctl reload apache2"
        fi
    done
    expand '/usr/lib*/httpd/modules/libphp*'
    if [ ${#matches[@]} -gt 0 ]; then say Reload "$1: systemctl reload httpd"; fi
}

# ---- uninstall ----

do_uninstall() {
    local item minor sapi left
    if [ -z "$DESTDIR" ] && [ $dry_run = no ] && { [ "$me" = 0 ] || [ -d "$root/modules/servers" ]; }; then take_lock; fi
    whmcs_is_gone || check_root
    find_phps
    find_voices
    sites=()
    find_evidence "${state_user%:*}" "$root"
    find_installed_targets
    find_backups
    [ -n "$backup" ] || problem "no installation for $root is known; if its backup is elsewhere, name BACKUP_DIR=…."
    stop_on_problems
    check_uninstall
    stop_on_problems
    if [ $gone = no ]; then ask_doctor jobs.deletions; else say Note "$root has no modules folder: only what is outside of it is taken out"; fi
    stop_on_problems
    if [ $dry_run = yes ]; then
        recorded '[a-z]*-[a-z]*' | while IFS= read -r item; do
            [[ $gone = yes && $item != /* ]] || say Would "take out or put back $item"
        done
        return
    fi
    ask_whether_to_go_on
    changing=yes
    sweep_leftovers
    if [ ${#shared[@]} = 0 ]; then
        recorded enabled | while read -r minor sapi; do
            [ -f "$MACHINE_ROOT/etc/php/$minor/mods-available/$NAME.ini" ] || continue
            "$SBIN/phpdismod" -p -v "$minor" -s "$sapi" $NAME
            say Disabled "for $sapi of PHP $minor"
        done
    fi
    for item in ini so; do
        recorded 'file-[a-z]*' | sed -n "/\.$item\$/p" | while IFS= read -r left; do take_out_file "$left"; done
    done
    if [ $gone = no ]; then
        wait_for_processes
        recorded 'module-[a-z]*' | while IFS= read -r item; do take_out_module "$item"; done
    fi
    recorded state-made | while IFS= read -r item; do take_out_state_dir "$item"; done
    [ -n "$DESTDIR" ] || rmdir -- "$MACHINE_ROOT/var/lib/$NAME" 2>/dev/null || true
    take_out_package
    close_backup
    changing=no
    say Untouched 'the database: the license table stays, and the PHP module goes on with it'
    say_reload 'running processes let go of it after'
}
# Fills gone: whether WHMCS has been moved or deleted while its PHPs still have the extension. Whose it was stands in the backup.
whmcs_is_gone() {
    local user=''
    gone=no
    [ -n "$root" ] && ! exists "$root/modules" && [[ ! $root =~ [[:cntrl:]] ]] || return 1
    ini_files=()
    find_backups
    [ -n "$backup" ] || return 1
    gone=yes
    if [ "$me" != 0 ]; then
        state_user=$owner
    else
        user=$(user_of_backup "$backup")
        state_user=${user:+$user:$(id -g -- "$user" 2>/dev/null || echo "$user")}
    fi
}
# What this installation has written, whatever WHMCS uses by now: all PHPs with an ini file of ours.
find_installed_targets() {
    local i folder
    used=() library_to=() ini_files=() ini_group=() debian=()
    for i in "${!files[@]}"; do
        folder=${scan_dirs[i]%%:*}
        ! grep -qsxF -D skip -- "; root: $(bare "$root")" "$folder"/*"$NAME.ini" || [[ " ${used[*]} " == *" ${group[i]} "* ]] || used+=("${group[i]}")
    done
    if [ -n "${INI_DIRS:-}" ] && [ "$INI_DIRS" != none ]; then
        local separator=' ' folders
        [[ $INI_DIRS != *:* && ! -d $INI_DIRS ]] || separator=:
        IFS=$separator read -r -a folders <<<"$INI_DIRS"
        for folder in "${folders[@]}"; do add_ini "$DESTDIR$(realpath -m -- "$folder")/30-$NAME.ini" 0; done
    fi
    for i in "${!files[@]}"; do
        folder=${scan_dirs[i]%%:*}
        for folder in "$folder"/*"$NAME.ini"; do add_ini "$folder" "${group[i]}"; done
    done
}
check_uninstall() {
    local folder path item
    need_writable "$backup" BACKUP_DIR
    while IFS= read -r path; do need_writable "$DESTDIR${path%/*}" EXTENSION_DIR; done < <(recorded 'file-[a-z]*')
    if [ "$gone" = yes ]; then return; fi
    while IFS= read -r item; do need_replaceable "$item"; done < <(recorded 'module-[a-z]*')
    [ -z "$(recorded module-replaced)" ] || for folder in "${shared[@]}"; do
        problem "$(recorded root "$folder") needs the extension in the same PHP, beside which the PHP modules cannot come back: take it out there first."
    done
}
take_out_file() {
    local file=$DESTDIR$1 former=$backup/replaced/file/$1
    if shared_by "$1"; then hand_over "$1"; return; fi
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
# A file that another WHMCS needs stays, and with it what was there before; the ini file loses our marks.
hand_over() {
    local file=$DESTDIR$1 folder kind=added
    for folder in "${shared[@]}"; do
        recorded 'file-[a-z]*' "$folder" | grep -qxF -- "$1" || continue
        if ! recorded file-shared | grep -qxF -- "$1" && recorded file-shared "$folder" | grep -qxF -- "$1"; then
            if exists "$backup/replaced/file/$1"; then
                kind=replaced
                copy "$backup/replaced/file/$1" "$folder/replaced/file/$1"
            fi
            printf '%s\n' "file-$kind $1" >>"$folder/manifest"
            grep -vxF -- "file-shared $1" "$folder/manifest" >"$folder/manifest.new"
            mv -T -- "$folder/manifest.new" "$folder/manifest"
        fi
        recorded enabled | while read -r file; do
            grep -qxF -- "enabled $file" "$folder/manifest" || printf 'enabled %s\n' "$file" >>"$folder/manifest"
        done
        break
    done
    file=$DESTDIR$1
    if [[ $file == *.ini ]]; then
        ours="; root: $(bare "$root")" awk '
            $0 == ENVIRON["ours"] { skip = 1; next } skip && /^; backup: / { skip = 0; next } { skip = 0; print }' "$file" >"$backup/ini"
        put "$backup/ini" "$file"
        rm -f -- "$backup/ini"
    fi
    say Kept "$file, which $(recorded root "$folder") needs"
}
take_out_module() {
    local target=$root/modules/$1
    keep_changed_files "$1"
    stage_module "$backup/replaced/module/$1" "$target"
    keep_overrides "$1"
    swap_in "$target"
    if exists "$backup/replaced/module/$1"; then say 'Put back' "$target"; else say Removed "$target"; fi
    if exists "$backup/overrides/$1"; then say Kept "$target/$OVERRIDES, which is not ours"; fi
}
# With the PHP module back, pages would end in every process, of whichever PHP, that still has the extension.
wait_for_processes() {
    local left i
    [ -n "$(recorded module-replaced)" ] && [ -z "$DESTDIR" ] || return 0
    left=$(processes_with_library)
    for i in "${!files[@]}"; do
        ask_again "$i"
        [ -z "${loaded[i]}" ] || ! loads_ours "$i" || left+="${files[i]} (its php.ini) "
    done
    [ -n "$left" ] || return 0
    changing=no
    say Waiting "with the PHP module back, pages would end in processes that still have the extension: $left"
    say_reload 'they let go of it after'
    say 'Then run' "$0 uninstall$(printf ' %q' "WHMCS_ROOT=$(bare "$root")" "BACKUP_DIR=$(bare "$backup")")"
    exit 2
}
# Another installation's is none of this one's business.
loads_ours() {
    local path
    while IFS= read -r path; do
        [[ $path != *.so ]] || [ "${path%/*}" != "${extension_dirs[$1]}" ] || return 0
    done < <(recorded 'file-[a-z]*')
    return 1
}
processes_with_library() {
    local maps path paths
    paths=$(recorded 'file-[a-z]*' | sed -n "\\|\.so\$|s|^|$DESTDIR|p")
    [ -n "$paths" ] || return 0
    for maps in /proc/[0-9]*/maps; do
        ! grep -qsF -- "$paths" "$maps" || printf '%s (%s) ' "$(tr -cd '[:alnum:]._-' <"${maps%maps}comm")" "$(cut -d/ -f3 <<<"$maps")"
    done
}
take_out_package() {
    local folder kept
    kept=$(recorded kept | tail -n 1)
    [ -n "$kept" ] && [ -d "$DESTDIR$kept" ] && [ ! -L "$DESTDIR$kept" ] || return 0
    for folder in "$backups"/*/ "${shared[@]}"; do
        [ "${folder%/}" = "$backup" ] || [ ! -f "${folder%/}/manifest" ] || return 0
    done
    rm -rf -- "$DESTDIR${kept:?}"
    say Removed "$DESTDIR$kept"
}
close_backup() {
    # Only what this script has made itself.
    rm -rf -- "${backup:?}/installed" "$backup/coming" "$backup/overrides"
    rm -- "$backup/manifest"
    rmdir -- "$backup" 2>/dev/null || say Backup "stays in $backup; delete it when all is well"
    rmdir -- "$backups" 2>/dev/null || true
}

# ---- check ----

good() { say '  ok' "$*"; }
bad() { say '  MISSING' "$*"; missing=yes; }
end() { [ $missing = no ] || exit 2; exit 0; }
do_check() {
    if [ -n "$root" ]; then check_root; else find_state_user; fi
    stop_on_problems
    find_package
    problems=()
    find_used_phps
    [ ${#used[@]} -gt 0 ] || problem 'no PHP was found: name it with PHP=….'
    stop_on_problems
    find_targets
    problems=()
    find_backups
    if [ $report = yes ]; then write_report; fi
    say_check
}
say_check() {
    local g minors=''
    for g in "${used[@]}"; do minors+=", PHP ${versions[voice[g]]%.*}"; done
    say Check "of ${minors#, }${root:+ and $root}"
    if [ -z "$DESTDIR" ] && [ "${INI_DIRS:-}" != none ]; then check_binaries; check_cron; fi
    if [ -n "$root" ] && [ ${#modules[@]} -gt 0 ]; then check_modules; fi
    if [ -z "$DESTDIR" ] && [ "$action" = check ] && [ -n "$root" ]; then ask_doctor; fi
    end
}
check_binaries() {
    local i g php state state_dirs=() minor apache
    [ -n "$state_user" ] || say '  advice' 'the private directory is not looked at: name WHMCS_ROOT=… and WHMCS_USER=…'
    for i in "${!files[@]}"; do
        [[ " ${used[*]} " == *" ${group[i]} "* ]] || continue
        php="${files[i]} (${sapis[i]}, ${scan_dirs[i]})"
        if [ -n "${loaded[i]}" ]; then good "$php: $NAME ${loaded[i]}"; else bad "$php: not loaded"; fi
        state=${states[i]}
        if [ -z "$state_user" ] || [ -z "${loaded[i]}" ]; then state=''; fi
        if [[ $state == *', not usable: '* ]]; then bad "$php: ${state#*, not usable: }"; fi
        state=${state%%, not usable: *}
        [[ -z $state || " ${state_dirs[*]} " == *" $state "* ]] || state_dirs+=("$state")
        [ "${ignore_args[i]}" != Off ] ||
            say '  advice' "$php: zend.exception_ignore_args=0 puts API tokens and passwords into what PHP logs of an exception; set it to 1"
    done
    [ ${#state_dirs[@]} -lt 2 ] || bad "one private directory for these PHPs: name it for each in $NAME.state_dir, now ${state_dirs[*]}"
    check_others
    for g in "${used[@]}"; do
        # Apache cannot be asked from here.
        minor=${versions[voice[g]]%.*} apache=$MACHINE_ROOT/etc/php/${versions[voice[g]]%.*}/apache2/conf.d
        [[ ! -d $apache || ${files[voice[g]]} != "$MACHINE_ROOT/usr/bin/php$minor" ]] || if [ -e "$apache/30-$NAME.ini" ]; then
            good "Apache, by its ini file in $apache"
        else
            bad "Apache: no ini file in $apache"
        fi
    done
}
check_others() {
    local g i line
    for g in "${lacking[@]}"; do bad "$(title "$g"): ${other[g]}"; done
    for g in "${!other[@]}"; do
        [[ " ${lacking[*]} " != *" $g "* ]] || continue
        i=${voice[g]}
        say '  other' "$(title "$g"): ${other[g]}${loaded[i]:+; it has $NAME ${loaded[i]}}"
    done
    for line in "${unasked[@]}"; do say '  other' "$line"; done
}
check_cron() {
    local i where named=: cli
    cli=${files[voice[${used[0]:-0}]]}
    for i in "${!cron_php[@]}"; do
        [[ $named != *":${cron_php[i]}:"* ]] || continue
        named+=${cron_php[i]}:
        where=${cron_where[i]}
        if [ "$where" = none ]; then
            bad "cron.php in a crontab runs with ${cron_php[i]}, which is none of these: let it call $cli"
        elif [ -z "${loaded[where]}" ]; then
            bad "cron.php in a crontab runs with ${cron_php[i]}, which does not load it: let it call $cli"
        fi
    done
    if [ "$cron_line" = no ]; then
        i=$(binary_of_name php "$PATH")
        [[ -n $i && -n ${loaded[i]} ]] ||
            say '  advice' "no crontab with cron.php was found; plain php does not load it: let cron call $cli"
    fi
}
check_modules() {
    local module target main ours strange
    for module in "${modules[@]}"; do
        target=$root/modules/$module ours=$MODULES_DIR/$module main=${module##*/}.php
        if same_as "$ours/$main" "$target/$main"; then
            strange=$({ listing "$owner" "$target"; listing 0:0 "$ours"; } 2>/dev/null | LC_ALL=C sort -z | uniq -zu |
                cut -z -c 69- | LC_ALL=C sort -zu | { grep -zv "^$OVERRIDES/" || true; } | tr '\0' ' ' || true)
            good "$target${strange:+, where these differ from ours: ${strange:0:2000}}"
        else
            bad "$target/$main of this version; with the extension loaded, a PHP module in its place ends pages"
        fi
    done
}
# Whether the file $2 of the owner is as $1.
same_as() { [ -f "$2" ] && as "$owner" timeout -k 2 5 cat -- "$2" 2>/dev/null | cmp -s -- "$1" -; }
# What the extension itself finds out, within WHMCS and with the rights of its user: whmcs_provisioning_check(). With the
# name of a check, for an uninstallation: only what that one has to say, and a problem where API tokens are hidden.
ask_doctor() {
    local g i line state about heard=no unknown='' only=${1:-} limit=60
    # shellcheck disable=SC2016 # It is PHP.
    local code='
        if (!function_exists("whmcs_provisioning_check")) { exit; }
        echo "\n\x1easked\n";
        chdir($argv[1]);
        require "init.php";
        foreach (whmcs_provisioning_check($argv[2] === "yes") as $line) {
            echo "\n\x1e", $line["state"], "\t", $line["check"], "\t", preg_replace("/\s+/", " ", $line["text"]), "\n";
        }
        echo "\n\x1eend\n";'
    [ $online = no ] || limit=300
    for g in "${used[@]}"; do
        i=${voice[g]}
        if [ "${sapis[i]}" != 'Command Line Interface' ] || [ -z "${loaded[i]}" ]; then continue; fi
        if [ -z "$state_user" ] || [ "${state_user%:*}" = 0 ]; then
            say '  advice' 'WHMCS is not loaded as root: name the user it runs as with WHMCS_USER=…, and it is asked as well'
            return
        fi
        about=''
        while IFS= read -r line; do
            case $line in
                asked) about="WHMCS did not load or did not end in ${files[i]}, so it was not asked" ;;
                end) about=${only:+"WHMCS's database could not be read in ${files[i]}"} ;;
                *)
                    IFS=$'\t' read -r state line <<<"$line"
                    if [ -n "$only" ]; then
                        # The PHP module would send what is encrypted to Jetpack.
                        [[ $line != tokens.hidden$'\t'* || $state = fine ]] || problem "${line#*$'\t'}"
                        [ "${line%%$'\t'*}" = "$only" ] || continue
                        [ $heard = yes ] || [ "$state" = fine ] || say Pending "${line#*$'\t'}"
                        heard=yes
                        continue
                    fi
                    line="${line/$'\t'/: } (${files[i]})"
                    case $state in
                        fine) good "$line" ;;
                        note) say '  advice' "$line" ;;
                        *)
                            say '  FAULT' "$line"
                            missing=yes ;;
                    esac ;;
            esac
        done < <({ as "$state_user" timeout -k 2 "$limit" "${files[i]}" -r "$code" -- "$root" "$online" 2>/dev/null </dev/null || true; } | LC_ALL=C head -c 200000 | sed -n 's/^\x1e//p')
        if [ -n "$only" ]; then
            unknown=${about:-$unknown}
            [ $heard = no ] || return 0
            continue
        fi
        [ -z "$about" ] || say '  advice' "$about"
    done
    [ -z "$unknown" ] || say Pending "whether Comet accounts wait for their deletion is not known: $unknown; nor whether API tokens of Jetpack are hidden, which the PHP module cannot read: see the addon's page Jetpack"
}

# ---- check --report ----

# An archive for support, which only its owner may read. What goes in is listed line by line: never a file of WHMCS, never
# all that a PHP says, which has the environment in it, nor a comment of the host's.
write_report() {
    local home place file i strange
    # On real hosts /root, whatever sudo says.
    home=$MACHINE_ROOT$(getent passwd "$me" | cut -d: -f6)
    problems=()
    strange=$([ "$me" != 0 ] || strangers "$home")
    [ -z "$strange" ] || problem "others than root may write to $strange, so no report is written to $home."
    [[ -d $home && -w $home && $(stat -c %u -- "$home") = "$me" ]] ||
        problem "$home is not the folder of the user $me, so no report is written there."
    stop_on_problems
    umask 077
    place=$(mktemp -d -- "$home/.$NAME-report.XXXXXXXXXX")
    unfinished=$place
    {
        (say_check) || true
    } >"$place/check.txt" 2>&1
    {
        echo "installer $version, package $HERE"
        uname -srm
        grep -s PRETTY_NAME= "$MACHINE_ROOT/etc/os-release" || true
        ldd --version 2>/dev/null | head -n 1 || true
        if selinux; then echo 'SELinux is on'; fi
        df -Pk -- "$root/." /var/lib 2>/dev/null || true
    } >"$place/system.txt"
    for i in "${!files[@]}"; do
        echo "== ${files[i]} (${places[i]})"
        php_info "$asker" "${files[i]}" | plain | report_facts
    done >"$place/php.txt"
    for file in "${ini_files[@]}"; do
        [ ! -f "$file" ] || { echo "== $file"; grep -E "^ *(; (root|backup|priority)[:=]|extension *=|$NAME\.)" -- "$file" || true; }
    done >"$place/ini.txt"
    if [ -n "$backup" ] && [ -f "$backup/manifest" ]; then cp -- "$backup/manifest" "$place/manifest.txt"; fi
    for i in "${modules[@]}"; do
        [ ! -d "$root/modules/$i" ] ||
            { as_in "$root/modules/$i" "$owner" timeout -k 2 30 find . -type f -printf '%s %P\n' || true; } | LC_ALL=C sort -k2 | sed "s|^|$i |"
    done >"$place/modules.txt"
    pack_report "$place" "$home"
    umask 022
}
report_facts() {
    awk -v name=$NAME '
        /^(PHP Version|System|Build Date|Server API|Loaded Configuration File|Scan this dir for additional .ini files|PHP Extension Build|Thread Safety|extension_dir|open_basedir|disable_functions|memory_limit|opcache\.enable|opcache\.enable_cli|zend\.exception_ignore_args) => / { print; next }
        $0 == name { on = 1 }
        on && /^(Additional Modules|Environment)$/ { on = 0 }
        on && ($0 == name || index($0, name ".") == 1 || /^Version => /) { print }
        on && $0 !~ / => / && $0 != "" && $0 != name { on = 0 }'
}
# Values that may hold a password are cut, wherever they stand.
pack_report() {
    local place=$1 archive file
    LC_ALL=C sed -i -E "s#($NAME\.(database_url|proxy)[^=]*=>?).*#\1 (cut)#; s#://[^@[:space:]]*@#://(cut)@#g; s#[[:cntrl:]]#?#g" -- "$place"/*.txt
    archive=$(mktemp -- "$2/$NAME-report.XXXXXXXXXX.tar.gz")
    tar -C "$place" -czf "$archive" -- .
    say Report "$archive, for support; only you may read it. In it:"
    for file in "$place"/*; do say '' "${file##*/}, $(wc -l <"$file") lines"; done
    rm -rf -- "${place:?}"
    unfinished=''
}

main() {
    trap on_exit EXIT
    declare -gA stage=()
    lacking=() one_for_each=no
    read_arguments "$@"
    [ "$action" != check ] || dry_run=no
    "do_$action"
}
main "$@"
