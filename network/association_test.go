package network_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/network"
)

// association is a mock with what a floating IP for a server takes.
type association struct{ *apitest.Mock }

func (a association) port(status string) {
	a.Expect(want("network-v2-get-port", http.MethodGet, "/ports/p", ""), apitest.Reply{Body: `{"port": {"id": "p", "status": "` + status + `"}}`})
}

// found expects the search for the port and for the external network.
func (a association) found() {
	a.Expect(want("network-v2-list-ports", http.MethodGet, "/ports?device_id=d", ""),
		apitest.Reply{Body: `{"ports": [{"id": "p", "device_id": "d", "status": "DOWN", "fixed_ips": [{"ip_address": "10.0.0.5"}]}]}`})
	a.Expect(want("network-v2-list-vpcs", http.MethodGet, "/vpcs?router%3Aexternal=true", ""), apitest.Reply{Body: `{"vpcs": [{"id": "e", "router:external": true}]}`})
}

func (a association) create(reply apitest.Reply) {
	a.Expect(want("network-v2-create-floatingip", http.MethodPost, "/floatingips", `{"floatingip": {"floating_network_id": "e"}}`), reply)
}

func (a association) created() {
	a.create(apitest.Reply{Body: `{"floatingip": {"id": "f", "status": "DOWN"}}`})
}

func (a association) connect(status int) {
	reply := apitest.Reply{Status: status, Body: `{"NeutronError": {"type": "Refused", "message": "The port is not up.", "detail": ""}}`}
	if status == http.StatusOK {
		reply.Body = `{"floatingip": {"id": "f", "status": "DOWN", "port_id": "p"}}`
	}
	a.Expect(want("network-v2-associate-floatingip", http.MethodPut, "/floatingips/f", `{"floatingip": {"port_id": "p"}}`), reply)
}

func (a association) look(status network.FloatingIPStatus) {
	a.Expect(want("network-v2-get-floatingip", http.MethodGet, "/floatingips/f", ""), apitest.Reply{Body: fmt.Sprintf(`{"floatingip": {"id": "f", "status": %q, "port_id": "p"}}`, status)})
}

func (a association) protect(on bool, status int) {
	a.Expect(want("network-v2-update-floatingip", http.MethodPut, "/floatingips/f", fmt.Sprintf(`{"floatingip": {"delete_protection": %v}}`, on)),
		apitest.Reply{Status: status, Body: fmt.Sprintf(`{"floatingip": {"id": "f", "status": "ACTIVE", "port_id": "p", "delete_protection": %v}}`, on)})
}

func (a association) disconnect() {
	a.Expect(want("network-v2-associate-floatingip", http.MethodPut, "/floatingips/f", `{"floatingip": {"port_id": null}}`), apitest.Reply{Body: `{"floatingip": {"id": "f"}}`})
}

func (a association) delete(status int) {
	a.Expect(want("network-v2-delete-floatingip", http.MethodDelete, "/floatingips/f", ""), apitest.Reply{Status: status})
}

func TestAssociateWithServer(t *testing.T) {
	t.Parallel()
	server := network.ServerAssociation{ServerID: "d"}
	for name, test := range map[string]struct {
		association network.ServerAssociation
		expect      func(a association)
		isProtected bool
		err         error
		text        string
	}{
		"new": {association: server, expect: func(a association) {
			a.found()
			a.created()
			a.port("ACTIVE")
			a.connect(http.StatusOK)
			a.look(network.FloatingIPDown)
			a.look(network.FloatingIPActive)
		}},
		"new, protected": {association: network.ServerAssociation{ServerID: "d", DeleteProtection: true}, isProtected: true, expect: func(a association) {
			a.found()
			a.created()
			a.port("ACTIVE")
			a.connect(http.StatusOK)
			a.look(network.FloatingIPActive)
			a.protect(true, http.StatusOK)
		}},
		"of a network, with a label, for an address": {
			association: network.ServerAssociation{ServerID: "d", FixedIPAddress: "10.0.0.5", FloatingNetworkID: "n", Label: "shop"},
			expect: func(a association) {
				a.Expect(want("network-v2-list-ports", http.MethodGet, "/ports?device_id=d&fixed_ips=ip_address%3D10.0.0.5", ""),
					apitest.Reply{Body: `{"ports": [{"id": "p", "device_id": "d", "fixed_ips": [{"ip_address": "10.0.0.5"}]}]}`})
				a.Expect(want("network-v2-create-floatingip", http.MethodPost, "/floatingips", `{"floatingip": {"floating_network_id": "n", "label": "shop"}}`),
					apitest.Reply{Body: `{"floatingip": {"id": "f"}}`})
				a.port("ACTIVE")
				a.Expect(want("network-v2-associate-floatingip", http.MethodPut, "/floatingips/f", `{"floatingip": {"port_id": "p", "fixed_ip_address": "10.0.0.5"}}`),
					apitest.Reply{Body: `{"floatingip": {"id": "f"}}`})
				a.look(network.FloatingIPActive)
			},
		},
		"one that is there": {association: network.ServerAssociation{ServerID: "d", FloatingIPID: "f"}, expect: func(a association) {
			a.Expect(want("network-v2-list-ports", http.MethodGet, "/ports?device_id=d", ""), apitest.Reply{Body: `{"ports": [{"id": "p", "device_id": "d", "fixed_ips": [{"ip_address": "10.0.0.5"}]}]}`})
			a.port("DOWN")
			a.connect(http.StatusOK)
			a.look(network.FloatingIPActive)
		}},
		"one that is there fails and stays": {
			association: network.ServerAssociation{ServerID: "d", FloatingIPID: "f"}, err: nhncloud.ErrFailedState, text: "floating IP f does not become ACTIVE",
			expect: func(a association) {
				a.Expect(want("network-v2-list-ports", http.MethodGet, "/ports?device_id=d", ""), apitest.Reply{Body: `{"ports": [{"id": "p", "device_id": "d", "fixed_ips": [{"ip_address": "10.0.0.5"}]}]}`})
				a.port("ACTIVE")
				a.connect(http.StatusOK)
				a.look(network.FloatingIPError)
			},
		},
		"port is not there, then not up": {association: server, expect: func(a association) {
			a.Expect(want("network-v2-list-ports", http.MethodGet, "/ports?device_id=d", ""), apitest.Reply{Body: `{"ports": []}`})
			a.found()
			a.created()
			for _, refusal := range []struct {
				port   string
				status int
			}{{"DOWN", http.StatusConflict}, {"BUILD", http.StatusBadRequest}, {"DOWN", http.StatusNotFound}, {"DOWN", http.StatusServiceUnavailable}} {
				a.port(refusal.port)
				a.connect(refusal.status)
			}
			a.port("ACTIVE")
			a.connect(http.StatusOK)
			a.look(network.FloatingIPActive)
		}},
		"refused though the port is up": {association: server, err: nhncloud.ErrConflict, text: "The port is not up.", expect: func(a association) {
			a.found()
			a.created()
			a.port("DOWN")
			a.connect(http.StatusConflict)
			a.port("ACTIVE")
			a.connect(http.StatusConflict)
			a.delete(http.StatusNoContent)
		}},
		"forbidden": {association: server, err: nhncloud.ErrForbidden, expect: func(a association) {
			a.found()
			a.created()
			a.port("DOWN")
			a.connect(http.StatusForbidden)
			a.delete(http.StatusNoContent)
		}},
		"port goes away": {association: server, err: nhncloud.ErrNotFound, expect: func(a association) {
			a.found()
			a.created()
			a.Expect(want("network-v2-get-port", http.MethodGet, "/ports/p", ""), apitest.Reply{Status: http.StatusNotFound})
			a.delete(http.StatusNotFound)
		}},
		"does not become active": {association: server, err: nhncloud.ErrFailedState, text: "floating IP f does not become ACTIVE", expect: func(a association) {
			a.found()
			a.created()
			a.port("ACTIVE")
			a.connect(http.StatusOK)
			a.look(network.FloatingIPDown)
			a.look(network.FloatingIPError)
			a.delete(http.StatusConflict)
			a.disconnect()
			a.delete(http.StatusNoContent)
		}},
		"protection fails": {association: network.ServerAssociation{ServerID: "d", DeleteProtection: true}, err: nhncloud.ErrServerFault, expect: func(a association) {
			a.found()
			a.created()
			a.port("ACTIVE")
			a.connect(http.StatusOK)
			a.look(network.FloatingIPActive)
			a.protect(true, http.StatusInternalServerError)
			a.delete(http.StatusConflict)
			a.protect(false, http.StatusOK)
			a.disconnect()
			a.delete(http.StatusNotFound)
		}},
		"can't be given back": {
			association: server, err: nhncloud.ErrForbidden, text: "floating IP f is left behind, because it could not be given back: nhncloud: network-v2-delete-floatingip: 503",
			expect: func(a association) {
				a.found()
				a.created()
				a.port("ACTIVE")
				a.connect(http.StatusForbidden)
				a.delete(http.StatusServiceUnavailable)
				a.disconnect()
				a.delete(http.StatusServiceUnavailable)
			},
		},
		"no quota": {association: server, err: nhncloud.ErrConflict, expect: func(a association) {
			a.found()
			a.create(apitest.Reply{Status: http.StatusConflict})
		}},
		"no external network": {association: server, err: nhncloud.ErrNotFound, expect: func(a association) {
			a.Expect(want("network-v2-list-ports", http.MethodGet, "/ports?device_id=d", ""), apitest.Reply{Body: `{"ports": [{"id": "p", "device_id": "d", "fixed_ips": [{"ip_address": "10.0.0.5"}]}]}`})
			a.Expect(want("network-v2-list-vpcs", http.MethodGet, "/vpcs?router%3Aexternal=true", ""), apitest.Reply{Body: `{"vpcs": []}`})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				a := association{apitest.New(t)}
				test.expect(a)
				ip, err := network.New(a.Client).FloatingIPs.AssociateWithServer(t.Context(), test.association, nil)
				if test.err == nil {
					require.NoError(t, err)
					assert.Equal(t, &network.FloatingIP{ID: "f", PortID: "p", Status: network.FloatingIPActive, DeleteProtection: test.isProtected}, ip)
					return
				}
				assert.Nil(t, ip)
				assert.ErrorIs(t, err, test.err)
				assert.ErrorContains(t, err, test.text)
				var e *nhncloud.Error
				assert.ErrorAs(t, err, &e)
			})
		})
	}
}

// TestAssociateWithServerEnds: the context ends while the floating IP is waited
// for.
func TestAssociateWithServerEnds(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		expect func(a association)
		text   string
	}{
		"port is not up": {func(a association) {
			for range 20 {
				a.port("DOWN")
				a.connect(http.StatusConflict)
			}
		}, "at last the service refused: nhncloud: network-v2-associate-floatingip: 409 Conflict (Refused): The port is not up."},
		"not active": {func(a association) {
			a.port("ACTIVE")
			a.connect(http.StatusOK)
			for range 19 {
				a.look(network.FloatingIPDown)
			}
		}, `floating IP f is still in status "DOWN"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				a := association{apitest.New(t)}
				a.found()
				a.created()
				test.expect(a)
				a.delete(http.StatusNoContent)
				looks := 0
				ctx, cancel := context.WithCancel(t.Context())
				_, err := network.New(a.Client).FloatingIPs.AssociateWithServer(ctx, network.ServerAssociation{ServerID: "d"}, &nhncloud.WaitOptions{Progress: func(nhncloud.WaitProgress) {
					if looks++; looks == 21 { // the first one was for the port
						cancel()
					}
				}})
				assert.ErrorIs(t, err, context.Canceled)
				assert.ErrorContains(t, err, test.text)
			})
		})
	}
	t.Run("while it is created", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		a := association{apitest.New(t, nhncloud.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
			return nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
				if r.Method == http.MethodPost {
					cancel()
					assert.NoError(t, r.Context().Err(), "what is created must not be lost")
				}
				return next.RoundTrip(r)
			})
		}))}
		a.found()
		a.created()
		a.delete(http.StatusNoContent)
		_, err := network.New(a.Client).FloatingIPs.AssociateWithServer(ctx, network.ServerAssociation{ServerID: "d"}, nil)
		assert.ErrorIs(t, err, context.Canceled)
	})
	t.Run("before", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := network.New(apitest.New(t).Client).FloatingIPs.AssociateWithServer(ctx, network.ServerAssociation{ServerID: "d"}, nil)
		assert.ErrorIs(t, err, context.Canceled)
	})
	t.Run("with a panic", func(t *testing.T) {
		t.Parallel()
		a := association{apitest.New(t)}
		a.found()
		a.created()
		a.port("ACTIVE")
		a.connect(http.StatusOK)
		a.delete(http.StatusNoContent)
		looks := 0
		assert.PanicsWithValue(t, "caller", func() {
			_, _ = network.New(a.Client).FloatingIPs.AssociateWithServer(t.Context(), network.ServerAssociation{ServerID: "d"}, &nhncloud.WaitOptions{Progress: func(nhncloud.WaitProgress) {
				if looks++; looks == 2 {
					panic("caller")
				}
			}})
		})
	})
	t.Run("clean-up that hangs", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			a := association{apitest.New(t, nhncloud.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
				return nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
					if r.Method == http.MethodDelete || r.Method == http.MethodPut {
						<-r.Context().Done()
						return nil, r.Context().Err()
					}
					return next.RoundTrip(r)
				})
			}))}
			a.found()
			a.created()
			a.port("ACTIVE")
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			begin := time.Now()
			_, err := network.New(a.Client).FloatingIPs.AssociateWithServer(ctx, network.ServerAssociation{ServerID: "d"}, nil)
			assert.ErrorIs(t, err, context.DeadlineExceeded)
			assert.ErrorContains(t, err, "floating IP f is left behind")
			assert.Equal(t, 31*time.Second, time.Since(begin), "in the time of the bubble")
		})
	})
}

func TestAssociateWithServerRefuses(t *testing.T) {
	t.Parallel()
	for field, association := range map[string]network.ServerAssociation{
		"ServerID":       {},
		"FixedIPAddress": {ServerID: "d", FixedIPAddress: "here"},
		"FloatingNetworkID, DeleteProtection, Label":  {ServerID: "d", FloatingIPID: "f", FloatingNetworkID: "e", DeleteProtection: true, Label: "l"},
		"ServerID, FixedIPAddress, FloatingNetworkID": {FixedIPAddress: "here", FloatingIPID: "f", FloatingNetworkID: "e"},
	} {
		refuses(t, "network-v2-associate-floatingip", field, func(ctx context.Context, n *network.Client) error {
			_, err := n.FloatingIPs.AssociateWithServer(ctx, association, nil)
			return err
		})
	}
}
