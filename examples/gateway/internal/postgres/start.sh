#!/usr/bin/env bash
# Starts a PostgreSQL for tests, which can be reached over a socket in its folder
# alone.
#
#	start.sh [FOLDER]    prints KEY=value lines once it answers
#	stop.sh FOLDER       stops it and removes the folder
#
# An installed PostgreSQL is used; where there is none, the distribution's package
# is unpacked into the folder, and nothing is installed. Root runs it as the user
# "postgres", or else "nobody". All state is in the folder, which is new or empty,
# or made in $TMPDIR. Exit codes: 77 when this machine can't run it, with one line
# on stderr that says why; 1 when it should have started.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/lib.sh"
source "$here/../../../../internal/integration/packages.sh"

cannot() { printf 'start.sh: no PostgreSQL here: %s\n' "$*" >&2; exit 77; }

(($# <= 1)) || fail "usage: start.sh [FOLDER]"
[[ $(uname -s) == Linux ]] || cannot "it runs on Linux only"

if (($# == 1)); then
	dir=$1
	[[ $dir == /* ]] || dir=$PWD/$dir
	dir=${dir%/}
	mkdir -p -- "$dir"
	[[ -z $(ls -A -- "$dir") ]] || fail "$dir isn't empty"
else
	dir=$(mktemp -d "${TMPDIR:-/tmp}/nhncloud-postgres.XXXXXX")
fi
# The folder is part of a URL, and sockets have short names.
[[ $dir =~ ^[A-Za-z0-9/._+-]{1,80}$ ]] || fail "$dir: only letters, digits and / . _ + - can be in the name of the folder, up to 80"
: >"$dir/$marker"

# What doesn't start is removed, but for the end of its log.
started=
finish() {
	local code=$?
	if [[ -z $started ]]; then
		if ((code != 77 && code < 128)) && [[ -f $dir/log ]]; then
			tail -n 20 "$dir/log" >&2
		fi
		stop "$dir"
	fi
	exit "$code"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# --- programs

# programs prints the folder of the newest PostgreSQL below a root.
programs() {
	local folder found=
	for folder in "$1"/usr/lib/postgresql/*/bin "$1"/usr/pgsql-*/bin; do
		[[ -x $folder/initdb && -x $folder/pg_ctl && -x $folder/postgres ]] || continue
		found=$(printf '%s\n' ${found:+"$found"} "$folder" | sort -V | tail -n 1)
	done
	printf '%s' "$found"
}

bin=$(programs "")
if [[ -z $bin ]] && path=$(command -v initdb) && command -v pg_ctl postgres >/dev/null; then
	bin=$(dirname "$(readlink -f "$path")")
fi
if [[ -z $bin ]]; then
	reason=$(unpack "$dir/unpacked" postgresql) || cannot "it is not installed, and $reason"
	bin=$(programs "$dir/unpacked")
	[[ -n $bin ]] || cannot "the packages have no programs"
	LD_LIBRARY_PATH=$(libraries "$dir/unpacked")
	export LD_LIBRARY_PATH
fi
printf '%s' "$bin/pg_ctl" >"$dir/pg_ctl"
[[ -z ${LD_LIBRARY_PATH:-} ]] || printf '%s' "$LD_LIBRARY_PATH" >"$dir/libraries"
programs_took=$SECONDS

# --- who runs it

if (($(id -u) == 0)); then
	command -v setpriv >/dev/null || cannot "it does not run as root, and there is no setpriv to become another user with"
	owner=
	for candidate in postgres nobody; do
		if id "$candidate" >/dev/null 2>&1; then
			owner=$candidate
			break
		fi
	done
	[[ -n $owner ]] || cannot "it does not run as root, and there is neither a user postgres nor nobody"
	chown -R "$owner" "$dir"
	# A folder that only root can enter, as a temporary one may be, keeps it out.
	as_owner "$dir" test -x "$dir" || cannot "the user $owner can't enter $dir"
fi
chmod 0700 "$dir"

# --- the database

cd "$dir"
as_owner "$dir" "$bin/initdb" -D "$dir/data" -U gateway -A trust -E UTF8 --no-locale --no-sync >>"$dir/log" 2>&1 || fail "initdb failed"
# The data are gone with the folder, so that nothing needs to be safe on the disk.
cat >>"$dir/data/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$dir'
unix_socket_permissions = 0700
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 200
shared_buffers = 32MB
CONF
as_owner "$dir" "$bin/pg_ctl" start -D "$dir/data" -l "$dir/data/server.log" -w -t 60 >>"$dir/log" 2>&1 || {
	tail -n 20 "$dir/data/server.log" >&2 || true
	fail "PostgreSQL didn't start"
}

printf 'NHNCLOUD_POSTGRES_URL=postgres://gateway@/postgres?host=%s\n' "$dir" | tee "$dir/env"
printf 'start.sh: %s answers after %d s (%d s for its programs)\n' "$("$bin/postgres" --version)" "$SECONDS" "$programs_took" >&2
started=yes
