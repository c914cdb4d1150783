# What start.sh and stop.sh share; it is sourced, not run.

# The file that says that a folder is ours to remove.
marker=.nhncloud-swift

fail() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

# remember notes a process in a file, with the time of its start: numbers of
# processes are used again.
remember() { printf '%s %s\n' "$1" "$(started_at "$1")" >"$2"; }

# started_at prints when a process was started; nothing for one that has ended,
# even if nobody has waited for it yet.
started_at() {
	local stat fields
	{ stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 0
	read -r -a fields <<<"${stat##*) }" # the name before may hold spaces
	[[ ${fields[0]} == Z ]] || printf '%s' "${fields[19]}"
}

# running prints the processes that were started in a folder and still run.
running() {
	local file pid start
	for file in "$1"/run/*.pid; do
		[[ -f $file ]] || continue
		read -r pid start <"$file"
		if [[ -n $start && $(started_at "$pid") == "$start" ]]; then
			printf '%s\n' "$pid"
		fi
	done
}

# stop_programs ends what start.sh has started in a folder, and nothing else.
stop_programs() {
	local signal pids deadline
	for signal in TERM KILL; do
		mapfile -t pids < <(running "$1")
		((${#pids[@]} > 0)) || break
		kill "-$signal" "${pids[@]}" 2>/dev/null || true
		deadline=$((SECONDS + 5))
		while [[ -n $(running "$1") ]] && ((SECONDS < deadline)); do
			sleep 0.05
		done
	done
	rm -f "$1"/run/*.pid
}

# stop ends what was started in a folder, and removes it.
stop() {
	local devices=
	stop_programs "$1"
	[[ ! -f $1/run/devices ]] || devices=$(<"$1/run/devices")
	if [[ -n $devices && $devices != "$1/"* && -f $devices/$marker ]]; then
		rm -rf -- "$devices"
	fi
	rm -rf -- "$1"
}
