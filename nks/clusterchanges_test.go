package nks_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/nks"
)

func TestClustersResize(t *testing.T) {
	t.Parallel()
	const operation = "nks-resize-nodegroup"
	resize := func(request nks.ResizeRequest) change {
		return func(ctx context.Context, k *nks.Client, cluster, _ string) (string, error) {
			return k.Clusters.Resize(ctx, cluster, request)
		}
	}
	w := want(operation, http.MethodPost, "/clusters/my%20cluster/actions/resize", "@")
	checkChange(t, w, "5bac7acd-58b7-4cf5-95f5-a25d67da13a2", resize(nks.ResizeRequest{NodeGroup: nks.DefaultNodeGroup, NodeCount: 3}))
	sends(t, w, "@nks-resize-nodegroup.request.2.json", documented(operation), func(ctx context.Context, k *nks.Client) error {
		_, err := k.Clusters.Resize(ctx, "my cluster", nks.ResizeRequest{
			NodeGroup: nks.DefaultNodeGroup, NodeCount: 1,
			NodesToRemove: []string{"593e4aee-697f-4808-aa5b-d3c8703795ff", "ce2e2d2a-ddf5-41da-a338-72e7f5237088"},
		})
		return err
	})
	for field, request := range map[string]nks.ResizeRequest{
		"NodeGroup, NodeCount":        {},
		"NodeCount, NodesToRemove[1]": {NodeGroup: "g", NodeCount: -1, NodesToRemove: []string{"a", ""}},
	} {
		refuses(t, operation, field, func(ctx context.Context, k *nks.Client) error {
			_, err := k.Clusters.Resize(ctx, "web", request)
			return err
		})
	}
}

func TestClustersUpdateServiceGateways(t *testing.T) {
	t.Parallel()
	const operation = "nks-update-service-gateways"
	checkChange(t, want(operation, http.MethodPost, "/clusters/my%20cluster/actions/update_sgw", "@"), "5bac7acd-58b7-4cf5-95f5-a25d67da13a2",
		func(ctx context.Context, k *nks.Client, cluster, _ string) (string, error) {
			return k.Clusters.UpdateServiceGateways(ctx, cluster, nks.ServiceGateways{
				NCRServiceGatewayID: "48f4ff38-d14b-4f34-a40c-705524e6a755", OBSServiceGatewayID: "23c550cb-6a5b-4eaa-903a-711c13316d91",
			})
		})
	refuses(t, operation, "NCRServiceGatewayID, OBSServiceGatewayID", func(ctx context.Context, k *nks.Client) error {
		_, err := k.Clusters.UpdateServiceGateways(ctx, "web", nks.ServiceGateways{})
		return err
	})
}

func TestClustersRenewCertificate(t *testing.T) {
	t.Parallel()
	const operation = "nks-renew-certificate"
	checkChange(t, want(operation, http.MethodPatch, "/certificates/my%20cluster", "@"), "5f6af7da-df9b-4edd-8284-02317b11e061",
		func(ctx context.Context, k *nks.Client, cluster, _ string) (string, error) {
			return k.Clusters.RenewCertificate(ctx, cluster, 5)
		})
	refuses(t, operation, "years", func(ctx context.Context, k *nks.Client) error {
		_, err := k.Clusters.RenewCertificate(ctx, "web", 0)
		return err
	})
}

func TestClustersSetControlPlaneLog(t *testing.T) {
	t.Parallel()
	const operation, gateway = "nks-set-control-plane-log", "b6f68830-e688-4d89-ac0a-2f1a5594177a"
	set := func(log nks.ControlPlaneLog) change {
		return func(ctx context.Context, k *nks.Client, cluster, _ string) (string, error) {
			return k.Clusters.SetControlPlaneLog(ctx, cluster, log)
		}
	}
	w := want(operation, http.MethodPatch, "/clusters/my%20cluster", "@")
	checkChange(t, w, "018b06c5-1293-4081-8242-167a1cb9f262", set(nks.ControlPlaneLog{
		Enable: true, Type: nks.LogToLNCS, ServiceGatewayID: gateway, UploadInterval: 10, LNCSAppKey: "3e4jP4LlMGXitafx",
	}))
	for body, log := range map[string]nks.ControlPlaneLog{
		"@nks-set-control-plane-log.request.2.json": {
			Enable: true, Type: nks.LogToOBS, ServiceGatewayID: "b6f68830-e688-4d89-ac03-2f1155a4177a", UploadInterval: 60, OBSStoreAs: "gzip",
			OBSAPIURL: "https://kr1-api-object-storage.nhncloudservice.com/v1/AUTH_d5b58ab0bb9340909bd7ff5a24f44313/iksoon-obs-container/testpath",
		},
		"@nks-set-control-plane-log.request.3.json": {},
	} {
		sends(t, w, body, documented(operation), func(ctx context.Context, k *nks.Client) error {
			_, err := set(log)(ctx, k, "my cluster", "")
			return err
		})
	}
	for field, log := range map[string]nks.ControlPlaneLog{
		"Type, ServiceGatewayID": {Enable: true},
		"LNCSAppKey":             {Enable: true, Type: nks.LogToLNCS, ServiceGatewayID: "g"},
		"OBSAPIURL":              {Enable: true, Type: nks.LogToOBS, ServiceGatewayID: "g"},
		"UploadInterval":         {UploadInterval: -1},
	} {
		refuses(t, operation, field, func(ctx context.Context, k *nks.Client) error {
			_, err := set(log)(ctx, k, "web", "")
			return err
		})
	}
}

func TestClustersAPIEndpointIPACL(t *testing.T) {
	t.Parallel()
	const getOperation, setOperation, uuid = "nks-get-api-endpoint-ipacl", "nks-set-api-endpoint-ipacl", "8be87215-9db7-45ed-a03c-38e6db939915"
	get := func(ctx context.Context, k *nks.Client) (*nks.APIEndpointIPACL, error) {
		return k.Clusters.GetAPIEndpointIPACL(ctx, "web")
	}
	read := want(getOperation, http.MethodGet, "/clusters/web/api_ep_ipacl", "")
	apitest.Check(t, read, documented(getOperation), &nks.APIEndpointIPACL{
		ClusterUUID: uuid, Enable: true, Action: nks.IPACLAllow,
		Targets: []nks.IPACLTarget{{CIDRAddress: "192.168.0.5", Description: "My Friend"}, {CIDRAddress: "10.10.22.3/24"}},
	}, on(get))
	apitest.Check(t, read, apitest.Reply{Body: "@nks-get-api-endpoint-ipacl.response.2.json"}, &nks.APIEndpointIPACL{ClusterUUID: uuid}, on(get))
	refusesIDs(t, getOperation, clusterArg, func(ctx context.Context, k *nks.Client, id string) error {
		_, err := k.Clusters.GetAPIEndpointIPACL(ctx, id)
		return err
	})

	set := func(acl nks.APIEndpointIPACL) change {
		return func(ctx context.Context, k *nks.Client, cluster, _ string) (string, error) {
			return k.Clusters.SetAPIEndpointIPACL(ctx, cluster, acl)
		}
	}
	w := want(setOperation, http.MethodPost, "/clusters/my%20cluster/api_ep_ipacl", "@")
	checkChange(t, w, "0641db9f-5e71-4df9-9571-089c7964d82e", set(nks.APIEndpointIPACL{
		Enable: true, Action: nks.IPACLAllow,
		Targets: []nks.IPACLTarget{{CIDRAddress: "192.168.0.5"}, {CIDRAddress: "10.10.22.3/24", Description: "Your Friends"}},
	}))
	sends(t, w, `{"enable": "False"}`, documented(setOperation), func(ctx context.Context, k *nks.Client) error {
		_, err := set(nks.APIEndpointIPACL{})(ctx, k, "my cluster", "")
		return err
	})
	for field, acl := range map[string]nks.APIEndpointIPACL{
		"Action, Targets":        {Enable: true},
		"Targets[1].CIDRAddress": {Enable: true, Action: nks.IPACLDeny, Targets: []nks.IPACLTarget{{CIDRAddress: "10.0.0.1"}, {}}},
	} {
		refuses(t, setOperation, field, func(ctx context.Context, k *nks.Client) error {
			_, err := set(acl)(ctx, k, "web", "")
			return err
		})
	}
}
