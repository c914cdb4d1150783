package nks_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// kube is a client of the Kubernetes API of a cluster.
type kube struct {
	t      *testing.T
	server string
	roots  *x509.CertPool
	admin  tls.Certificate
}

func (w *world) kube(cluster string) *kube {
	w.T.Helper()
	answer := w.get(cluster + "/config")
	cloudtest.SameShape(w.T, "nks-get-kubeconfig.response", answer)
	config := answer["config"].(string)
	value := func(key string) string {
		found := regexp.MustCompile(`(?m)^ +` + key + `: (.+)$`).FindStringSubmatch(config)
		require.Len(w.T, found, 2, key)
		return found[1]
	}
	data := func(key string) []byte {
		b, err := base64.StdEncoding.DecodeString(value(key))
		require.NoError(w.T, err)
		return b
	}
	k := &kube{t: w.T, server: value("server"), roots: x509.NewCertPool()}
	require.True(w.T, k.roots.AppendCertsFromPEM(data("certificate-authority-data")))
	var err error
	k.admin, err = tls.X509KeyPair(data("client-certificate-data"), data("client-key-data"))
	require.NoError(w.T, err)
	return k
}

// try sends a request over a connection of its own.
func (k *kube) try(method, path string, certificates ...tls.Certificate) (int, object, error) {
	k.t.Helper()
	client := &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: k.roots, Certificates: certificates},
	}}
	req, err := http.NewRequestWithContext(k.t.Context(), method, k.server+path, nil)
	require.NoError(k.t, err)
	res, err := client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	require.NoError(k.t, err)
	var o object
	require.NoError(k.t, json.Unmarshal(body, &o))
	return res.StatusCode, o, nil
}

// get sends a request with the certificate of the kubeconfig.
func (k *kube) get(path string) object {
	k.t.Helper()
	status, body, err := k.try("GET", path, k.admin)
	require.NoError(k.t, err)
	require.Equal(k.t, 200, status, "%v", body)
	return body
}

// refused sends a request that Kubernetes refuses.
func (k *kube) refused(status int, reason, message, method, path string, certificates ...tls.Certificate) {
	k.t.Helper()
	got, body, err := k.try(method, path, certificates...)
	require.NoError(k.t, err)
	assert.Equal(k.t, status, got)
	assert.Equal(k.t, []any{"Status", "Failure", reason}, []any{body["kind"], body["status"], body["reason"]})
	assert.Contains(k.t, body["message"], message)
}

func TestKubernetesAPI(t *testing.T) {
	w := newWorld(t)
	path := w.cluster("kube", nil, object{"node_count": 2})
	k := w.kube(path)
	assert.Equal(t, k.server, w.get(path)["api_address"])
	assert.Equal(t, "v1.30.3", k.get("/version")["gitVersion"])

	list := k.get("/api/v1/nodes?limit=500&resourceVersion=0")
	assert.Equal(t, "NodeList", list["kind"])
	require.Len(t, list["items"], 2)
	node := cloudtest.At(list, "items", 0).(object)
	server := w.nodes()[cloudtest.At(node, "metadata", "name").(string)]
	assert.Equal(t, server["id"], cloudtest.At(node, "metadata", "uid"))
	assert.Equal(t, cloudtest.At(server, "addresses", "Default Network", 0, "addr"), cloudtest.At(node, "status", "addresses", 0, "address"))
	assert.Equal(t, "v1.30.3", cloudtest.At(node, "status", "nodeInfo", "kubeletVersion"))
	assert.Equal(t, "True", cloudtest.At(node, "status", "conditions", 0, "status"))

	other := w.kube(w.cluster("other", nil, nil))
	k.refused(401, "Unauthorized", "Unauthorized", "GET", "/version")
	k.refused(401, "Unauthorized", "Unauthorized", "GET", "/version", other.admin)
	k.refused(404, "NotFound", "nothing but /version and /api/v1/nodes", "GET", "/api/v1/pods", k.admin)
	k.refused(405, "MethodNotAllowed", "can only be read", "POST", "/api/v1/nodes", k.admin)
	k.refused(400, "BadRequest", "without labelSelector", "GET", "/api/v1/nodes?labelSelector=a%3Db", k.admin)
	k.refused(400, "BadRequest", "without watch", "GET", "/api/v1/nodes?watch=true", k.admin)
	k.roots = other.roots
	_, _, err := k.try("GET", "/version", k.admin)
	require.ErrorContains(t, err, "certificate signed by unknown authority")
}

// Kubernetes knows the nodes that run, with their labels.
func TestKubernetesNodes(t *testing.T) {
	w := newWorld(t)
	path := w.cluster("nodes", object{"k8s_node_labels": "tier=front,odd,zone = a"}, object{"node_count": 3})
	group := path + "/nodegroups/default-worker"
	k := w.kube(path)
	label := func(key string) any {
		return cloudtest.At(k.get("/api/v1/nodes"), "items", 0, "metadata", "labels").(object)[key]
	}
	assert.Equal(t, "front", label("tier"))
	assert.Equal(t, "a", label("zone"))
	w.changed("NODEGROUP_UPDATE_K8S_NODE_LABELS", path, "PATCH", group, cloudtest.Fixture(t, "nks-set-node-labels.request"))
	assert.Equal(t, "production", label("node_type"))
	assert.Nil(t, label("tier"))
	assert.Equal(t, "m2.c2m4", label("node.kubernetes.io/instance-type"))

	ids := w.nodeIDs()
	w.changed("NODEGROUP_NODE_ACTION_STOP_NODE", path, "POST", group+"/stop_node", object{"node_list": ids[0]})
	require.NoError(t, w.SetServerStatus(ids[1], "ERROR"))
	items := k.get("/api/v1/nodes")["items"].([]any)
	require.Len(t, items, 2)
	var states []any
	for _, node := range items {
		states = append(states, cloudtest.At(node, "status", "conditions", 0, "status"))
	}
	assert.ElementsMatch(t, []any{"True", "Unknown"}, states)
	w.do(202, "POST", path+"/actions/resize", object{"node_count": 1, "nodegroup": "default-worker", "nodes_to_remove": []string{ids[1]}})
	assert.LessOrEqual(t, len(k.get("/api/v1/nodes")["items"].([]any)), 1)
}

func TestCertificates(t *testing.T) {
	w := newWorld(t)
	path := w.cluster("cert", nil, nil)
	certificates := "certificates/" + path[len("clusters/"):]
	assert.Equal(t, "2031-03-01T12:00:00+00:00", cloudtest.At(w.get(path), "labels", "certificate_expiry"))
	old := w.kube(path)
	old.get("/version")
	w.refused(400, "term_of_validity. Value: 'None'.", "PATCH", certificates, object{})
	w.refused(400, "term_of_validity. Value: '6'. It is not between 1 and 5.", "PATCH", certificates, object{"term_of_validity": 6})
	w.changed("CLUSTER_ROTATE_CERTIFICATE", path, "PATCH", certificates, object{"term_of_validity": 1})
	assert.Equal(t, "2027-03-01T12:02:00+00:00", cloudtest.At(w.get(path), "labels", "certificate_expiry"))
	_, _, err := old.try("GET", "/version", old.admin)
	require.ErrorContains(t, err, "certificate signed by unknown authority", "as the guide says")
	k := w.kube(path)
	k.refused(401, "Unauthorized", "", "GET", "/version", old.admin)
	k.get("/version")
	w.Advance(366 * 24 * time.Hour)
	k.refused(401, "Unauthorized", "", "GET", "/version", k.admin)
}

func TestAccessList(t *testing.T) {
	w := newWorld(t)
	list := func(action, address string) object {
		return object{"enable": true, "action": action, "ipacl_targets": []object{{"cidr_address": address}}}
	}
	path := w.cluster("guarded", nil, object{"api_ep_ipacl": list("ALLOW", "10.0.0.0/8")})
	k := w.kube(path)
	for _, c := range []struct {
		action, address string
		in              bool
	}{{"ALLOW", "127.0.0.0/8", true}, {"ALLOW", "192.0.2.1", false}, {"DENY", "127.0.0.1", false}, {"DENY", "192.0.2.0/24", true}} {
		w.changed("CLUSTER_API_EP_IPACL_UPDATE", path, "POST", path+"/api_ep_ipacl", list(c.action, c.address))
		_, _, err := k.try("GET", "/version", k.admin)
		assert.Equal(t, c.in, err == nil, "%v: %v", c, err)
	}
}

// The port of a cluster goes with it, and that of one that is left with the cloud.
func TestPorts(t *testing.T) {
	w := newWorld(t, nhncloudtest.WithAddr("localhost:0"))
	path := w.cluster("gone", nil, nil)
	left := w.kube(w.cluster("left", nil, nil))
	k := w.kube(path)
	k.get("/version")
	w.do(204, "DELETE", path, nil)
	k.get("/version")
	w.Done()
	w.get("clusters")
	_, _, err := k.try("GET", "/version", k.admin)
	require.Error(t, err)
	left.get("/version")
	w.Close()
	_, _, err = left.try("GET", "/version", left.admin)
	require.Error(t, err)
}
