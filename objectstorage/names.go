package objectstorage

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nhncloud-go/nhncloud"
)

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
		return `must be a name, not ""`
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
