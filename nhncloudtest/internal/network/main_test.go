package network_test

import (
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type object = cloudtest.Object

// world is a cloud with words for its network service.
type world struct{ *cloudtest.World }

func newWorld(t *testing.T, opts ...nhncloudtest.Option) *world {
	t.Helper()
	return &world{cloudtest.New(t, opts...)}
}

// do sends a call that has to be answered with a status.
func (w *world) do(status int, method, path string, body any) object {
	w.T.Helper()
	res := w.Call(method, "/network/v2.0/"+path, body)
	require.Equal(w.T, status, res.Status, "%s %s: %s", method, path, res.Text)
	return res.Body
}

func (w *world) get(path string) object {
	w.T.Helper()
	return w.do(200, "GET", path, nil)
}

// list are the elements of a list.
func (w *world) list(path, plural string) []any {
	w.T.Helper()
	return w.get(path)[plural].([]any)
}

// show is one resource.
func (w *world) show(single, path string) object {
	w.T.Helper()
	return w.get(path)[single].(object)
}

// make makes a resource from the fields given.
func (w *world) make(single, path string, fields object) object {
	w.T.Helper()
	return w.do(201, "POST", path, object{single: fields})[single].(object)
}

// change changes a resource.
func (w *world) change(single, path string, fields object) object {
	w.T.Helper()
	return w.do(200, "PUT", path, object{single: fields})[single].(object)
}

func (w *world) gone(path string) {
	w.T.Helper()
	res := w.Call("DELETE", "/network/v2.0/"+path, nil)
	require.Equal(w.T, 204, res.Status, "%s: %s", path, res.Text)
	assert.Empty(w.T, res.Text)
}

// refused sends a call that is refused, and checks the type of the error and
// what its message says.
func (w *world) refused(status int, kind, message, method, path string, body any) {
	w.T.Helper()
	res := w.Call(method, "/network/v2.0/"+path, body)
	assert.Equal(w.T, status, res.Status, "%s %s: %s", method, path, res.Text)
	problem, _ := res.Body["NeutronError"].(object)
	assert.Equal(w.T, kind, problem["type"], "%s %s: %s", method, path, res.Text)
	assert.Contains(w.T, problem["message"], message, "%s %s", method, path)
}

// external is the id of the external network.
func (w *world) external() string {
	w.T.Helper()
	return id(w.list("vpcs?router%3Aexternal=true", "vpcs")[0])
}

// vpc makes a VPC and returns its id.
func (w *world) vpc(name, cidr string) string {
	w.T.Helper()
	return id(w.make("vpc", "vpcs", object{"name": name, "cidrv4": cidr}))
}

// subnet makes a subnet and returns its id.
func (w *world) subnet(vpc, cidr string) string {
	w.T.Helper()
	return id(w.make("vpcsubnet", "vpcsubnets", object{"vpc_id": vpc, "name": cidr, "cidr": cidr}))
}

// table is the id of the default routing table of a VPC.
func (w *world) table(vpc string) string {
	w.T.Helper()
	return cloudtest.At(w.show("vpc", "vpcs/"+vpc), "routingtables", 0, "id").(string)
}

func id(o any) string { return o.(object)["id"].(string) }

func ids(list []any) []string {
	var out []string
	for _, o := range list {
		out = append(out, id(o))
	}
	return out
}

const nobody = "00000000-0000-0000-0000-000000000000"
