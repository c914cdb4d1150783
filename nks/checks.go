package nks

import (
	"fmt"
	"strings"

	"github.com/nhncloud-go/nhncloud"
)

// indexed is the name of a field with its place in a list.
func indexed(field string, i int) string { return fmt.Sprintf("%s[%d]", field, i) }

// checkJoined refuses what can't be in a list that travels as one text.
func checkJoined(check *nhncloud.ArgumentCheck, field, separator string, list []string) {
	check.RequiredEach(field, list)
	for i, one := range list {
		check.RefuseIf(strings.Contains(one, separator), indexed(field, i), fmt.Sprintf("must not have %q in it", separator))
	}
}

// checkCounts refuses what can't be the nodes of a change that goes from node to
// node.
func checkCounts(check *nhncloud.ArgumentCheck, buffer, maxUnavailable *int) {
	check.RefuseIf(buffer != nil && *buffer < 0, "NumBufferNodes", "must not be negative")
	check.RefuseIf(maxUnavailable != nil && *maxUnavailable <= 0, "NumMaxUnavailableNodes", "must be positive")
}
