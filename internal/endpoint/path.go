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

// HasVersion reports whether the path of an endpoint ends in a version part:
// a version, or a version and a tenant or account.
func HasVersion(path string) bool {
	last := strings.LastIndexByte(path, '/')
	if last < 0 {
		return false
	}
	if isVersion(path[last:]) {
		return true
	}
	before := strings.LastIndexByte(path[:last], '/')
	return before >= 0 && isVersion(path[before:last])
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
