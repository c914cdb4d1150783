package api_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every body that can't be right is refused with the name of the field, before
// anything is sent.
func TestBadBodies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Cloud.ResetRequests()
	optional := []string{
		"volume_size", "security_groups", "availability_zone",
		"node_count", "boot_volume_size", "boot_volume_type", "is_public", "external_network_id", "external_subnet_id",
	}
	for _, e := range endpoints {
		if e.request == "" {
			continue
		}
		t.Run(e.name(), func(t *testing.T) {
			path := "/api/nhn" + strings.ReplaceAll(e.path, "{server_id}", "server-id-123")
			ask := func(code int, word, body string) {
				t.Helper()
				assertError(t, code, word, w.do(e.method, path, body, e.headers(w)))
			}
			for _, body := range []string{"", "  ", "hello", "{", `"text"`, "[]", "null", "7", `{"name": "a"} {`, "\xff"} {
				ask(400, "body", body)
			}
			ask(400, "body", `{"padding": "`+strings.Repeat("x", 1<<20)+`"}`)
			request := payload(t, e.request)
			for field, value := range request {
				change := func(value any) string {
					changed := maps.Clone(request)
					changed[field] = value
					if value == nil {
						delete(changed, field)
					}
					text, err := json.Marshal(changed)
					require.NoError(t, err)
					return string(text)
				}
				ask(400, field, change(map[string]any{}))
				if _, ok := value.(string); ok {
					ask(400, field, change(7))
				} else {
					ask(400, field, change("seven"))
				}
				if !slices.Contains(optional, field) {
					ask(400, field, change(json.RawMessage("null")))
					ask(400, field, change(nil))
					ask(400, field, change(""))
				}
				if _, ok := value.(float64); ok {
					ask(400, field, change(0))
					ask(400, field, change(-1))
					ask(400, field, change(1.5))
				}
			}
			changed := maps.Clone(request)
			changed["volumesize"] = 7
			text, err := json.Marshal(changed)
			require.NoError(t, err)
			ask(400, "volumesize", string(text))

			headers := e.headers(w)
			headers["Content-Type"] = "text/plain"
			text, err = json.Marshal(request)
			require.NoError(t, err)
			assertError(t, 400, "text/plain", w.do(e.method, path, string(text), headers))
		})
	}
	assert.Empty(t, w.Cloud.Requests())
}

func TestBadValues(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.AddKeyPair()
	w.AddCluster("taken")
	ask := func(code int, word, method, path, body string) {
		t.Helper()
		assertError(t, code, word, w.do(method, "/api/nhn"+path, body, w.Headers()))
	}
	for _, action := range []string{"explode", "START", "", "start "} {
		ask(400, "action", "POST", "/compute/instances/id/action/", `{"action": "`+action+`"}`)
	}
	ask(400, "cidr", "POST", "/vpc/create/", `{"name": "a", "cidr": "10.0.0.0"}`)
	ask(400, "cidr", "POST", "/subnet/create/", `{"vpc_id": "`+w.Cloud.NetworkID()+`", "name": "a", "cidr": "10.0.0.0"}`)
	ask(400, "server_id", "GET", "/compute/instances/a%2Fb/", "")
	ask(400, "server_id", "DELETE", "/compute/instances/%2e%2e/", "")
	ask(400, "vpc_id", "GET", "/vpc/a%2Fb/", "")
	ask(400, "subnet_id", "GET", "/subnet/a%2Fb/", "")
	ask(400, "cluster_name", "GET", "/nks/clusters/a%2Fb/", "")
	ask(400, "cluster_name", "DELETE", "/nks/clusters/a%0Ab/", "")

	cluster := payload(t, "nks-create-cluster.gateway.request")
	changeCluster(w, cluster)
	create := func() string {
		text, err := json.Marshal(cluster)
		require.NoError(t, err)
		return string(text)
	}
	cluster["cluster_name"] = "taken"
	ask(400, "cluster_name", "POST", "/nks/clusters/create/", create())
	cluster["cluster_name"], cluster["kubernetes_version"] = "new", "v0.1.0"
	ask(400, "v0.1.0", "POST", "/nks/clusters/create/", create())
	delete(cluster, "external_network_id")
	ask(400, "external_network_id", "POST", "/nks/clusters/create/", create())
	delete(cluster, "external_subnet_id")
	ask(400, "external_network_id: must not be empty; external_subnet_id: must not be empty", "POST", "/nks/clusters/create/", create())

	storage := func(code int, word, method, path, body string) {
		t.Helper()
		assertError(t, code, word, w.do(method, "/api/nhn/storage/containers"+path, body, w.StorageHeaders()))
	}
	withObjects(w)
	storage(400, "name", "POST", "/create/", `{"name": "container1"}`)
	storage(400, "name", "POST", "/create/", `{"name": "a/b"}`)
	storage(400, "container_name", "GET", "/a%2Fb/", "")
	storage(400, "", "DELETE", "/container1/", "") // it has objects
	storage(404, "", "GET", "/none/", "")
}

// What is no endpoint answers in the form of the API too.
func TestPaths(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, path := range []string{"/", "/api/nhn", "/api/nhn/", "/api/nhn/moon/", "/api/nhn/compute/", "/api/nhn/vpc/a/b/", "//api/nhn/vpc/", "/api/nhn/../nhn/vpc/", "/api/nhn/vpc//"} {
		for _, method := range []string{"GET", "POST", "DELETE", "PUT", "PATCH"} {
			assertError(t, 404, "no such path", w.do(method, path, "", w.Headers()))
		}
	}
	for _, e := range endpoints {
		for _, slash := range []string{"/", ""} {
			path := "/api/nhn" + strings.TrimSuffix(strings.NewReplacer("{", "", "}", "").Replace(e.path), "/") + slash
			answer := w.do("PUT", path, "{}", e.headers(w))
			assertError(t, 400, e.method, answer)
			assert.Contains(t, answer.Header.Get("Allow"), e.method)
		}
	}
	answer := w.do(http.MethodHead, "/api/nhn/vpc/", "", w.Headers())
	assert.Equal(t, 200, answer.Status)
}

// What is left out has the documented defaults.
func TestDefaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.AddKeyPair()
	instance := payload(t, "compute-v2-create-server.gateway.request")
	changeInstance(w, instance)
	for _, field := range []string{"volume_size", "security_groups", "availability_zone"} {
		delete(instance, field)
	}
	cluster := payload(t, "nks-create-cluster.gateway.request")
	changeCluster(w, cluster)
	for _, field := range []string{"is_public", "node_count", "boot_volume_size", "boot_volume_type"} {
		delete(cluster, field)
	}
	for path, test := range map[string]struct {
		request   map[string]any
		operation string
		words     []string
	}{
		"/compute/instances/create/": {instance, "compute-v2-create-server", []string{`"volume_size":50`, `"security_groups":[{"name":"default"}]`}},
		"/nks/clusters/create/": {cluster, "nks-create-cluster", []string{
			`"node_count":1`, `"boot_volume_size":"50"`, `"boot_volume_type":"General SSD"`, `"master_lb_floating_ip_enabled":"True"`,
		}},
	} {
		text, err := json.Marshal(test.request)
		require.NoError(t, err)
		answer := w.do("POST", "/api/nhn"+path, string(text), w.Headers())
		require.Equal(t, 201, answer.Status, answer.Body)
		for _, r := range w.Cloud.Requests() {
			if r.Operation == test.operation {
				for _, word := range test.words {
					assert.Contains(t, string(r.Body), word)
				}
				assert.NotContains(t, string(r.Body), `"availability_zone":""`)
			}
		}
	}
	w.Cloud.ResetRequests()
	cluster["cluster_name"], cluster["is_public"] = "private", false
	text, err := json.Marshal(cluster)
	require.NoError(t, err)
	answer := w.do("POST", "/api/nhn/nks/clusters/create/", string(text), w.Headers())
	require.Equal(t, 201, answer.Status, answer.Body)
	requests := w.Cloud.Requests()
	assert.Contains(t, string(requests[len(requests)-1].Body), `"master_lb_floating_ip_enabled":"False"`)
}
