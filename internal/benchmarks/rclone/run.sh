#!/usr/bin/env bash
# Compares the SDK with rclone: a folder up, again with nothing changed, and down;
# a large file up and down. It prints a table for an in-memory cloud whose answers
# take 5 ms longer, and one for a real Swift, where this machine can run one.
#
#	run.sh [FLAGS OF compare]    such as -files 2000 -large 0 -rounds 1; see main.go
#
# rclone is the one in $RCLONE, or is built from the Go module proxy, in a folder
# for temporary files ($TMPDIR) that is removed. That takes 4 minutes and 2 GB.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
version=v1.76.0
swift=$here/../../integration/swift

tmp=$(mktemp -d)
finish() {
	[[ ! -d $tmp/swift ]] || "$swift/stop.sh" "$tmp/swift" || true
	rm -rf "$tmp"
}
trap finish EXIT

if [[ -z ${RCLONE:-} ]]; then
	if ! GOBIN=$tmp GOFLAGS=-buildvcs=false go install -ldflags='-s -w' "github.com/rclone/rclone@$version" 2>"$tmp/build.log"; then
		printf 'run.sh: skipped, there is no rclone in $RCLONE and none to be built: %s\n' "$(tail -n 1 "$tmp/build.log")" >&2
		exit 77
	fi
	RCLONE=$tmp/rclone
fi
(cd "$here" && go build -o "$tmp/compare" .)
"$RCLONE" version | head -n 1
"$tmp/compare" compare -dir "$tmp" -rclone "$RCLONE" "$@"
echo
code=0
"$swift/start.sh" "$tmp/swift" >"$tmp/swift.env" || code=$?
case $code in
0) env $(<"$tmp/swift.env") "$tmp/compare" compare -dir "$tmp" -rclone "$RCLONE" "$@" ;;
77) echo "run.sh: no real Swift, see the line above" ;;
*) exit "$code" ;;
esac
