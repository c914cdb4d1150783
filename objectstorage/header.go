package objectstorage

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/transfer"
)

// metadataName is the name of metadata as it comes back from the service, which
// tells neither cases nor "_" and "-" apart.
func metadataName(name string) string { return strings.ReplaceAll(strings.ToLower(name), "_", "-") }

// setMetadata puts metadata into a header, each entry under the prefix, such as
// "X-Object-Meta-".
func setMetadata(operation string, header http.Header, prefix string, metadata map[string]string) error {
	if len(metadata) == 0 {
		return nil
	}
	taken := make(map[string]string, len(metadata))
	for name, value := range metadata {
		field, fault := "Metadata "+strconv.QuoteToASCII(name), ""
		other, twice := taken[metadataName(name)]
		taken[metadataName(name)] = name
		switch {
		case name == "":
			field, fault = "Metadata", "has an entry without a name"
		case twice:
			fault = fmt.Sprintf("is one with %q: the service tells neither cases nor _ and - apart", other)
		case header.Values(prefix+name) != nil:
			fault = "is set by another field, too"
		case value != strings.Trim(value, " \t"):
			fault = "has a space at its beginning or end, which HTTP would drop"
		case !utf8.ValidString(value):
			fault = "must be UTF-8"
		}
		if fault != "" {
			return nhncloud.NewArgumentError(operation, field, fault)
		}
		header.Set(prefix+name, value)
	}
	return nil
}

// metadataOf collects the entries of a header that stand under the prefix. Their
// names are in lower case, because HTTP does not tell cases apart.
func metadataOf(header http.Header, prefix string) map[string]string {
	var metadata map[string]string
	for name, values := range header {
		if len(name) > len(prefix) && strings.EqualFold(name[:len(prefix)], prefix) {
			if metadata == nil {
				metadata = map[string]string{}
			}
			metadata[strings.ToLower(name[len(prefix):])] = values[0]
		}
	}
	return metadata
}

// The values of header fields: absent ones, which are empty, and unreadable ones
// are zero. Absent ones are common, and an error about them is not cheap.

func intIn(value string) int64 {
	if value == "" {
		return 0
	}
	n, _ := strconv.ParseInt(value, 10, 64)
	return n
}

// sizeIn reads a number of bytes, which is transfer.UnknownSize where there is none.
func sizeIn(value string) int64 {
	n, err := strconv.ParseUint(value, 10, 63)
	if err != nil {
		return transfer.UnknownSize
	}
	return int64(n)
}

func boolIn(value string) bool { return strings.EqualFold(value, "true") || value == "1" }

// unixIn reads a decimal Unix time.
func unixIn(value string) time.Time {
	if value == "" {
		return time.Time{}
	}
	whole, fraction, _ := strings.Cut(value, ".")
	sec, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return time.Time{}
	}
	nsec, _ := strconv.ParseInt((fraction + "000000000")[:9], 10, 64)
	return time.Unix(sec, nsec).UTC()
}

func httpTimeIn(value string) time.Time {
	if value == "" {
		return time.Time{}
	}
	t, _ := http.ParseTime(value)
	return t
}

// etagOf reads an ETag. The service puts it in quotes for some containers and
// for large objects; a proxy may mark it as weak.
func etagOf(header http.Header) string { return trimETag(header.Get("ETag")) }

// isMD5 reports whether an ETag is one.
func isMD5(etag string) bool {
	_, err := hex.DecodeString(etag)
	return err == nil && len(etag) == md5.Size*2
}

func trimETag(etag string) string { return strings.Trim(strings.TrimPrefix(etag, "W/"), `"`) }

// setHeader sets a field of a header, which is made where there is none.
func setHeader(header *http.Header, name, value string) {
	if *header == nil {
		*header = make(http.Header, 4)
	}
	header.Set(name, value)
}

// unixText is a time as decimal Unix time, or "" for the zero time.
func unixText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strconv.FormatInt(t.Unix(), 10)
}

// unescaped takes percent-encoding off where it is whole.
func unescaped(s string) string {
	if plain, err := url.PathUnescape(s); err == nil {
		return plain
	}
	return s
}

// escapedPath encodes "container/name" for a header, and with it the characters
// that mean something in one, such as "&" and ";". Of the slashes in the name,
// that is one at its beginning.
func escapedPath(container, name string) string {
	name = escapes.Replace(url.QueryEscape(name))
	if rest, slash := strings.CutPrefix(name, "/"); slash {
		name = "%2F" + rest
	}
	return escapes.Replace(url.QueryEscape(container)) + "/" + name
}

var escapes = strings.NewReplacer("+", "%20", "%2F", "/")
