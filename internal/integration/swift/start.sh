#!/usr/bin/env bash
# Starts a real OpenStack Swift for tests: one node, one replica, on loopback.
#
#	start.sh [FOLDER]    prints KEY=value lines once it answers
#	stop.sh FOLDER       stops it and removes the folder
#
# The programs come from the distribution's packages, unpacked into the folder:
# nothing is installed, and no root is needed. All state is in the folder, which
# is new or empty, or made in $TMPDIR. Exit codes: 77 when this machine can't run
# it, with one line on stderr that says why; 1 when it should have started.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/lib.sh"
source "$here/../packages.sh"

# Seconds to wait for all parts to answer.
start_timeout=60

cannot() { printf 'start.sh: no Swift here: %s\n' "$*" >&2; exit 77; }

(($# <= 1)) || fail "usage: start.sh [FOLDER]"
[[ $(uname -s) == Linux ]] || cannot "it runs on Linux only"

# Folders stand in the configuration of Swift, where other characters have a
# meaning.
can_name() { [[ $1 =~ ^[A-Za-z0-9/._+-]+$ ]]; }

if (($# == 1)); then
	dir=$1
	[[ $dir == /* ]] || dir=$PWD/$dir
	dir=${dir%/}
	can_name "$dir" || fail "$dir: only letters, digits and / . _ + - can be in the name of the folder"
	mkdir -p -- "$dir"
	[[ -z $(ls -A -- "$dir") ]] || fail "$dir isn't empty"
else
	can_name "${TMPDIR:-/tmp}" || fail "${TMPDIR:-/tmp}: only letters, digits and / . _ + - can be in the name of the folder"
	dir=$(mktemp -d "${TMPDIR:-/tmp}/nhncloud-swift.XXXXXX")
fi
: >"$dir/$marker"

# What doesn't start is removed, but for the ends of its logs.
started=
finish() {
	local code=$?
	if [[ -z $started ]]; then
		if ((code != 77 && code < 128)) && compgen -G "$dir/log/*.log" >/dev/null; then
			tail -n 20 "$dir"/log/*.log >&2
		fi
		stop "$dir"
	fi
	exit "$code"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir "$dir"/{cache,etc,log,run,tmp,unpacked}

# --- packages

packages=(python3-swift memcached)
if ! installed "${packages[@]}"; then
	reason=$(unpack "$dir/unpacked" "${packages[@]}") || cannot "$reason"
fi

# Unpacked packages go before those of the machine, and both before what pip
# may have installed.
interpreter=$dir/unpacked/usr/bin/python3
[[ -x $interpreter ]] || interpreter=/usr/bin/python3
modules=/usr/lib/python3/dist-packages
unset "${!PYTHON@}"
export PYTHONPATH=$dir/unpacked$modules:$modules PYTHONNOUSERSITE=1 EVENTLET_NO_GREENDNS=yes
# ours goes before a program of the packages.
ours=(env TMPDIR="$dir/tmp" LD_LIBRARY_PATH="$(libraries "$dir/unpacked")")
python=("${ours[@]}" "$interpreter")

version=$("${python[@]}" -c 'import swift; print(swift.__version__)') || fail "the Python of the packages doesn't run Swift"
packages_took=$SECONDS

# --- a place for objects: their metadata are extended attributes

has_xattr() {
	"${python[@]}" -c 'import os, sys; os.setxattr(sys.argv[1], b"user.swift.metadata", b"x" * 3000)' "$1" 2>/dev/null
}

devices=
for parent in "$dir" /var/tmp "${HOME:-/var/tmp}" /dev/shm; do
	if [[ $parent == "$dir" ]]; then
		candidate=$dir/devices
		mkdir "$candidate"
	else
		candidate=$(mktemp -d "$parent/nhncloud-swift.XXXXXX" 2>/dev/null) || continue
		: >"$candidate/$marker"
	fi
	mkdir "$candidate/d1"
	if can_name "$candidate" && has_xattr "$candidate/d1"; then
		devices=$candidate
		printf '%s\n' "$devices" >"$dir/run/devices"
		break
	fi
	rm -rf "$candidate"
done
[[ -n $devices ]] || cannot "no folder has user extended attributes; tried $dir, /var/tmp, ${HOME:-} and /dev/shm"

# --- configuration

# ports prints as many free ports of loopback as asked for, below those that
# the kernel gives to outgoing connections.
ports() {
	"${python[@]}" - "$1" <<'PYTHON'
import random, socket, sys
held = []
while len(held) < int(sys.argv[1]):
    s = socket.socket()
    try:
        s.bind(('127.0.0.1', random.randrange(10000, 32768)))
        held.append(s)
    except OSError:
        s.close()
print(*(s.getsockname()[1] for s in held))
PYTHON
}

configure() {
	# Names are hashed together with these, which can be anything.
	cat >"$dir/etc/swift.conf" <<-CONF
		[swift-hash]
		swift_hash_path_prefix = nhncloud
		swift_hash_path_suffix = nhncloud

		[storage-policy:0]
		name = Standard
		default = yes

		[storage-policy:1]
		name = Economy
	CONF

	# Timeouts are long: a busy machine must not look like a broken node. What
	# would go to syslog goes nowhere; run.py logs to a file.
	local common
	common="bind_ip = 127.0.0.1
user = $(id -un)
swift_dir = $dir/etc
devices = $devices
mount_check = false
workers = 0
bind_timeout = 1
backlog = 1024
log_level = INFO
log_udp_host = 127.0.0.1
log_udp_port = 9
recon_cache_path = $dir/cache
fallocate_reserve = 0
disable_fallocate = true
conn_timeout = 10
node_timeout = 60"

	local part port
	for part in account container object; do
		port=port_$part
		cat >"$dir/etc/$part.conf" <<-CONF
			[DEFAULT]
			bind_port = ${!port}
			container_update_timeout = 60
			$common

			[pipeline:main]
			pipeline = healthcheck $part-server

			[app:$part-server]
			use = egg:swift#$part

			[filter:healthcheck]
			use = egg:swift#healthcheck

			[container-updater]
			interval = 1
			containers_per_second = 1000
		CONF
	done

	# The order is that of Swift's proxy-server.conf-sample, and of its notes for
	# the filters that the sample leaves out.
	cat >"$dir/etc/proxy.conf" <<-CONF
		[DEFAULT]
		bind_port = $port_proxy
		$common

		[pipeline:main]
		pipeline = catch_errors gatekeeper healthcheck proxy-logging cache etag-quoter listing_formats bulk tempurl ratelimit formpost tempauth staticweb copy container-quotas account-quotas slo dlo versioned_writes symlink proxy-logging proxy-server

		[app:proxy-server]
		use = egg:swift#proxy
		account_autocreate = true
		conn_timeout = 10
		node_timeout = 60
		recoverable_node_timeout = 60
		error_suppression_limit = 1000000

		[filter:tempauth]
		use = egg:swift#tempauth
		user_test_tester = testing .admin
		user_test_reader = reading
		user_other_other = othering .admin

		[filter:cache]
		use = egg:swift#memcache
		memcache_servers = 127.0.0.1:$port_memcached

		[filter:tempurl]
		use = egg:swift#tempurl
		allowed_digests = sha1 sha256 sha512

		[filter:formpost]
		use = egg:swift#formpost
		allowed_digests = sha1 sha256 sha512

		[filter:slo]
		use = egg:swift#slo
		max_manifest_segments = 10000

		[filter:versioned_writes]
		use = egg:swift#versioned_writes
		allow_versioned_writes = true
		allow_object_versioning = true

		[filter:catch_errors]
		use = egg:swift#catch_errors
		[filter:gatekeeper]
		use = egg:swift#gatekeeper
		[filter:healthcheck]
		use = egg:swift#healthcheck
		[filter:proxy-logging]
		use = egg:swift#proxy_logging
		[filter:etag-quoter]
		use = egg:swift#etag_quoter
		[filter:listing_formats]
		use = egg:swift#listing_formats
		[filter:bulk]
		use = egg:swift#bulk
		[filter:ratelimit]
		use = egg:swift#ratelimit
		[filter:staticweb]
		use = egg:swift#staticweb
		[filter:copy]
		use = egg:swift#copy
		[filter:container-quotas]
		use = egg:swift#container_quotas
		[filter:account-quotas]
		use = egg:swift#account_quotas
		[filter:dlo]
		use = egg:swift#dlo
		[filter:symlink]
		use = egg:swift#symlink
	CONF
}

# rings says where the account, container and object servers are.
rings() {
	local ring port
	rm -f "$dir"/etc/*.builder "$dir"/etc/*.ring.gz
	for ring in account container object object-1; do
		port=port_${ring%-1}
		printf '%s\n' "$ring create 4 1 0" "$ring add r1z1-127.0.0.1:${!port}/d1 1" "$ring rebalance"
	done | "${python[@]}" "$here/run.py" "$dir/etc" rings >>"$dir/log/rings.log" 2>&1
}

# --- running it

# launch starts a program in the background, apart from this terminal.
launch() {
	setsid "${@:2}" </dev/null >>"$dir/log/$1.log" 2>&1 &
	remember "$!" "$dir/run/$1.pid"
}

parts=(account container object proxy updater)

launch_all() {
	local memcached=$dir/unpacked/usr/bin/memcached part
	[[ -x $memcached ]] || memcached=/usr/bin/memcached
	launch memcached "${ours[@]}" "$memcached" -u "$(id -un)" -l 127.0.0.1 -p "$port_memcached" -U 0
	for part in "${parts[@]}"; do
		launch "$part" "${python[@]}" "$here/run.py" "$dir/etc" "$part"
	done
}

# ask sends a line to a port and succeeds when the answer begins as expected.
ask() {
	local line=
	{
		printf '%b' "$2" >&3 && IFS= read -r -t 10 line <&3
	} 3<>"/dev/tcp/127.0.0.1/$1" && [[ $line == "$3"* ]]
} 2>/dev/null

answers() {
	local port
	ask "$port_memcached" 'version\r\n' VERSION || return 1
	for port in "$port_account" "$port_container" "$port_object" "$port_proxy"; do
		ask "$port" 'GET /healthcheck HTTP/1.0\r\n\r\n' 'HTTP/1.1 200' || return 1
	done
}

# died prints the parts that have ended.
died() {
	local part
	for part in memcached "${parts[@]}"; do
		[[ -n $(started_at "$(cut -d ' ' -f 1 "$dir/run/$part.pid")") ]] || printf '%s ' "$part"
	done
}

wait_until_up() {
	local deadline=$((SECONDS + start_timeout))
	while ((SECONDS < deadline)); do
		# Where a part can't have its port, another program may answer there.
		if answers && [[ -z $(died) ]]; then
			return 0
		fi
		[[ -z $(died) ]] || return 1
		sleep 0.1
	done
	return 1
}

# Between the choice of a port and its use another program can take it.
for _ in 1 2 3; do
	read -r port_memcached port_account port_container port_object port_proxy < <(ports 5)
	configure
	rings
	launch_all
	up=yes
	wait_until_up && break
	up= ended=$(died)
	stop_programs "$dir"
	grep -qiE 'could not bind|address already in use' "$dir"/log/*.log || break
done
[[ -n $up ]] || fail "Swift didn't answer within $start_timeout s${ended:+, for these ended: $ended}"

url=http://127.0.0.1:$port_proxy
cat >"$dir/env" <<ENV
NHNCLOUD_SWIFT_DIR=$dir
NHNCLOUD_SWIFT_AUTH_URL=$url/auth/v1.0
NHNCLOUD_SWIFT_URL=$url/v1/AUTH_test
NHNCLOUD_SWIFT_USER=test:tester
NHNCLOUD_SWIFT_KEY=testing
ENV
cat "$dir/env"
printf 'start.sh: Swift %s answers after %d s (%d s for the packages); its logs are in %s\n' "$version" "$SECONDS" "$packages_took" "$dir/log" >&2
started=yes
