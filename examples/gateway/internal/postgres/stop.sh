#!/usr/bin/env bash
# Stops the PostgreSQL that start.sh started in FOLDER, and removes the folder.
#
#	stop.sh FOLDER
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

(($# == 1)) || fail "usage: stop.sh FOLDER"
[[ -e $1 ]] || exit 0
dir=$(cd -- "$1" && pwd)
[[ -f $dir/$marker ]] || fail "$1: start.sh didn't make this folder"
stop "$dir"
