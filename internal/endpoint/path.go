package endpoint

import "strings"

// SplitVersion splits a documented path template into its version part, which
// an endpoint may already carry, and the rest:
//
//	/v2/{tenantId}/servers/{serverId}  ->  /v2/{tenantId}, /servers/{serverId}
//	/v2.0/networks                     ->  /v2.0, /networks
//	/v1/{Account}/{container}          ->  /v1/{Account}, /{container}
func SplitVersion(template string) (version, rest string) {
	end := segmentEnd(template, 0)
	if !isVersion(template[:end]) {
		return "", template
	}
	for _, scope := range []string{"/{tenantId}", "/{Account}"} {
		if strings.HasPrefix(template[end:], scope) {
			end += len(scope)
			break
		}
	}
	return template[:end], template[end:]
}

// Missing returns the part of a documented path template that an endpoint with
// the path base, which has no slash at its end, does not carry already:
//
//	                      /v2/{tenantId}/servers      /v2.0/networks
//	/prefix               /v2/{tenantId}/servers      /v2.0/networks
//	/prefix/v2            /{tenantId}/servers         /networks
//	/prefix/v2/6cdebe3e   /servers                    /v2.0/networks
func Missing(base, template string) string {
	version, rest := SplitVersion(template)
	if version == "" {
		return template
	}
	before, last := cutLast(base)
	if isVersion(last) {
		return template[segmentEnd(template, 0):]
	}
	_, last = cutLast(before)
	if isVersion(last) && segmentEnd(version, 0) < len(version) {
		return rest
	}
	return template
}

// cutLast cuts a path before its last segment.
func cutLast(path string) (before, last string) {
	i := max(0, strings.LastIndexByte(path, '/'))
	return path[:i], path[i:]
}

// segmentEnd returns where the segment that starts with the slash at i ends.
func segmentEnd(path string, i int) int {
	if i >= len(path) {
		return i
	}
	if next := strings.IndexByte(path[i+1:], '/'); next >= 0 {
		return i + 1 + next
	}
	return len(path)
}

// isVersion reports whether a segment with its slash is "/v2", "/v2.0", ….
func isVersion(segment string) bool {
	digits, ok := strings.CutPrefix(segment, "/v")
	if !ok || digits == "" || digits[0] < '0' || digits[0] > '9' {
		return false
	}
	return strings.Trim(digits, "0123456789.") == ""
}
