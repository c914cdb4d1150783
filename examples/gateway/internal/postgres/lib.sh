# What start.sh and stop.sh share; it is sourced, not run.

# The file that says that a folder is ours to remove.
marker=.nhncloud-postgres

fail() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

# as_owner runs a command as who owns the database. PostgreSQL refuses to run as
# root, so that there another user has to.
as_owner() {
	local dir=$1 owner
	shift
	owner=$(stat -c %U "$dir")
	if [[ $owner == "$(id -un)" ]]; then
		"$@"
	else
		# A service needs none of what root's environment has.
		setpriv --reuid="$owner" --regid="$(id -g "$owner")" --clear-groups env -i PATH="$PATH" HOME="$dir" \
			LD_LIBRARY_PATH="${LD_LIBRARY_PATH:-}" LC_ALL=C "$@"
	fi
}

# stop ends the server that was started in a folder, and removes the folder.
stop() {
	local dir=$1 pg_ctl
	if [[ -f $dir/data/postmaster.pid && -f $dir/pg_ctl ]]; then
		pg_ctl=$(<"$dir/pg_ctl")
		[[ ! -f $dir/libraries ]] || export LD_LIBRARY_PATH=$(<"$dir/libraries")
		(cd "$dir" && as_owner "$dir" "$pg_ctl" stop -D "$dir/data" -m immediate -t 20 >/dev/null 2>&1) ||
			printf '%s: PostgreSQL in %s could not be stopped\n' "$(basename "$0")" "$dir" >&2
	fi
	rm -rf -- "$dir"
}
