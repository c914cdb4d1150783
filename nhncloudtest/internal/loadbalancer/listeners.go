package loadbalancer

import (
	"slices"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/network"
)

// listener is a port of a load balancer.
type listener struct {
	id, name, description string
	protocol              string
	port                  int
	up                    bool
	pool                  *pool // the default one
	connections           int
	keepalive             int
	proxy                 bool
	forwarded             [3]bool // in the order of forwardedNames
	tls                   string  // the least version
	certificate           string  // reference to its container
	sni                   []string
	expires               time.Time
	balancer              *balancer
	pages                 []*errorPage
}

const terminated = "TERMINATED_HTTPS"

var forwardedNames = [...]string{"enable_x_forwarded_proto", "enable_x_forwarded_port", "enable_x_forwarded_for"}

func (l *listener) key() string     { return l.id }
func (l *listener) tree() *balancer { return l.balancer }

// web tells whether the listener sees requests and not only bytes.
func (l *listener) web() bool { return l.protocol == "HTTP" || l.protocol == terminated }

func (l *listener) body() object {
	o := object{
		"id": l.id, "name": l.name, "description": l.description, "tenant_id": l.balancer.project.place.Tenant,
		"loadbalancers": refs(l.balancer), "protocol": l.protocol, "protocol_port": l.port, "default_pool_id": nil,
		"admin_state_up": l.up, "connection_limit": l.connections, "keepalive_timeout": l.keepalive, "proxy_protocol": l.proxy,
		"tls_version": frame.Nullable(l.tls), "default_tls_container_ref": frame.Nullable(l.certificate),
		"sni_container_refs": append([]string{}, l.sni...), "sni_container_ids": []string{}, "cert_expire_date": nil,
	}
	if l.pool != nil {
		o["default_pool_id"] = l.pool.id
	}
	for i, name := range forwardedNames {
		o[name] = l.forwarded[i]
	}
	var ids []string
	for _, ref := range l.sni {
		ids = append(ids, ref[strings.LastIndexByte(ref, '/')+1:])
	}
	if len(ids) > 0 {
		o["sni_container_ids"] = ids
	}
	if !l.expires.IsZero() {
		o["cert_expire_date"] = l.expires.UTC().Format("2006-01-02T15:04:05+00:00")
	}
	return o
}

var listeners = &resource[listener, *listener]{
	single: "listener", plural: "listeners", argument: "listener_", title: aListener,
	limit:   func(q Quota) int { return q.Listeners },
	filters: map[string]network.Filter{"loadbalancer_id": hasRef("loadbalancers")},
	in:      func(c *call) (*[]*listener, *frame.Reply) { return &c.project.listeners, nil },
	read:    readListener, settle: settleListener, changed: listenerChanged,
}

func readListener(c *call, in *input, l, old *listener) {
	if old == nil {
		*l = listener{id: frame.NewID(), up: true, connections: 2000, keepalive: 300, forwarded: [3]bool{true, true, true}}
		in.need("loadbalancer_id", "protocol", "protocol_port")
		in.tenant(c)
		in.choice("protocol", &l.protocol, "TCP", "HTTP", "HTTPS", terminated)
		in.number("protocol_port", 1, 65535, &l.port)
		if l.protocol == terminated {
			l.tls = "TLSv1.0"
		}
		id, _ := in.id("loadbalancer_id")
		var r *frame.Reply
		l.balancer, r = byID(c.project.balancers, id, aBalancer)
		in.Refuse(r)
	}
	in.named(&l.name, &l.description, &l.up)
	most := 60000
	if l.balancer != nil && l.balancer.kind == "dedicated" {
		most = 480000
	}
	in.number("connection_limit", -1, most, &l.connections)
	if l.connections == 0 {
		in.invalid("connection_limit", 0, "Value should be -1 or at least 1")
	}
	in.number("keepalive_timeout", 0, 4000, &l.keepalive)
	in.flag("proxy_protocol", &l.proxy)
	for i, name := range forwardedNames {
		in.flag(name, &l.forwarded[i])
	}
	c.readTLS(in, l)
	if id, given := in.id("default_pool_id"); given && id != "" {
		var r *frame.Reply
		l.pool, r = byID(of(c.project.pools, l.balancer), id, aPool)
		if r == nil {
			r = fits(l, l.pool)
		}
		in.Refuse(r)
	} else if given {
		l.pool = nil
	}
}

// readTLS reads what a listener with a certificate has.
func (c *call) readTLS(in *input, l *listener) {
	before, _ := in.Value("tls_version")
	if before != nil {
		in.choice("tls_version", &l.tls, "SSLv3", "TLSv1.0", "TLSv1.0_2016", "TLSv1.1", "TLSv1.2", "TLSv1.3")
	}
	in.text("default_tls_container_ref", 512, &l.certificate)
	if v, given := in.Value("sni_container_refs"); given {
		elements, ok := v.([]any)
		if v != nil && !ok {
			in.invalid("sni_container_refs", v, "Value should be a list")
		}
		l.sni = nil
		for _, e := range elements {
			ref, ok := e.(string)
			if !ok {
				in.invalid("sni_container_refs", e, "Value should be a reference to a container")
			}
			l.sni = append(l.sni, ref)
		}
	}
	if in.Refused != nil {
		return
	}
	if l.protocol != terminated {
		if l.certificate != "" || len(l.sni) > 0 || before != nil {
			in.Refuse(invalid("A %s listener cannot have certificates or a TLS version; only a %s listener has.", l.protocol, terminated))
		}
		return
	}
	if l.certificate == "" {
		in.Refuse(invalid("An SNI or default certificate container reference must be provided with %s listeners.", terminated))
		return
	}
	_, again := in.Body["default_tls_container_ref"]
	_, more := in.Body["sni_container_refs"]
	for i, ref := range append([]string{l.certificate}, l.sni...) {
		if i == 0 && !again || i > 0 && !more {
			continue // was looked at when it was given
		}
		expires, ok := c.service.certificates.Certificate(c.Place(), ref)
		if !ok {
			in.Refuse(badRequest("Could not retrieve certificate: ['%s']", ref))
		}
		if i == 0 {
			l.expires = expires
		}
	}
}

// fits refuses a pool that does not speak as a listener does.
func fits(l *listener, pl *pool) *frame.Reply {
	spoken := map[string][]string{
		"TCP": {"HTTP", "HTTPS", "TCP"}, "HTTP": {"HTTP"}, "HTTPS": {"HTTPS", "TCP"}, terminated: {"HTTP"},
	}
	if slices.Contains(spoken[l.protocol], pl.protocol) {
		return nil
	}
	return invalid("The pool protocol '%s' is invalid while the listener protocol is '%s'.", pl.protocol, l.protocol)
}

// settleListener refuses a port that another listener has.
func settleListener(c *call, l, old *listener) *frame.Reply {
	if old != nil {
		return nil
	}
	for _, other := range of(c.project.listeners, l.balancer) {
		if other.port == l.port {
			return conflict("Another Listener on this Load Balancer is already using protocol %s and protocol_port %d", other.protocol, l.port)
		}
	}
	return nil
}

func (l *listener) leave() {
	p := l.balancer.project
	p.policies = slices.DeleteFunc(p.policies, func(po *policy) bool { return po.listener == l })
	p.listeners = without(p.listeners, l)
	listenerChanged(p, nil, l)
}

// listenerChanged tells the key manager which certificates are in use.
func listenerChanged(p *project, l, old *listener) {
	consume := func(l *listener, do func(frame.Place, string, string)) {
		if l == nil || l.certificate == "" {
			return
		}
		for _, ref := range append([]string{l.certificate}, l.sni...) {
			do(p.place, ref, "lbaas://"+p.place.Region.Name+"/loadbalancer/"+l.balancer.id)
		}
	}
	consume(old, p.service.certificates.Release)
	consume(l, p.service.certificates.Consume)
}
