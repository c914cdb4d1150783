package loadbalancer_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/network/loadbalancer"
)

// documentedListener is the listener of the English listing.
func documentedListener() *loadbalancer.Listener {
	return &loadbalancer.Listener{
		ID: listenerID, TenantID: tenantID, LoadBalancers: []loadbalancer.Ref{{ID: loadBalancerID}}, Protocol: loadbalancer.ProtocolTerminatedHTTPS, ProtocolPort: 443,
		DefaultPoolID: poolID, AdminStateUp: true, ConnectionLimit: 2000, KeepaliveTimeout: 300, TLSVersion: "TLSv1.0", DefaultTLSContainerRef: containerRef,
		SNIContainerRefs: []loadbalancer.KeyManagerRef{}, SNIContainerIDs: []string{}, CertExpireDate: time.Date(2025, 12, 27, 10, 36, 20, 0, time.UTC),
	}
}

// forwarding is a listener with what the Korean guide tells as well.
func forwarding(l *loadbalancer.Listener, on bool) *loadbalancer.Listener {
	l.EnableXForwardedProto, l.EnableXForwardedPort, l.EnableXForwardedFor = new(on), new(on), new(on)
	return l
}

func createdListener() *loadbalancer.Listener {
	l := documentedListener()
	l.TLSVersion = ""
	return l
}

func TestListenersGet(t *testing.T) {
	t.Parallel()
	const operation = "loadbalancer-v2-get-listener"
	get := func(ctx context.Context, l *loadbalancer.Client, id string) (*loadbalancer.Listener, error) {
		return l.Listeners.Get(ctx, id)
	}
	checkGet(t, operation, "/listeners", listenerID, "listenerId", documentedListener(), get)
	decodes(t, want(operation, http.MethodGet, "/listeners/"+listenerID, ""), apitest.Reply{Body: "@" + operation + ".response.ko.json"}, forwarding(documentedListener(), true),
		func(ctx context.Context, l *loadbalancer.Client) (*loadbalancer.Listener, error) {
			return get(ctx, l, listenerID)
		})
}

type listenerRequest = loadbalancer.ListenerCreateRequest

func TestListenersCreate(t *testing.T) {
	t.Parallel()
	const operation = "loadbalancer-v2-create-listener"
	call := func(ctx context.Context, l *loadbalancer.Client, request listenerRequest) (*loadbalancer.Listener, error) {
		return l.Listeners.Create(ctx, request)
	}
	request := listenerRequest{
		LoadBalancerID: loadBalancerID, Protocol: loadbalancer.ProtocolTerminatedHTTPS, ProtocolPort: 443, DefaultPoolID: poolID, AdminStateUp: new(true),
		ConnectionLimit: new(2000), KeepaliveTimeout: new(300), TLSVersion: "TLSv1.0", DefaultTLSContainerRef: containerRef, SNIContainerRefs: []loadbalancer.KeyManagerRef{},
	}
	// The guide sends empty texts and a proxy_protocol of false as well, which say
	// nothing.
	const english = `"protocol": "TERMINATED_HTTPS", "loadbalancer_id": "` + loadBalancerID + `", "default_pool_id": "` + poolID + `", "admin_state_up": true,
		"connection_limit": 2000, "keepalive_timeout": 300, "tls_version": "TLSv1.0", "default_tls_container_ref": "` + containerRef + `", "sni_container_refs": [], "protocol_port": 443`
	good := func(change func(*listenerRequest)) listenerRequest {
		r := listenerRequest{LoadBalancerID: "b", Protocol: loadbalancer.ProtocolTCP, ProtocolPort: 80}
		change(&r)
		return r
	}
	create[*loadbalancer.Listener, listenerRequest]{
		operation: operation, path: "/listeners", key: "listener", request: `{"listener": {` + english + `}}`, expected: createdListener(),
		sent: map[string]listenerRequest{
			`{"loadbalancer_id": "b", "protocol": "TCP", "protocol_port": 80, "name": "n", "description": "d", "proxy_protocol": true, "admin_state_up": false, "connection_limit": -1}`: good(func(r *listenerRequest) {
				r.Name, r.Description, r.ProxyProtocol, r.AdminStateUp, r.ConnectionLimit = "n", "d", true, new(false), new(-1)
			}),
			`{"loadbalancer_id": "b", "protocol": "QUIC", "protocol_port": 65535, "tls_version": "TLSv1.3"}`: {LoadBalancerID: "b", Protocol: "QUIC", ProtocolPort: 65535, TLSVersion: "TLSv1.3"},
		},
		refused: map[string]listenerRequest{
			"LoadBalancerID, Protocol, ProtocolPort": {},
			"ProtocolPort":                           good(func(r *listenerRequest) { r.ProtocolPort = 65536 }),
			"ConnectionLimit, KeepaliveTimeout":      good(func(r *listenerRequest) { r.ConnectionLimit, r.KeepaliveTimeout = new(0), new(-1) }),
			"DefaultTLSContainerRef":                 good(func(r *listenerRequest) { r.Protocol = loadbalancer.ProtocolTerminatedHTTPS }),
			"SNIContainerRefs[1]": good(func(r *listenerRequest) {
				r.Protocol, r.DefaultTLSContainerRef, r.SNIContainerRefs = loadbalancer.ProtocolTerminatedHTTPS, containerRef, []loadbalancer.KeyManagerRef{containerRef, ""}
			}),
			"TLSVersion, DefaultTLSContainerRef, SNIContainerRefs": good(func(r *listenerRequest) {
				r.Protocol, r.TLSVersion, r.DefaultTLSContainerRef, r.SNIContainerRefs = loadbalancer.ProtocolHTTP, "TLSv1.2", containerRef, []loadbalancer.KeyManagerRef{containerRef}
			}),
		},
		call: call,
	}.check(t, request)

	korean := request
	korean.EnableXForwardedProto, korean.EnableXForwardedPort, korean.EnableXForwardedFor = new(false), new(false), new(false)
	decodes(t, want(operation, http.MethodPost, "/listeners", `{"listener": {`+english+`, "enable_x_forwarded_proto": false, "enable_x_forwarded_port": false, "enable_x_forwarded_for": false}}`),
		apitest.Reply{Body: "@" + operation + ".response.ko.json"}, forwarding(createdListener(), false),
		func(ctx context.Context, l *loadbalancer.Client) (*loadbalancer.Listener, error) {
			return call(ctx, l, korean)
		})
}

type listenerChange = loadbalancer.ListenerUpdateRequest

func TestListenersUpdate(t *testing.T) {
	t.Parallel()
	changed := forwarding(documentedListener(), true)
	changed.DefaultPoolID = ""
	update[*loadbalancer.Listener, listenerChange]{
		operation: "loadbalancer-v2-update-listener", path: "/listeners", key: "listener", id: listenerID, field: "listenerId", empty: "Name", expected: changed,
		sent: map[string]listenerChange{
			`{"name": "n"}`:                            {Name: new("n")},
			`{"default_pool_id": "p"}`:                 {DefaultPoolID: new("p")},
			`{"default_pool_id": null}`:                {DefaultPoolID: new("")},
			`{"proxy_protocol": true}`:                 {ProxyProtocol: new(true)},
			`{"sni_container_refs": []}`:               {SNIContainerRefs: []loadbalancer.KeyManagerRef{}},
			`{"enable_x_forwarded_for": false}`:        {EnableXForwardedFor: new(false)},
			`{"keepalive_timeout": 0}`:                 {KeepaliveTimeout: new(0)},
			`{"default_tls_container_ref": "https:c"}`: {DefaultTLSContainerRef: new(loadbalancer.KeyManagerRef("https:c"))},
		},
		refused: map[string]listenerChange{
			"ConnectionLimit, KeepaliveTimeout": {ConnectionLimit: new(-2), KeepaliveTimeout: new(-1)},
			"DefaultTLSContainerRef":            {DefaultTLSContainerRef: new(loadbalancer.KeyManagerRef(""))},
			"SNIContainerRefs[0]":               {SNIContainerRefs: []loadbalancer.KeyManagerRef{""}},
		},
		call: func(ctx context.Context, l *loadbalancer.Client, id string, request listenerChange) (*loadbalancer.Listener, error) {
			return l.Listeners.Update(ctx, id, request)
		},
	}.check(t, listenerChange{
		Name: new(""), Description: new(""), DefaultPoolID: new(""), AdminStateUp: new(true), ConnectionLimit: new(2000), KeepaliveTimeout: new(300), ProxyProtocol: new(false),
		EnableXForwardedProto: new(true), EnableXForwardedPort: new(true), EnableXForwardedFor: new(true), TLSVersion: new("TLSv1.0"),
		DefaultTLSContainerRef: new(loadbalancer.KeyManagerRef(containerRef)), SNIContainerRefs: []loadbalancer.KeyManagerRef{},
	})
}

func TestListenersDelete(t *testing.T) {
	t.Parallel()
	checkDeletion(t, "loadbalancer-v2-delete-listener", "/listeners", "listenerId", func(ctx context.Context, l *loadbalancer.Client, id string) error {
		return l.Listeners.Delete(ctx, id)
	})
}
