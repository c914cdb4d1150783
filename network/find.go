package network

import (
	"fmt"
	"strings"

	"github.com/nhncloud-go/nhncloud"
)

// only returns the one thing that a search found. None is an
// [nhncloud.ErrNotFound]; of several the caller has to choose.
func only[T any](operation, what string, found []*T, id func(*T) string) (*T, error) {
	switch len(found) {
	case 0:
		return nil, &nhncloud.Error{Operation: operation, Message: "there is no " + what, Err: nhncloud.ErrNotFound}
	case 1:
		return found[0], nil
	}
	ids := make([]string, len(found))
	for i, item := range found {
		ids[i] = id(item)
	}
	return nil, &nhncloud.Error{
		Operation: operation,
		Message:   fmt.Sprintf("there is more than one %s, of which one has to be chosen: %s", what, strings.Join(ids, ", ")),
		Err:       nhncloud.ErrConflict,
	}
}
