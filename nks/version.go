package nks

import (
	"slices"
	"strconv"
	"strings"
)

// version is a Kubernetes version, such as "v1.32.3", in its numbers. What is no
// version has none.
type version []int

func parseVersion(text string) version {
	numbers, _, _ := strings.Cut(strings.TrimPrefix(text, "v"), "-")
	var v version
	for part := range strings.SplitSeq(numbers, ".") {
		n, err := strconv.Atoi(part)
		if err != nil || n < 0 {
			return nil
		}
		v = append(v, n)
	}
	if len(v) < 3 {
		return nil
	}
	return v
}

func (v version) compare(other version) int { return slices.Compare(v, other) }

// minorsTo is how many minor versions another one is ahead. It is behind, or of
// another major version, where ok is false.
func (v version) minorsTo(other version) (minors int, ok bool) {
	return other[1] - v[1], v[0] == other[0] && v.compare(other) <= 0
}

// reaches reports whether the version is another one or a later one.
func (v version) reaches(other version) bool { return v != nil && v.compare(other) >= 0 }

// newest returns the latest of several versions, some of which may be "".
func newest(versions ...string) string {
	latest := ""
	for _, one := range versions {
		if latest == "" || parseVersion(one).compare(parseVersion(latest)) > 0 {
			latest = one
		}
	}
	return latest
}
