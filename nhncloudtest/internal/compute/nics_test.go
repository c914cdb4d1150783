package compute_test

import (
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// wired is a world with words for the ports of servers.
type wired struct{ *cloudtest.World }

// net calls the network service.
func (w wired) net(status int, method, path string, body any) object {
	w.T.Helper()
	res := w.Call(method, "/network/v2.0/"+path, body)
	require.Equal(w.T, status, res.Status, "%s %s: %s", method, path, res.Text)
	return res.Body
}

// ports are those of a server.
func (w wired) ports(server string) []any {
	w.T.Helper()
	return w.net(200, "GET", "ports?device_id="+server, nil)["ports"].([]any)
}

// port makes a port and returns its id.
func (w wired) port(fields object) string {
	w.T.Helper()
	fields["network_id"] = w.NetworkID()
	return cloudtest.At(w.net(201, "POST", "ports", object{"port": fields}), "port", "id").(string)
}

func (w wired) look(port string) object {
	w.T.Helper()
	return w.net(200, "GET", "ports/"+port, nil)["port"].(object)
}

func (w wired) group(name string) string {
	w.T.Helper()
	return cloudtest.At(w.net(200, "GET", "security-groups?name="+name, nil), "security_groups", 0, "id").(string)
}

// create orders a server with networks.
func (w wired) create(networks ...object) cloudtest.Result {
	w.T.Helper()
	body := w.U2Body("s")
	body["networks"] = networks
	return w.Compute("POST", "/servers", object{"server": body})
}

func (w wired) server(networks ...object) string {
	w.T.Helper()
	res := w.create(networks...)
	require.Equal(w.T, 202, res.Status, "%s", res.Text)
	return cloudtest.At(res.Body, "server", "id").(string)
}

func TestPortsOfServer(t *testing.T) {
	w := wired{cloudtest.New(t)}
	server := w.server(object{"subnet": w.SubnetID()})
	port := w.ports(server)[0].(object)
	cloudtest.SameShape(t, "network-v2-get-port.response", object{"port": port})
	assert.Equal(t, "compute:kr-pub-a", port["device_owner"])
	assert.Equal(t, []any{w.group("default")}, port["security_groups"])
	id := port["id"].(string)
	status := func() any { return w.look(id)["status"] }
	assert.Equal(t, "DOWN", status())
	w.Advance(cloudtest.Transition / 2)
	assert.Equal(t, "BUILD", status())
	w.Done()
	assert.Equal(t, "ACTIVE", status())
	address := cloudtest.At(w.GetServer(server), "addresses", "Default Network", 0)
	assert.Equal(t, cloudtest.At(port, "fixed_ips", 0, "ip_address"), cloudtest.At(address, "addr"))
	assert.Equal(t, port["mac_address"], cloudtest.At(address, "OS-EXT-IPS-MAC:mac_addr"))

	w.Action(server, 202, object{"os-stop": nil})
	w.Done()
	assert.Equal(t, "DOWN", status())
	w.Action(server, 202, object{"os-start": nil})
	w.Done()
	w.net(200, "PUT", "ports/"+id, object{"port": object{"admin_state_up": false}})
	assert.Equal(t, "DOWN", status())

	w.Action(server, 202, object{"addSecurityGroup": object{"name": "web"}})
	assert.Equal(t, []any{w.group("default"), w.group("web")}, w.look(id)["security_groups"])
	w.net(200, "PUT", "ports/"+id, object{"port": object{"security_groups": []string{w.group("web")}}})
	assert.Equal(t, []any{object{"name": "web"}}, w.GetServer(server)["security_groups"])
	w.net(409, "DELETE", "security-groups/"+w.group("web"), nil)

	w.net(409, "PUT", "ports/"+id, object{"port": object{"mac_address": "aa:bb:cc:dd:ee:ff"}})
	fixed := object{"fixed_ips": []object{{"ip_address": "192.168.0.2"}, {"ip_address": "192.168.0.77"}}}
	w.net(200, "PUT", "ports/"+id, object{"port": fixed})
	assert.Len(t, cloudtest.At(w.GetServer(server), "addresses", "Default Network"), 2)
	res := w.create(object{"fixed_ip": "192.168.0.77"})
	assert.Contains(t, res.Text, "already in use on instance "+server)

	require.Equal(t, 204, w.Compute("DELETE", "/servers/"+server, nil).Status)
	w.Done()
	assert.Empty(t, w.ports(server))
	w.net(404, "GET", "ports/"+id, nil)
}

func TestServerLosesItsPort(t *testing.T) {
	w := wired{cloudtest.New(t)}
	server := w.server(object{"subnet": w.SubnetID()})
	w.Done()
	w.net(204, "DELETE", "ports/"+w.ports(server)[0].(object)["id"].(string), nil)
	s := w.GetServer(server)
	assert.Empty(t, s["addresses"])
	assert.Empty(t, s["security_groups"])
	res := w.Action(server, 404, object{"addSecurityGroup": object{"name": "web"}})
	assert.Contains(t, res.Text, "could not be found as device id on any ports")
}

func TestPortGivenToServer(t *testing.T) {
	w := wired{cloudtest.New(t)}
	port := w.port(object{"fixed_ips": []object{{"ip_address": "192.168.0.50"}}, "security_groups": []string{w.group("web")}})
	server := w.server(object{"port": port}, object{"subnet": w.SubnetID()})
	w.Done()
	assert.Equal(t, "ACTIVE", w.look(port)["status"])
	s := w.GetServer(server)
	assert.Equal(t, "192.168.0.50", cloudtest.At(s, "addresses", "Default Network", 0, "addr"))
	assert.Equal(t, []any{object{"name": "web"}, object{"name": "default"}}, s["security_groups"], "a port keeps its groups")

	res := w.create(object{"port": port})
	assert.Equal(t, 409, res.Status)
	assert.Contains(t, res.Text, "Port "+port+" is still in use.")
	res = w.create(object{"fixed_ip": "192.168.0.50"})
	assert.Contains(t, res.Text, "already in use on instance "+server)

	external := cloudtest.At(w.net(200, "GET", "vpcs?router:external=true", nil), "vpcs", 0, "id")
	floating := w.net(201, "POST", "floatingips", object{"floatingip": object{"floating_network_id": external, "port_id": port}})
	assert.Len(t, cloudtest.At(w.GetServer(server), "addresses", "Default Network"), 3)

	require.Equal(t, 204, w.Compute("DELETE", "/servers/"+server, nil).Status)
	w.Done()
	free := w.look(port)
	for field, want := range (object{"status": "DOWN", "device_id": "", "device_owner": ""}) {
		assert.Equal(t, want, free[field], field)
	}
	assert.Equal(t, "192.168.0.50", cloudtest.At(free, "fixed_ips", 0, "ip_address"))
	bound := w.net(200, "GET", "floatingips/"+cloudtest.At(floating, "floatingip", "id").(string), nil)
	assert.Equal(t, port, cloudtest.At(bound, "floatingip", "port_id"), "it leads to the port, whoever has that")
	w.server(object{"port": port})
}

func TestPortNotGivenToServer(t *testing.T) {
	w := wired{cloudtest.New(t)}
	port, bare := w.port(object{}), w.port(object{"fixed_ips": []object{}})
	used := w.port(object{"device_id": "somebody"})
	for _, c := range []struct {
		networks []object
		status   int
		message  string
	}{
		{[]object{{"port": port, "fixed_ip": "192.168.0.60"}}, 400, "the two cannot be specified together"},
		{[]object{{"port": bare}}, 400, "requires a FixedIP"},
		{[]object{{"port": used}}, 409, "is still in use"},
		{[]object{{"port": port}, {"port": port}}, 409, "is still in use"},
		{[]object{{"fixed_ip": "192.168.0.60"}, {"fixed_ip": "192.168.0.60"}}, 400, "already in use"},
	} {
		res := w.create(c.networks...)
		assert.Equal(t, c.status, res.Status, "%v", c.networks)
		assert.Contains(t, res.Text, c.message)
	}
	body := w.U2Body("s")
	body["networks"], body["max_count"] = []object{{"port": port}}, 2
	res := w.Compute("POST", "/servers", object{"server": body})
	assert.Contains(t, res.Text, "Unable to launch multiple instances with a single configured port ID")

	vpc := cloudtest.At(w.net(201, "POST", "vpcs", object{"vpc": object{"name": "v", "cidrv4": "10.0.0.0/24"}}), "vpc", "id")
	w.net(201, "POST", "vpcsubnets", object{"vpcsubnet": object{"vpc_id": vpc, "name": "s", "cidr": "10.0.0.0/28"}})
	for range 13 {
		w.net(201, "POST", "ports", object{"port": object{"network_id": vpc}})
	}
	res = w.create(object{"port": port}, object{"uuid": vpc})
	assert.Contains(t, res.Text, "No fixed IP addresses available")
	assert.Equal(t, "", w.look(port)["device_id"], "it is free again")
}

func TestGroupsOfPortsWithoutSecurity(t *testing.T) {
	w := wired{cloudtest.New(t)}
	port := w.port(object{"port_security_enabled": false})
	server := w.server(object{"port": port})
	w.Done()
	w.Action(server, 202, object{"addSecurityGroup": object{"name": "web"}})
	assert.Empty(t, w.look(port)["security_groups"])
	assert.Empty(t, w.GetServer(server)["security_groups"])
}
