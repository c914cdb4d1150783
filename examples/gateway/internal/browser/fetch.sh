#!/usr/bin/env bash
# Finds a Chromium for tests, and prints the path of the program.
#
#	fetch.sh FOLDER [PACKAGE...]    such as fonts-nanum, for text in Korean
#
# It is the Chromium or Chrome of this machine, or else that of the distribution,
# unpacked into the folder: nothing is installed, and no root is needed. Fonts of
# packages are unpacked too, and the program sees them beside those of the machine.
# Exit code 77: there is none, and a line on stderr says why.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../../../../internal/integration/packages.sh"

cannot() { printf 'fetch.sh: no Chromium here: %s\n' "$*" >&2; exit 77; }

(($# >= 1)) || { echo "usage: fetch.sh FOLDER [PACKAGE...]" >&2; exit 1; }
dir=$1
[[ $dir == /* ]] || dir=$PWD/$dir
fonts=("${@:2}")

program=
for name in chromium chromium-browser google-chrome google-chrome-stable chromium-headless-shell; do
	if program=$(command -v "$name"); then
		break
	fi
done

packages=("${fonts[@]}")
[[ -n $program ]] || packages+=(chromium-headless-shell fonts-dejavu-core)
if ((${#packages[@]} > 0)); then
	# The whole browser is larger by half, and its windows are of no use here.
	if ! reason=$(unpack "$dir/unpacked" "${packages[@]}"); then
		[[ -z $program ]] || cannot "$reason"
		reason=$(unpack "$dir/unpacked" "${fonts[@]}" chromium fonts-dejavu-core) || cannot "$reason"
	fi

	paths=
	if [[ -z $program ]]; then
		for program in "$dir"/unpacked/usr/lib/chromium/chromium{-headless-shell,} ""; do
			[[ ! -x $program ]] || break
		done
		[[ -n $program ]] || cannot "the packages have no program, as where it comes as a snap"
		paths=$(libraries "$dir/unpacked")
		for folder in "$dir"/unpacked/usr/lib/*-linux-gnu/pulseaudio; do
			paths+=:$folder
		done
	fi
	cat >"$dir/fonts.conf" <<-CONF
		<?xml version="1.0"?>
		<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
		<fontconfig>
			<dir>$dir/unpacked/usr/share/fonts</dir>
			<dir>/usr/share/fonts</dir>
			<cachedir>$dir/fonts</cachedir>
			<include ignore_missing="yes">/etc/fonts/conf.d</include>
		</fontconfig>
	CONF
	cat >"$dir/chromium" <<-PROGRAM
		#!/bin/sh
		export FONTCONFIG_FILE='$dir/fonts.conf'${paths:+ LD_LIBRARY_PATH='$paths'}
		exec '$program' "\$@"
	PROGRAM
	chmod +x "$dir/chromium"
	program=$dir/chromium
fi

# A program that is there need not run.
profile=$(mktemp -d)
trap 'rm -rf "$profile"' EXIT
flags=(--headless --disable-gpu --no-first-run --user-data-dir="$profile")
(($(id -u) != 0)) || flags+=(--no-sandbox)
page=$(timeout 60 "$program" "${flags[@]}" --dump-dom 'data:text/html,<p>it works</p>' 2>"$profile/err") || true
[[ $page == *"it works"* ]] || cannot "$program does not run: $(grep . "$profile/err" | tail -n 1 || echo 'it says nothing')"
printf '%s\n' "$program"
