package compute_test

import (
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestServerGroups(t *testing.T) {
	w := cloudtest.New(t)
	create := func(group object) cloudtest.Result {
		return w.Compute("POST", "/os-server-groups", object{"server_group": group})
	}
	policies := []string{"anti-affinity"}
	res := create(object{"name": "policy-test1", "policies": policies})
	assert.Equal(t, 200, res.Status)
	cloudtest.SameShape(t, "compute-v2-create-server-group.response", res.Body)
	id := cloudtest.At(res.Body, "server_group", "id").(string)
	made := w.Compute("POST", "/servers", object{"server": w.U2Body("m"), "os:scheduler_hints": object{"group": id}})
	require.Equal(t, 202, made.Status, "%s", made.Text)
	res = w.Compute("GET", "/os-server-groups/"+id, nil)
	cloudtest.SameShape(t, "compute-v2-get-server-group.response", res.Body)
	assert.Equal(t, cloudtest.At(made.Body, "server", "id"), cloudtest.At(res.Body, "server_group", "members", 0))
	cloudtest.SameShape(t, "compute-v2-list-server-groups.response", w.Compute("GET", "/os-server-groups", nil).Body)
	for _, group := range []object{
		{"policies": policies}, {"name": "x"}, {"name": "", "policies": policies}, {"name": "x", "policies": []string{}},
		{"name": "x", "policies": []string{"affinity"}}, {"name": "x", "policies": []string{"anti-affinity", "affinity"}},
	} {
		assert.Equal(t, 400, create(group).Status, "%v", group)
	}
	assert.Equal(t, 400, w.Compute("POST", "/os-server-groups", object{}).Status)
	assert.Equal(t, 204, w.Compute("DELETE", "/os-server-groups/"+id, nil).Status)
	assert.Equal(t, 404, w.Compute("DELETE", "/os-server-groups/"+id, nil).Status)
	assert.Equal(t, 404, w.Compute("GET", "/os-server-groups/"+id, nil).Status)
}
