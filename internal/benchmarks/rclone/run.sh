#!/usr/bin/env bash
# Compares the SDK with rclone: a folder up, again with nothing changed, and down;
# a large file up and down. It prints a table for an in-memory cloud whose answers
# take 5 ms longer, and one for a real Swift: the one of the environment, or one
# that is started, where this machine can run it.
#
#	run.sh [FLAGS OF compare]    such as -files 2000 -large 0 -rounds 1; see main.go
#
# rclone is the program in $RCLONE, the one on the machine, or the one of the
# distribution, unpacked into a folder that is removed. Exit code 77: there is none,
# and a line on stderr says why.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
integration=$here/../../integration
source "$integration/packages.sh"

tmp=$(mktemp -d)
finish() {
	[[ ! -d $tmp/swift ]] || "$integration/swift/stop.sh" "$tmp/swift" || true
	rm -rf "$tmp"
}
trap finish EXIT

rclone=${RCLONE:-$(command -v rclone || true)}
if [[ -z $rclone ]]; then
	reason=$(unpack "$tmp/unpacked" rclone) || {
		printf 'run.sh: no rclone here: %s\n' "$reason" >&2
		exit 77
	}
	rclone=$tmp/unpacked/usr/bin/rclone
fi
(cd "$here" && go build -o "$tmp/compare" .)
compare() { "$@" "$tmp/compare" compare -dir "$tmp" -rclone "$rclone" "${flags[@]}"; }

flags=("$@")
"$rclone" version | sed -n 1p
compare env -u NHNCLOUD_SWIFT_URL
if [[ -n ${NHNCLOUD_SWIFT_URL:-} ]]; then
	compare env
	exit
fi
code=0
"$integration/swift/start.sh" "$tmp/swift" >"$tmp/swift.env" || code=$?
case $code in
0) compare env $(<"$tmp/swift.env") ;;
77) echo "run.sh: no real Swift, see the line above" ;;
*) exit "$code" ;;
esac
