package nks_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/nks"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const baseURL = "https://kr1-api-kubernetes-infrastructure.nhncloudservice.com/v1"

var kubernetes = apitest.Service[*nks.Client]{New: nks.New, BaseURL: baseURL, Header: map[string]string{"OpenStack-API-Version": "container-infra latest"}}

var (
	want       = kubernetes.Want
	documented = apitest.Documented
	refuses    = kubernetes.Refuses
	refusesIDs = kubernetes.RefusesIDs
	sends      = kubernetes.Sends
)

// on makes a call of NKS one of any client.
func on[T any](call func(context.Context, *nks.Client) (T, error)) func(context.Context, *nhncloud.Client) (T, error) {
	return apitest.On(kubernetes, call)
}

// The placeholders of paths.
const (
	clusterArg   = "CLUSTER_ID_OR_NAME"
	nodeGroupArg = "NODEGROUP_ID_OR_NAME"
)

// change is an operation on a cluster, or on one of its node groups where it has
// one, that answers with a UUID.
type change func(ctx context.Context, k *nks.Client, cluster, nodeGroup string) (string, error)

// checkChange checks a change of a cluster, and the names in its path.
func checkChange(t *testing.T, w apitest.Want, uuid string, do change) {
	t.Helper()
	apitest.Check(t, w, documented(w.Operation), uuid, on(func(ctx context.Context, k *nks.Client) (string, error) {
		return do(ctx, k, "my cluster", "workers")
	}))
	refusesIDs(t, w.Operation, clusterArg, func(ctx context.Context, k *nks.Client, id string) error {
		_, err := do(ctx, k, id, "workers")
		return err
	})
}

// checkNodeGroupChange is [checkChange] for a change of a node group.
func checkNodeGroupChange(t *testing.T, w apitest.Want, uuid string, do change) {
	t.Helper()
	checkChange(t, w, uuid, do)
	refusesIDs(t, w.Operation, nodeGroupArg, func(ctx context.Context, k *nks.Client, id string) error {
		_, err := do(ctx, k, "web", id)
		return err
	})
}

// at reads a time of a payload.
func at(t *testing.T, text string) time.Time {
	t.Helper()
	parsed, err := time.Parse(time.RFC3339, text)
	require.NoError(t, err)
	return parsed.UTC()
}

// links are those of a resource, of which one has the version in its URL.
func links(path string) []nks.Link {
	const host = "https://kr2-api-kubernetes-infrastructure.nhncloudservice.com"
	return []nks.Link{{Href: host + "/v1" + path, Rel: "self"}, {Href: host + path, Rel: "bookmark"}}
}

// TestConstants has the words of the guide.
func TestConstants(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []nks.Status{
		"CREATE_IN_PROGRESS", "CREATE_COMPLETE", "CREATE_FAILED", "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE", "UPDATE_FAILED",
		"DELETE_IN_PROGRESS", "DELETE_COMPLETE", "DELETE_FAILED",
	}, []nks.Status{
		nks.StatusCreateInProgress, nks.StatusCreateComplete, nks.StatusCreateFailed, nks.StatusUpdateInProgress, nks.StatusUpdateComplete,
		nks.StatusUpdateFailed, nks.StatusDeleteInProgress, nks.StatusDeleteComplete, nks.StatusDeleteFailed,
	})
	assert.Equal(t, []nks.HealthStatus{"FRESH", "STALE", "ROTTEN", "HEALTHY"},
		[]nks.HealthStatus{nks.HealthFresh, nks.HealthStale, nks.HealthRotten, nks.HealthHealthy})
	assert.Equal(t, []string{"default-master", "default-worker"}, []string{nks.ControlPlane, nks.DefaultNodeGroup})
	assert.Equal(t, []nks.EventState{"SUCCESS", "FAIL", "IN_PROGRESS"}, []nks.EventState{nks.EventSuccess, nks.EventFail, nks.EventInProgress})
	assert.Equal(t, []nks.IPACLAction{"ALLOW", "DENY"}, []nks.IPACLAction{nks.IPACLAllow, nks.IPACLDeny})
	assert.Equal(t, []nks.ControlPlaneLogType{"lncs", "obs"}, []nks.ControlPlaneLogType{nks.LogToLNCS, nks.LogToOBS})
	assert.Equal(t, []nks.RulesOperator{"and", "or"}, []nks.RulesOperator{nks.RulesAnd, nks.RulesOr})
	assert.Equal(t, []nks.Metric{
		"GROUP_CPU_USAGE", "GROUP_MEMORY_USAGE", "GROUP_DISK_READ_BYTES", "GROUP_DISK_WRITE_BYTES", "GROUP_NETWORK_SENT_BYTES", "GROUP_NETWORK_RECV_BYTES",
	}, []nks.Metric{
		nks.MetricCPUUsage, nks.MetricMemoryUsage, nks.MetricDiskReadBytes, nks.MetricDiskWriteBytes, nks.MetricNetworkSentBytes, nks.MetricNetworkReceivedBytes,
	})
	assert.Equal(t, []nks.ConflictResolution{"none", "overwrite", "preserve"}, []nks.ConflictResolution{nks.ResolveNone, nks.ResolveOverwrite, nks.ResolvePreserve})
	assert.Equal(t, []nks.AddonOptionType{"STRING", "INTEGER", "SELECT"}, []nks.AddonOptionType{nks.AddonOptionString, nks.AddonOptionInteger, nks.AddonOptionSelect})
}

func TestStatus(t *testing.T) {
	t.Parallel()
	for _, status := range []nks.Status{"CREATE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS"} {
		assert.Equal(t, []bool{true, false, false}, []bool{status.InProgress(), status.Complete(), status.Failed()}, status)
	}
	for _, status := range []nks.Status{"UPDATE_COMPLETE", "RESUME_COMPLETE"} {
		assert.Equal(t, []bool{false, true, false}, []bool{status.InProgress(), status.Complete(), status.Failed()}, status)
	}
	assert.True(t, nks.Status("DELETE_FAILED").Failed())
	for _, status := range []nks.Status{"", "COMPLETE", "STRANGE"} {
		assert.Equal(t, []bool{false, false, false}, []bool{status.InProgress(), status.Complete(), status.Failed()}, status)
	}
}
