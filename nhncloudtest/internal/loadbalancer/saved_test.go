package loadbalancer_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSaved brings trees back with what is under way in them.
func TestSaved(t *testing.T) {
	w := newWorld(t)
	balancer, listener, pool := w.tree()
	w.make("l7policy", "l7policies", object{"listener_id": listener, "action": "REJECT"})
	group := w.make("ipacl_group", "ipacl-groups", object{"action": "DENY", "ipacl_targets": []object{{"cidr_address": "1.2.3.4"}}})
	require.Equal(t, 201, w.Call("POST", "/key-manager/v1/secrets", object{"name": "s", "expiration": w.Now().Add(cloudtest.Transition).Format(time.RFC3339)}).Status)
	w.do(204, "DELETE", "pools/"+pool, nil)
	var state bytes.Buffer
	require.NoError(t, w.SaveState(&state))

	other := nhncloudtest.Start(t, nhncloudtest.WithManualClock(w.Now()), nhncloudtest.WithTransition(cloudtest.Transition), nhncloudtest.WithEd25519Keys())
	require.NoError(t, other.LoadState(&state))
	again := &world{&cloudtest.World{Server: other, T: t, HTTP: w.HTTP, Token: w.Token}}
	assert.Equal(t, "PENDING_UPDATE", again.show("loadbalancer", "loadbalancers/"+balancer)["provisioning_status"])
	assert.Equal(t, "1", again.show("ipacl_group", "ipacl-groups/"+group)["ipacl_target_count"])
	assert.Equal(t, pool, again.show("listener", "listeners/"+listener)["default_pool_id"])
	again.Done()
	again.refused(404, "not found", "GET", "pools/"+pool, nil)
	assert.EqualValues(t, 0, again.Call("GET", "/key-manager/v1/secrets", nil).Body["total"])
	again.do(204, "DELETE", "loadbalancers/"+balancer+"?cascade=true", nil)
	again.Done()
	assert.Empty(t, again.list("l7policies", "l7policies"))
}
