# Programs of Debian and Ubuntu for tests, without root; it is sourced, not run.
#
# Packages come from the machine's package sources, and are unpacked into a
# folder: nothing is installed, and what is installed stays as it is.

# Seconds for apt to do its work.
apt_timeout=300

# installed tells whether packages are installed on this machine.
installed() {
	local state
	state=$(dpkg-query -W -f '${db:Status-Status}\n' "$@" 2>/dev/null) || return 1
	[[ $(sort -u <<<"$state") == installed ]]
}

# unpack gets packages, and of those that they need the ones that the machine
# lacks, and unpacks them into a folder. Where that can't be done, it prints why
# and fails.
#
#	unpack FOLDER PACKAGE...
unpack() {
	local into=$1 apt package
	shift
	command -v apt-get dpkg >/dev/null || {
		echo "apt-get and dpkg are missing, as on systems other than Debian and Ubuntu"
		return 1
	}
	apt=$(mktemp -d)
	mkdir -p "$into" "$apt"/{lists,cache/archives}/partial
	# Other sources of the machine may fail; what counts is that there are packages.
	apt_get "$apt" update || true
	if ! apt_get "$apt" install -y --no-install-recommends --download-only "$@"; then
		printf "apt can't get the packages %s: %s\n" "$*" "$(why "$apt" | paste -sd ' ')"
		rm -rf "$apt"
		return 1
	fi
	for package in "$apt"/cache/archives/*.deb; do
		[[ ! -f $package ]] || dpkg -x "$package" "$into"
	done
	rm -rf "$apt"
}

# apt_get runs apt-get on lists and archives of our own, so that it needs no root.
apt_get() {
	local apt=$1
	shift
	timeout "$apt_timeout" apt-get -qq \
		-o Dir::State::lists="$apt/lists" -o Dir::Cache="$apt/cache" \
		-o Debug::NoLocking=1 -o APT::Sandbox::User="$(id -un)" \
		-o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=0 \
		-o Acquire::IndexTargets::deb::CNF::DefaultEnabled=0 -o Acquire::Retries=2 -o Acquire::http::Timeout=20 \
		"$@" >>"$apt/log" 2>&1
}

# why prints what apt says last of an error, and first of a warning, such as of
# a source that can't be reached.
why() {
	grep '^E:' "$1/log" | tail -n 1 || true
	grep '^W:' "$1/log" | head -n 1 || true
}

# libraries prints the folders of libraries below one that packages were unpacked
# into, for LD_LIBRARY_PATH.
libraries() {
	local list
	list=$(printf '%s:' "$1"/usr/lib/*-linux-gnu* "$1"/lib/*-linux-gnu*)
	printf '%s' "${list%:}"
}
