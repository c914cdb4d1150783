package nks

import "strings"

// Status is what is being done, or was done last, to a cluster, a node group or an
// add-on, and how it ended. It is an open type.
type Status string

// The statuses. Those of a creation, an update and a deletion alike end in
// IN_PROGRESS, COMPLETE and FAILED.
const (
	StatusCreateInProgress Status = "CREATE_IN_PROGRESS"
	StatusCreateComplete   Status = "CREATE_COMPLETE"
	StatusCreateFailed     Status = "CREATE_FAILED"
	StatusUpdateInProgress Status = "UPDATE_IN_PROGRESS"
	StatusUpdateComplete   Status = "UPDATE_COMPLETE"
	StatusUpdateFailed     Status = "UPDATE_FAILED"
	StatusDeleteInProgress Status = "DELETE_IN_PROGRESS"
	StatusDeleteComplete   Status = "DELETE_COMPLETE"
	StatusDeleteFailed     Status = "DELETE_FAILED"
)

const (
	inProgress = "IN_PROGRESS"
	complete   = "COMPLETE"
	failed     = "FAILED"
)

// InProgress reports whether something is being done. NKS refuses another change
// until it ends.
func (s Status) InProgress() bool { return s.ends(inProgress) }

// Complete reports whether what was done last succeeded.
func (s Status) Complete() bool { return s.ends(complete) }

// Failed reports whether what was done last failed. The guide says that the
// configuration can't be changed until that is repaired.
func (s Status) Failed() bool { return s.ends(failed) }

func (s Status) ends(outcome string) bool { return strings.HasSuffix(string(s), "_"+outcome) }

// HealthStatus tells how far what is known of the Kubernetes API and the nodes of
// a cluster can be relied on. It is an open type.
type HealthStatus string

// The health statuses of a cluster.
const (
	HealthFresh   HealthStatus = "FRESH"
	HealthStale   HealthStatus = "STALE"   // it was not renewed for some time
	HealthRotten  HealthStatus = "ROTTEN"  // it was not renewed for long
	HealthHealthy HealthStatus = "HEALTHY" // in the examples of the guide alone
)
