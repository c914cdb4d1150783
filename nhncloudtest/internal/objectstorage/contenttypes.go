package objectstorage

import (
	_ "embed"
	"path"
	"strings"
	"sync"
)

const octetStream = "application/octet-stream"

// contentTypes are types and the endings of the names that have them. They are
// those that Swift takes from Python and from Debian's mime.types, of which there
// are more.
//
//go:embed contenttypes.txt
var contentTypes string

var typeOf = sync.OnceValue(func() map[string]string {
	types := map[string]string{}
	for line := range strings.Lines(contentTypes) {
		fields := strings.Fields(line)
		for _, ending := range fields[1:] {
			types["."+ending] = fields[0]
		}
	}
	return types
})

// compressed are the endings that say how a file is packed, not what it is, and
// the short ones that say both.
var compressed = map[string]string{
	".gz": "", ".bz2": "", ".xz": "", ".Z": "", ".br": "",
	".tgz": ".tar", ".taz": ".tar", ".tz": ".tar", ".tbz2": ".tar", ".txz": ".tar", ".svgz": ".svg",
}

// guessType is the content type of an object by its name, where the request has
// none.
func guessType(name string) string {
	ending := endingOf(name)
	if inner, ok := compressed[ending]; ok {
		if ending = inner; inner == "" {
			ending = endingOf(strings.TrimSuffix(name, path.Ext(name)))
		}
	}
	for _, e := range []string{ending, strings.ToLower(ending)} {
		if found, ok := typeOf()[e]; ok {
			return found
		}
	}
	return octetStream
}

// endingOf is what follows the last dot of a name, with the dot. A name that
// begins with its only dot has none.
func endingOf(name string) string {
	base := strings.TrimLeft(name[strings.LastIndexByte(name, '/')+1:], ".")
	return path.Ext(base)
}
