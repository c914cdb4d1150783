package loadbalancer_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
)

func TestBalancer(t *testing.T) {
	w := newWorld(t)
	made := w.do(201, "POST", "loadbalancers", object{"loadbalancer": object{"vip_subnet_id": w.SubnetID(), "vip_address": "192.168.0.99", "name": "a"}})["loadbalancer"].(object)
	id := made["id"].(string)
	assert.Equal(t, "PENDING_CREATE", made["provisioning_status"])
	assert.Equal(t, "OFFLINE", made["operating_status"])
	port := func() object {
		return w.Call("GET", "/network/v2.0/ports/"+made["vip_port_id"].(string), nil).Body["port"].(object)
	}
	assert.Equal(t, "DOWN", port()["status"])
	w.refused(409, "Load Balancer "+id+" is immutable and cannot be updated.", "PUT", "loadbalancers/"+id, object{"loadbalancer": object{"name": "b"}})
	w.refused(409, "immutable", "DELETE", "loadbalancers/"+id, nil)
	w.refused(409, "immutable", "POST", "listeners", object{"listener": object{"loadbalancer_id": id, "protocol": "HTTP", "protocol_port": 8000}})
	w.Done()
	l := w.show("loadbalancer", "loadbalancers/"+id)
	assert.Equal(t, []any{"ACTIVE", "ONLINE", "192.168.0.99", "shared"}, []any{l["provisioning_status"], l["operating_status"], l["vip_address"], l["loadbalancer_type"]})
	assert.Equal(t, []any{"ACTIVE", "neutron:LOADBALANCERV2", id}, []any{port()["status"], port()["device_owner"], port()["device_id"]})

	refusal := w.Call("DELETE", "/network/v2.0/ports/"+made["vip_port_id"].(string), nil)
	assert.Equal(t, 409, refusal.Status)
	assert.Contains(t, refusal.Text, "ServicePortInUse")

	assert.Equal(t, "PENDING_UPDATE", w.change("loadbalancer", "loadbalancers/"+id, object{"name": "b", "admin_state_up": false})["provisioning_status"])
	assert.Equal(t, "OFFLINE", w.show("loadbalancer", "loadbalancers/"+id)["operating_status"])
	assert.Equal(t, object{"name": "b"}, w.show("loadbalancer", "loadbalancers/"+id+"?fields=name"))
	other := w.balancer(object{"loadbalancer_type": "dedicated", "name": "c"})
	assert.Equal(t, []any{other}, w.list("loadbalancers", "loadbalancers?loadbalancer_type=dedicated"))
	assert.Equal(t, []any{other, id}, w.list("loadbalancers", "loadbalancers?sort_key=name&sort_dir=desc"))
	w.refused(400, "marker x not found", "GET", "loadbalancers?limit=1&marker=x", nil)
	assert.Equal(t, 2, w.CountPages("/network/v2.0/lbaas/loadbalancers?limit=1", "loadbalancers", "loadbalancers_links"))
	w.gone("loadbalancers/" + id)
	assert.Equal(t, 404, w.Call("GET", "/network/v2.0/ports/"+made["vip_port_id"].(string), nil).Status)
	assert.Equal(t, 404, w.Call("GET", "/network/v2.0/lbaas/moons", nil).Status)
}

func TestBalancerRefusals(t *testing.T) {
	w := newWorld(t)
	taken := w.show("loadbalancer", "loadbalancers/"+w.balancer(nil))["vip_address"]
	vpc := w.Call("GET", "/network/v2.0/vpcs?router%3Aexternal=true", nil).Body["vpcs"].([]any)[0].(object)["id"].(string)
	outside := w.Call("GET", "/network/v2.0/vpcsubnets?vpc_id="+vpc, nil).Body["vpcsubnets"].([]any)[0].(object)["id"]
	for _, c := range []struct {
		status  int
		message string
		fields  object
	}{
		{400, "Unknown attribute for argument load_balancer.loadbalancer: nope", object{"nope": 1}},
		{400, "vip_subnet_id. Value: 'None'. Mandatory field missing.", object{"vip_subnet_id": nil}},
		{400, "Subnet " + nobody + " not found.", object{"vip_subnet_id": nobody}},
		{400, "Value should be UUID format", object{"vip_subnet_id": 7}},
		{400, "external network", object{"vip_subnet_id": outside}},
		{400, "Value should be IPv4 format", object{"vip_address": "x"}},
		{400, "not a valid IP for the specified subnet", object{"vip_address": "10.0.0.1"}},
		{409, "already allocated", object{"vip_address": taken}},
		{400, "Value should be one of: shared, dedicated", object{"loadbalancer_type": "physical"}},
		{400, "Value should be one of: haproxy", object{"provider": "x"}},
		{400, "Expected '<class 'str'>'", object{"name": 1}},
		{400, "maximum character requirement of 255", object{"name": strings.Repeat("x", 256)}},
		{400, "Value should be one of: True, False", object{"admin_state_up": "perhaps"}},
		{403, "Policy does not allow", object{"tenant_id": "other"}},
	} {
		w.refused(c.status, c.message, "POST", "loadbalancers", object{"loadbalancer": with(object{"vip_subnet_id": w.SubnetID()}, c.fields)})
	}
	w.refused(400, "field/attribute loadbalancer. Value: 'None'. Mandatory", "POST", "loadbalancers", object{})
	w.refused(400, "Unknown attribute for argument load_balancer: x", "POST", "loadbalancers", object{"x": 1})
	w.refused(400, "not a JSON object", "POST", "loadbalancers", "[]")
	w.refused(404, "Load Balancer "+nobody+" not found.", "GET", "loadbalancers/"+nobody, nil)
	w.refused(404, "not found", "PUT", "loadbalancers/"+nobody, object{"loadbalancer": object{}})
	w.refused(404, "not found", "DELETE", "loadbalancers/"+nobody, nil)

	small := w.Call("POST", "/network/v2.0/vpcsubnets", object{"vpcsubnet": object{"vpc_id": w.NetworkID(), "name": "s", "cidr": "192.168.1.0/28"}})
	require.Equal(t, 201, small.Status, small.Text)
	full := object{"loadbalancer": object{"vip_subnet_id": cloudtest.At(small.Body, "vpcsubnet", "id")}}
	for range 13 {
		w.do(201, "POST", "loadbalancers", full)
	}
	w.refused(409, "No more IP addresses available", "POST", "loadbalancers", full)
}

func TestCascade(t *testing.T) {
	w := newWorld(t)
	balancer, listener, pool := w.tree()
	w.make("member", "pools/"+pool+"/members", object{"subnet_id": w.SubnetID(), "address": "192.168.0.9", "protocol_port": 80})
	w.make("healthmonitor", "healthmonitors", object{"pool_id": pool, "type": "TCP", "delay": 5, "timeout": 3, "max_retries": 2})
	w.make("l7policy", "l7policies", object{"listener_id": listener, "action": "REDIRECT_TO_POOL", "redirect_pool_id": pool})
	w.refused(400, "Cannot delete Load Balancer "+balancer+" - it has children", "DELETE", "loadbalancers/"+balancer, nil)
	w.refused(400, "cascade", "DELETE", "loadbalancers/"+balancer+"?cascade=perhaps", nil)
	w.refused(409, "is in use by L7 policy", "DELETE", "pools/"+pool, nil)
	w.do(204, "DELETE", "loadbalancers/"+balancer+"?cascade=true", nil)
	assert.Equal(t, "PENDING_DELETE", w.show("loadbalancer", "loadbalancers/"+balancer)["provisioning_status"])
	w.refused(409, "immutable", "DELETE", "listeners/"+listener, nil)
	w.Done()
	for _, plural := range []string{"loadbalancers", "listeners", "pools", "healthmonitors", "l7policies"} {
		assert.Empty(t, w.list(plural, plural))
	}
	w.refused(404, "Pool "+pool, "GET", "pools/"+pool+"/members", nil)
}

func TestListener(t *testing.T) {
	w := newWorld(t)
	balancer, listener, pool := w.tree()
	l := w.show("listener", "listeners/"+listener)
	assert.Equal(t, pool, l["default_pool_id"])
	assert.Equal(t, []any{true, 2000.0, 300.0}, []any{l["enable_x_forwarded_for"], l["connection_limit"], l["keepalive_timeout"]})
	l = w.change("listener", "listeners/"+listener, object{"default_pool_id": nil, "connection_limit": "5", "enable_x_forwarded_for": false})
	assert.Equal(t, []any{nil, 5.0, false}, []any{l["default_pool_id"], l["connection_limit"], l["enable_x_forwarded_for"]})
	assert.Equal(t, pool, w.change("listener", "listeners/"+listener, object{"default_pool_id": pool})["default_pool_id"])
	assert.Equal(t, []any{listener}, w.list("listeners", "listeners?loadbalancer_id="+balancer))
	assert.Empty(t, w.list("listeners", "listeners?loadbalancer_id="+nobody))
	w.refused(400, "Unknown attribute for argument listener_.listener: protocol_port", "PUT", "listeners/"+listener, object{"listener": object{"protocol_port": 81}})

	tcp := w.make("pool", "pools", object{"loadbalancer_id": balancer, "protocol": "TCP", "lb_algorithm": "SOURCE_IP"})
	valid := object{"loadbalancer_id": balancer, "protocol": "HTTP", "protocol_port": 81}
	for _, c := range []struct {
		status  int
		message string
		fields  object
	}{
		{404, "Load Balancer " + nobody + " not found.", object{"loadbalancer_id": nobody, "name": "x"}},
		{400, "protocol_port. Value: '0'. Value should be greater or equal to 1", object{"protocol_port": 0}},
		{400, "lower or equal to 65535", object{"protocol_port": 65536}},
		{400, "unable to convert to int", object{"protocol_port": "x"}},
		{400, "Value should be one of: TCP, HTTP", object{"protocol": "UDP"}},
		{400, "lower or equal to 60000", object{"connection_limit": 60001}},
		{400, "-1 or at least 1", object{"connection_limit": 0}},
		{404, "Pool " + nobody, object{"default_pool_id": nobody}},
		{400, "The pool protocol 'TCP' is invalid while the listener protocol is 'HTTP'.", object{"default_pool_id": tcp}},
		{400, "only a TERMINATED_HTTPS listener has", object{"tls_version": "TLSv1.2"}},
		{400, "must be provided with TERMINATED_HTTPS", object{"protocol": "TERMINATED_HTTPS"}},
		{400, "Could not retrieve certificate: ['https://x/v1/containers/a']", object{"protocol": "TERMINATED_HTTPS", "default_tls_container_ref": "https://x/v1/containers/a"}},
		{400, "Value should be a list", object{"sni_container_refs": "x"}},
		{400, "a reference to a container", object{"sni_container_refs": []any{1}}},
		{409, "Another Listener on this Load Balancer is already using protocol HTTP and protocol_port 80", object{"protocol_port": 80}},
	} {
		w.refused(c.status, c.message, "POST", "listeners", object{"listener": with(valid, c.fields)})
	}
	big := w.balancer(object{"loadbalancer_type": "dedicated"})
	w.make("listener", "listeners", object{"loadbalancer_id": big, "protocol": "TCP", "protocol_port": 80, "connection_limit": 480000})
	w.gone("listeners/" + listener)
}

func TestPool(t *testing.T) {
	w := newWorld(t)
	balancer, listener, pool := w.tree()
	other := w.balancer(nil)
	valid := object{"loadbalancer_id": balancer, "protocol": "HTTP", "lb_algorithm": "ROUND_ROBIN"}
	for _, c := range []struct {
		status  int
		message string
		fields  object
	}{
		{400, "at least one of: loadbalancer_id, listener_id", object{"loadbalancer_id": nil}},
		{404, "Load Balancer " + nobody, object{"loadbalancer_id": nobody}},
		{404, "Listener " + nobody, object{"listener_id": nobody}},
		{400, "is not on load balancer", object{"loadbalancer_id": other, "listener_id": listener}},
		{400, "The pool protocol 'TCP' is invalid", object{"listener_id": listener, "protocol": "TCP"}},
		{409, "This listener already has a default pool", object{"listener_id": listener}},
		{400, "Value should be an object", object{"session_persistence": "x"}},
		{400, "type. Value: 'None'", object{"session_persistence": object{}}},
		{400, "Value should be one of: SOURCE_IP", object{"session_persistence": object{"type": "X"}}},
		{400, "a cookie_name is required with APP_COOKIE", object{"session_persistence": object{"type": "APP_COOKIE"}}},
		{400, "pool_.pool.session_persistence: x", object{"session_persistence": object{"type": "SOURCE_IP", "x": 1}}},
		{400, "-1 or at least 1", object{"member_port": 0}},
	} {
		w.refused(c.status, c.message, "POST", "pools", object{"pool": with(valid, c.fields)})
	}
	p := w.change("pool", "pools/"+pool, object{"session_persistence": object{"type": "APP_COOKIE", "cookie_name": "c"}, "member_port": 8080})
	assert.Equal(t, object{"type": "APP_COOKIE", "cookie_name": "c"}, p["session_persistence"])
	assert.Nil(t, w.change("pool", "pools/"+pool, object{"session_persistence": nil})["session_persistence"])
	assert.Equal(t, []any{pool}, w.list("pools", "pools?listener_id="+listener))
	w.gone("pools/" + pool)
	assert.Nil(t, w.show("listener", "listeners/"+listener)["default_pool_id"])
}

func TestMembersAndMonitor(t *testing.T) {
	w := newWorld(t)
	_, _, pool := w.tree()
	path := "pools/" + pool + "/members"
	server := w.U2("s")
	address := cloudtest.At(w.GetServer(server), "addresses", "Default Network", 0, "addr").(string)
	valid := object{"subnet_id": w.SubnetID(), "address": address, "protocol_port": 80}
	alive := w.make("member", path, valid)
	missing := w.make("member", path, with(valid, object{"address": "192.168.0.250"}))
	status := func(id string) any { return w.show("member", path+"/"+id)["operating_status"] }
	assert.Equal(t, "INACTIVE", status(alive))
	check := object{"pool_id": pool, "type": "HTTP", "delay": 5, "timeout": 3, "max_retries": 2}
	monitor := w.make("healthmonitor", "healthmonitors", check)
	assert.Equal(t, []any{"ACTIVE", "OFFLINE"}, []any{status(alive), status(missing)})
	w.change("member", path+"/"+alive, object{"admin_state_up": false, "weight": 0})
	assert.Equal(t, "ONLINE", status(alive))
	for _, c := range []struct {
		status  int
		message string
		fields  object
	}{
		{400, "Subnet " + nobody + " not found.", object{"subnet_id": nobody}},
		{400, "is not a valid IP for the specified subnet", object{"address": "10.0.0.1"}},
		{400, "address. Value: 'None'", object{"address": nil}},
		{400, "lower or equal to 256", object{"weight": 257}},
		{409, "Another member on this pool is already using ip " + address + " on protocol_port 80", nil},
	} {
		w.refused(c.status, c.message, "POST", path, object{"member": with(valid, c.fields)})
	}
	w.refused(404, "Pool "+nobody, "POST", "pools/"+nobody+"/members", object{"member": valid})
	w.refused(404, "Member "+nobody, "GET", path+"/"+nobody, nil)

	m := w.show("healthmonitor", "healthmonitors/"+monitor)
	assert.Equal(t, []any{"GET", "/", "200", 0.0}, []any{m["http_method"], m["url_path"], m["expected_codes"], m["health_check_port"]})
	m = w.change("healthmonitor", "healthmonitors/"+monitor, object{"health_check_port": 8080, "url_path": "/up", "host_header": "x"})
	assert.Equal(t, []any{"/up", "x", 8080.0}, []any{m["url_path"], m["host_header"], m["health_check_port"]})
	assert.Equal(t, 0.0, w.change("healthmonitor", "healthmonitors/"+monitor, object{"health_check_port": "member-port"})["health_check_port"])
	assert.Equal(t, []any{monitor}, w.list("healthmonitors", "healthmonitors?pool_id="+pool))
	for _, c := range []struct {
		status  int
		message string
		fields  object
	}{
		{404, "Pool " + nobody, object{"pool_id": nobody}},
		{400, "Value should be a valid URL path", object{"url_path": "up"}},
		{400, "a status of HTTP", object{"expected_codes": "all"}},
		{400, "greater or equal to 1", object{"delay": 0}},
		{409, "This pool already has a health monitor", nil},
	} {
		w.refused(c.status, c.message, "POST", "healthmonitors", object{"healthmonitor": with(check, c.fields)})
	}
	w.gone("healthmonitors/" + monitor)
	w.gone(path + "/" + alive)
}

// TestFaults words an injected error as the service does.
func TestFaults(t *testing.T) {
	w := newWorld(t)
	w.Inject(nhncloudtest.Fault{Operation: "loadbalancer-v2-list-pools", Status: http.StatusServiceUnavailable})
	res := w.Call("GET", "/network/v2.0/lbaas/pools", nil)
	assert.Equal(t, 503, res.Status)
	assert.Equal(t, "Server", res.Body["faultcode"])
}

// TestTenants lets nobody see what others have.
func TestTenants(t *testing.T) {
	w := newWorld(t, nhncloudtest.WithTenants("other"))
	balancer, listener, _ := w.tree()
	w.Login("other")
	w.refused(404, "not found", "GET", "loadbalancers/"+balancer, nil)
	w.refused(404, "not found", "DELETE", "listeners/"+listener, nil)
	assert.Empty(t, w.list("pools", "pools"))
}

func TestQuotas(t *testing.T) {
	w := newWorld(t, nhncloudtest.WithQuota(nhncloudtest.Quota{LoadBalancers: 1, Listeners: 1, Pools: 1, HealthMonitors: 1, Members: 1}))
	ports := len(w.Call("GET", "/network/v2.0/ports", nil).Body["ports"].([]any))
	balancer, _, pool := w.tree()
	members := "pools/" + pool + "/members"
	member := object{"subnet_id": w.SubnetID(), "address": "192.168.0.9", "protocol_port": 80}
	w.make("member", members, member)
	check := object{"pool_id": pool, "type": "TCP", "delay": 5, "timeout": 3, "max_retries": 2}
	w.make("healthmonitor", "healthmonitors", check)
	const met = "Quota has been met for resources: "
	w.refused(403, met+"Load Balancer", "POST", "loadbalancers", object{"loadbalancer": object{"vip_subnet_id": w.SubnetID()}})
	w.refused(403, met+"Listener", "POST", "listeners", object{"listener": object{"loadbalancer_id": balancer, "protocol": "HTTP", "protocol_port": 81}})
	w.refused(403, met+"Pool", "POST", "pools", object{"pool": object{"loadbalancer_id": balancer, "protocol": "HTTP", "lb_algorithm": "ROUND_ROBIN"}})
	w.refused(403, met+"Member", "POST", members, object{"member": with(member, object{"protocol_port": 81})})
	w.refused(403, met+"Health Monitor", "POST", "healthmonitors", object{"healthmonitor": check})
	w.refused(400, "vip_subnet_id", "POST", "loadbalancers", object{"loadbalancer": object{}})
	w.gone("loadbalancers/" + balancer + "?cascade=true")
	assert.Len(t, w.Call("GET", "/network/v2.0/ports", nil).Body["ports"], ports)
	w.balancer(nil)
}
