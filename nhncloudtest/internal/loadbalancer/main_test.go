package loadbalancer_test

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

// world is a cloud with words for its load balancers.
type world struct{ *cloudtest.World }

func newWorld(t *testing.T, opts ...nhncloudtest.Option) *world {
	t.Helper()
	return &world{cloudtest.New(t, opts...)}
}

// do sends a call that has to be answered with a status.
func (w *world) do(status int, method, path string, body any) object {
	w.T.Helper()
	res := w.Call(method, "/network/v2.0/lbaas/"+path, body)
	require.Equal(w.T, status, res.Status, "%s %s: %s", method, path, res.Text)
	return res.Body
}

// refused sends a call that is refused, and checks what the error says.
func (w *world) refused(status int, message, method, path string, body any) {
	w.T.Helper()
	res := w.Call(method, "/network/v2.0/lbaas/"+path, body)
	assert.Equal(w.T, status, res.Status, "%s %s %v: %s", method, path, body, res.Text)
	assert.Equal(w.T, "Client", res.Body["faultcode"])
	assert.Contains(w.T, res.Body["faultstring"], message, "%s %s %v", method, path, body)
}

// make makes something, waits until it is there, and returns its id.
func (w *world) make(single, path string, fields object) string {
	w.T.Helper()
	made := w.do(201, "POST", path, object{single: fields})[single].(object)
	w.Done()
	return made["id"].(string)
}

// change changes something and waits until it is so.
func (w *world) change(single, path string, fields object) object {
	w.T.Helper()
	changed := w.do(200, "PUT", path, object{single: fields})[single].(object)
	w.Done()
	return changed
}

// gone deletes something and waits until it is not there.
func (w *world) gone(path string) {
	w.T.Helper()
	w.do(204, "DELETE", path, nil)
	w.Done()
	w.refused(404, "not found", "GET", path, nil)
}

func (w *world) show(single, path string) object {
	w.T.Helper()
	return w.do(200, "GET", path, nil)[single].(object)
}

// list are the ids in a list.
func (w *world) list(plural, path string) []any {
	w.T.Helper()
	ids := []any{}
	for _, o := range w.do(200, "GET", path, nil)[plural].([]any) {
		ids = append(ids, o.(object)["id"])
	}
	return ids
}

// balancer makes a load balancer.
func (w *world) balancer(fields object) string {
	w.T.Helper()
	all := object{"vip_subnet_id": w.SubnetID()}
	for k, v := range fields {
		all[k] = v
	}
	return w.make("loadbalancer", "loadbalancers", all)
}

// tree is a load balancer with a listener and its default pool.
func (w *world) tree() (balancer, listener, pool string) {
	w.T.Helper()
	balancer = w.balancer(object{"name": "web"})
	listener = w.make("listener", "listeners", object{"loadbalancer_id": balancer, "protocol": "HTTP", "protocol_port": 80})
	return balancer, listener, w.make("pool", "pools", object{"listener_id": listener, "protocol": "HTTP", "lb_algorithm": "ROUND_ROBIN"})
}

// with is an object with some fields changed; nil takes one out.
func with(o, changes object) object {
	all := object{}
	for k, v := range o {
		all[k] = v
	}
	for k, v := range changes {
		if all[k] = v; v == nil {
			delete(all, k)
		}
	}
	return all
}

const nobody = "00000000-0000-0000-0000-000000000000"
