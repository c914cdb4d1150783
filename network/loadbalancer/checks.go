package loadbalancer

import (
	"fmt"
	"strings"

	"github.com/nhncloud-go/nhncloud"
)

// nothingToChange is what is wrong with an update that is empty.
const nothingToChange = "must be set where nothing else is, because there is nothing to change"

// checkPort refuses what is no port from least on.
func checkPort(check *nhncloud.ArgumentCheck, field string, port, least int) {
	check.RefuseIf(port < least || port > 65535, field, fmt.Sprintf("must be between %d and 65535", least))
}

// checkWeight refuses what can't be the share of a member.
func checkWeight(check *nhncloud.ArgumentCheck, weight *int) {
	check.RefuseIf(weight != nil && (*weight < 0 || *weight > 256), "Weight", "must be between 0 and 256")
}

// orNull is the value of a member that is left out for nil, and null for a
// pointer to what stands for nothing.
func orNull[T comparable](value *T) any {
	var nothing T
	switch {
	case value == nil:
		return nil
	case *value == nothing:
		return (*T)(nil)
	}
	return value
}

// saysBusy reports whether the message of a refusal is that of Octavia, or of
// the service before it, for a load balancer with a change under way.
func saysBusy(message string) bool {
	return strings.Contains(message, "is immutable and cannot be updated") ||
		strings.Contains(message, "Invalid state PENDING_CREATE") || strings.Contains(message, "Invalid state PENDING_UPDATE")
}

// checkListenerLimits refuses what can't be the limits of a listener. A
// connection limit of -1 is none in OpenStack.
func checkListenerLimits(check *nhncloud.ArgumentCheck, connections, keepalive *int) {
	check.RefuseIf(connections != nil && (*connections < -1 || *connections == 0), "ConnectionLimit", "must be positive")
	check.RefuseIf(keepalive != nil && *keepalive < 0, "KeepaliveTimeout", "must not be negative")
}
