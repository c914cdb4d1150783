package objectstorage

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/nhncloud-go/nhncloud"
)

// Client groups the resources of the Object Storage service.
type Client struct {
	Account     *AccountService
	Containers  *ContainersService
	Objects     *ObjectsService
	Credentials *CredentialsService
}

// New returns a Client that makes its calls through client.
func New(client *nhncloud.Client) *Client {
	return &Client{
		Account:     &AccountService{client},
		Containers:  &ContainersService{client},
		Objects:     &ObjectsService{client},
		Credentials: &CredentialsService{client},
	}
}

// ErrContainerNotFound is the cause of a failure where the service tells that
// it is the container that does not exist, and not an object in it. Such a
// failure is an [nhncloud.ErrNotFound] as well.
var ErrContainerNotFound = errors.New("the container does not exist")

// noContainer adds ErrContainerNotFound to the failure of a call that can find
// nothing missing but the container.
func noContainer(err error) error {
	var e *nhncloud.Error
	if errors.As(err, &e) && e.StatusCode == http.StatusNotFound && e.Err == nil {
		e.Err = ErrContainerNotFound
	}
	return err
}

const (
	maxContainerName = 256  // bytes
	maxObjectName    = 1024 // bytes
)

// checkContainer refuses what can't be the name of a container.
func checkContainer(operation, field, name string) error {
	fault := nameFault(name, maxContainerName)
	switch {
	case strings.Contains(name, "/"):
		fault = "must not have a slash"
	case strings.ContainsFunc(name, unicode.IsControl):
		fault = "must not have a control character"
	}
	if fault != "" {
		return nhncloud.NewArgumentError(operation, field, fault)
	}
	return nil
}

// checkObject refuses what can't be the names of a container and of an object
// in it.
func checkObject(operation, container, name string) error {
	return checkLocation(operation, "Container", "Object", Location{container, name})
}

// checkLocation is checkObject for a place whose names have fields of their own.
func checkLocation(operation, containerField, nameField string, l Location) error {
	if err := checkContainer(operation, containerField, l.Container); err != nil {
		return err
	}
	if fault := nameFault(l.Name, maxObjectName); fault != "" {
		return nhncloud.NewArgumentError(operation, nameField, fault)
	}
	return nil
}

// nameFault says why a name can't be sent as one, or "". What stands between the
// program and the service could take "." and ".." for a path to something else.
func nameFault(name string, most int) string {
	switch {
	case name == "":
		return "must not be empty"
	case len(name) > most:
		return fmt.Sprintf("has %d bytes, at most %d are allowed", len(name), most)
	case !utf8.ValidString(name):
		return "must be UTF-8"
	}
	if dots := dotSegment(name); dots != "" {
		return fmt.Sprintf("must not have the segment %q", dots)
	}
	return ""
}

// dotSegment returns the first "." or ".." between the slashes of a name, or "".
func dotSegment(name string) string {
	for segment := range strings.SplitSeq(name, "/") {
		if segment == "." || segment == ".." {
			return segment
		}
	}
	return ""
}

// setMetadata puts metadata into a header, each entry under the prefix, such as
// "X-Object-Meta-".
func setMetadata(operation string, header http.Header, prefix string, metadata map[string]string) error {
	for name, value := range metadata {
		field, fault := "Metadata "+strconv.QuoteToASCII(name), ""
		switch {
		case name == "":
			field, fault = "Metadata", "has an entry without a name"
		case header.Values(prefix+name) != nil:
			fault = "is there twice: HTTP does not tell cases apart"
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

func trimETag(etag string) string { return strings.Trim(strings.TrimPrefix(etag, "W/"), `"`) }
