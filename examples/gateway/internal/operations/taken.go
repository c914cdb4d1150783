package operations

import (
	"fmt"

	"github.com/nhncloud-go/nhncloud"
)

// Taken is the error about a name that something else has already, of what this API
// names by its name: clusters and containers.
func Taken(field, name string) error {
	return nhncloud.NewArgumentError("", field, fmt.Sprintf("%q is taken", name))
}
