package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/gatewaytest"
)

// endpoint is an endpoint as it is documented.
type endpoint struct {
	method, path string
	operation    string // of the cloud, which it comes to
	request      string // payload; "" where there is none
	response     string // payload; "" where there is none, or none is documented
	status       int
	change       func(w *world, request map[string]any) // puts in what there is in the cloud
	prepare      func(w *world) map[string]string       // makes what is asked for, and says what stands in the path
}

// endpoints are all of them, in the order of the document.
var endpoints = []endpoint{
	{method: "POST", path: "/token/", operation: "identity-v2-create-token", status: 200,
		request: "identity-v2-create-token.gateway.request", response: "identity-v2-create-token.gateway.response", change: changeToken},

	{method: "GET", path: "/compute/flavors/", operation: "compute-v2-list-flavors-detail", status: 200,
		response: "compute-v2-list-flavors-detail.gateway.response"},
	{method: "GET", path: "/compute/keypairs/", operation: "keypair-v2-list-keypairs", status: 200,
		response: "keypair-v2-list-keypairs.gateway.response", prepare: withKeyPair},
	{method: "GET", path: "/compute/images/", operation: "image-v2-list-images", status: 200,
		response: "image-v2-list-images.gateway.response"},
	{method: "GET", path: "/compute/instances/", operation: "compute-v2-list-servers-detail", status: 200,
		response: "compute-v2-list-servers-detail.gateway.response", prepare: withInstance},
	{method: "GET", path: "/compute/instances/{server_id}/", operation: "compute-v2-get-server", status: 200,
		response: "compute-v2-get-server.gateway.response", prepare: withInstance},
	{method: "POST", path: "/compute/instances/create/", operation: "compute-v2-create-server", status: 201,
		request: "compute-v2-create-server.gateway.request", response: "compute-v2-create-server.gateway.response",
		change: changeInstance, prepare: withKeyPair},
	{method: "DELETE", path: "/compute/instances/{server_id}/", operation: "compute-v2-delete-server", status: 204, prepare: withInstance},
	{method: "POST", path: "/compute/instances/{server_id}/action/", operation: "compute-v2-server-action-start", status: 200,
		request: "compute-v2-server-action-start.gateway.request", response: "compute-v2-server-action-start.gateway.response",
		prepare: withStoppedInstance},

	{method: "GET", path: "/vpc/", operation: "network-v2-list-vpcs", status: 200, response: "network-v2-list-vpcs.gateway.response"},
	{method: "POST", path: "/vpc/create/", operation: "network-v2-create-vpc", status: 201,
		request: "network-v2-create-vpc.gateway.request", response: "network-v2-create-vpc.gateway.response"},
	{method: "GET", path: "/vpc/{vpc_id}/", operation: "network-v2-get-vpc", status: 200, prepare: withVPC},
	{method: "DELETE", path: "/vpc/{vpc_id}/", operation: "network-v2-delete-vpc", status: 204, prepare: withVPC},
	{method: "GET", path: "/subnet/", operation: "network-v2-list-vpcsubnets", status: 200,
		response: "network-v2-list-vpcsubnets.gateway.response"},
	{method: "POST", path: "/subnet/create/", operation: "network-v2-create-vpcsubnet", status: 201,
		request: "network-v2-create-vpcsubnet.gateway.request", change: changeSubnet},
	{method: "GET", path: "/subnet/{subnet_id}/", operation: "network-v2-get-vpcsubnet", status: 200, prepare: withVPC},
	{method: "DELETE", path: "/subnet/{subnet_id}/", operation: "network-v2-delete-vpcsubnet", status: 204, prepare: withVPC},
	{method: "GET", path: "/floatingip/", operation: "network-v2-list-floatingips", status: 200,
		response: "network-v2-list-floatingips.gateway.response", prepare: withFloatingIP},

	{method: "GET", path: "/nks/clusters/", operation: "nks-list-clusters", status: 200,
		response: "nks-list-clusters.gateway.response", prepare: withCluster},
	{method: "GET", path: "/nks/clusters/{cluster_name}/", operation: "nks-get-cluster", status: 200, prepare: withCluster},
	{method: "GET", path: "/nks/clusters/{cluster_name}/config/", operation: "nks-get-kubeconfig", status: 200,
		response: "nks-get-kubeconfig.gateway.response", prepare: withCluster},
	{method: "POST", path: "/nks/clusters/create/", operation: "nks-create-cluster", status: 201,
		request: "nks-create-cluster.gateway.request", change: changeCluster, prepare: withKeyPair},
	{method: "DELETE", path: "/nks/clusters/{cluster_name}/", operation: "nks-delete-cluster", status: 204, prepare: withCluster},

	{method: "GET", path: "/storage/containers/", operation: "objectstorage-list-containers", status: 200,
		response: "objectstorage-list-containers.gateway.response", prepare: withObjects},
	{method: "POST", path: "/storage/containers/create/", operation: "objectstorage-put-container", status: 201,
		request: "objectstorage-put-container.gateway.request", response: "objectstorage-put-container.gateway.response"},
	{method: "GET", path: "/storage/containers/{container_name}/", operation: "objectstorage-list-objects", status: 200,
		response: "objectstorage-list-objects.gateway.response", prepare: withObjects},
	{method: "DELETE", path: "/storage/containers/{container_name}/", operation: "objectstorage-delete-container", status: 204,
		prepare: withEmptyContainer},
}

func (e endpoint) name() string { return e.method + " " + e.path }

// headers are those that the endpoint is documented with.
func (e endpoint) headers(w *world) map[string]string {
	switch {
	case strings.HasPrefix(e.path, "/token/"):
		return map[string]string{"Content-Type": "application/json"}
	case strings.HasPrefix(e.path, "/storage/"):
		return w.StorageHeaders()
	}
	headers := w.Headers()
	if !strings.HasPrefix(e.path, "/compute/") {
		delete(headers, "X-NHN-Tenant-ID")
	}
	return headers
}

// body is the documented request, with the ids of the cloud.
func (e endpoint) body(t *testing.T, w *world) string {
	t.Helper()
	if e.request == "" {
		return ""
	}
	request := payload(t, e.request)
	if e.change != nil {
		e.change(w, request)
	}
	text, err := json.Marshal(request)
	require.NoError(t, err)
	return string(text)
}

// ready prepares the cloud, and returns a function that sends the documented request.
func (e endpoint) ready(t *testing.T, w *world, slash bool) func() gatewaytest.Answer {
	t.Helper()
	path := "/api/nhn" + e.path
	if e.prepare != nil {
		for name, value := range e.prepare(w) {
			path = strings.ReplaceAll(path, "{"+name+"}", value)
		}
	}
	if !slash {
		path = strings.TrimSuffix(path, "/")
	}
	body, headers := e.body(t, w), e.headers(w)
	return func() gatewaytest.Answer { return w.do(e.method, path, body, headers) }
}

// Each endpoint takes the documented request, and answers in the documented shape.
func TestEndpoints(t *testing.T) {
	t.Parallel()
	assert.Len(t, endpoints, 27)
	for _, e := range endpoints {
		for _, slash := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s/slash %v", e.name(), slash), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				answer := e.ready(t, w, slash)()
				require.Equal(t, e.status, answer.Status, answer.Body)
				assert.Positive(t, w.Cloud.Count(e.operation))
				switch {
				case e.status == http.StatusNoContent:
					assert.Empty(t, answer.Body)
				case e.response == "":
					answer.JSON(t)
				default:
					sameShape(t, "answer", payload(t, e.response), answer.JSON(t))
				}
			})
		}
	}
}

// The answers of which the document shows no example have the members of those that
// it shows of the same thing.
func TestUndocumentedAnswers(t *testing.T) {
	t.Parallel()
	for _, e := range endpoints {
		if e.response != "" || e.status == http.StatusNoContent {
			continue
		}
		t.Run(e.name(), func(t *testing.T) {
			t.Parallel()
			answer := e.ready(t, newWorld(t), true)().JSON(t).(map[string]any)
			require.Len(t, answer, 1)
			thing := map[string][2]string{
				"/vpc/{vpc_id}/":                {"vpc", "network-v2-list-vpcs"},
				"/subnet/create/":               {"vpcsubnet", "network-v2-list-vpcsubnets"},
				"/subnet/{subnet_id}/":          {"vpcsubnet", "network-v2-list-vpcsubnets"},
				"/nks/clusters/create/":         {"cluster", "nks-list-clusters"},
				"/nks/clusters/{cluster_name}/": {"cluster", "nks-list-clusters"},
			}[e.path]
			got, ok := answer[thing[0]].(map[string]any)
			require.True(t, ok, answer)
			shown := payload(t, thing[1]+".gateway.response")[thing[0]+"s"].([]any)[0].(map[string]any)
			if e.path == "/nks/clusters/create/" { // it is not known how it will be
				maps.DeleteFunc(shown, func(key string, _ any) bool { return key != "uuid" && key != "name" })
			}
			for key := range shown {
				assert.NotEmpty(t, got[key], key)
			}
		})
	}
}
