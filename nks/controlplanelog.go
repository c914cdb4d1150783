package nks

import (
	"context"
	"net/http"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/wire"
)

// ControlPlaneLog tells where the logs of the control plane of a cluster go. The
// zero value stops them. Where it is enabled, Type and ServiceGatewayID are
// required, and LNCSAppKey or OBSAPIURL by the Type.
type ControlPlaneLog struct {
	Enable           bool                `json:"enable"`
	Type             ControlPlaneLogType `json:"type,omitzero"`
	ServiceGatewayID string              `json:"sgw,omitzero"`             // of the Type
	UploadInterval   int                 `json:"upload_interval,omitzero"` // minutes, by the guide 1 to 60; 10 where it is 0
	LNCSAppKey       nhncloud.Secret     `json:"lncs_appkey,omitzero"`     // of Log & Crash Search, of the same project
	OBSAPIURL        string              `json:"obs_api_url,omitzero"`     // of a container, with a path in it
	OBSStoreAs       string              `json:"obs_store_as,omitzero"`    // "gzip" or "text"
}

// ControlPlaneLogType is where logs go. It is an open type.
type ControlPlaneLogType string

// The types of a [ControlPlaneLog].
const (
	LogToLNCS ControlPlaneLogType = "lncs" // Log & Crash Search
	LogToOBS  ControlPlaneLogType = "obs"  // object storage
)

// controlPlaneLogBody is a ControlPlaneLog on its way.
type controlPlaneLogBody struct {
	ControlPlaneLog
	LNCSAppKey string `json:"lncs_appkey,omitzero"`
}

func (l ControlPlaneLog) body() controlPlaneLogBody {
	return controlPlaneLogBody{l, string(l.LNCSAppKey)}
}

// Label returns the setting as the label that a cluster is created with, which is
// JSON in a text.
func (l ControlPlaneLog) Label() nhncloud.Secret {
	text, _ := wire.Marshal(l.body()) // text that is not UTF-8 is refused when it is sent
	return nhncloud.Secret(text)
}

func (l *ControlPlaneLog) check(operation string) error {
	var check nhncloud.ArgumentCheck
	if l.Enable {
		check.Required("Type", string(l.Type))
		check.Required("ServiceGatewayID", l.ServiceGatewayID)
		check.RefuseIf(l.Type == LogToLNCS && l.LNCSAppKey == "", "LNCSAppKey", "must not be empty")
		check.RefuseIf(l.Type == LogToOBS && l.OBSAPIURL == "", "OBSAPIURL", "must not be empty")
	}
	check.RefuseIf(l.UploadInterval < 0, "UploadInterval", "must not be negative")
	return check.Err(operation)
}

// SetControlPlaneLog begins to change where the logs of the control plane go, and
// returns the UUID of the cluster. Wait with [ClustersService.WaitForComplete].
//
// API: PATCH /v1/clusters/{CLUSTER_ID_OR_NAME} (nks-set-control-plane-log; Container-Kubernetes en/public-api.md)
func (s *ClustersService) SetControlPlaneLog(ctx context.Context, cluster string, log ControlPlaneLog) (uuid string, err error) {
	const operation = "nks-set-control-plane-log"
	if err := log.check(operation); err != nil {
		return "", err
	}
	return fetchUUID(ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceKubernetes,
		Method:      http.MethodPatch,
		Path:        "/v1/clusters/{CLUSTER_ID_OR_NAME}",
		Args:        []string{cluster},
		Body:        map[string]any{"type": "control_plane_log", "control_plane_log": log.body()},
		ResponseKey: "uuid",
		Secrets:     []nhncloud.Secret{log.LNCSAppKey},
	})
}
