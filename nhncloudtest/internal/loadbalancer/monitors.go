package loadbalancer

import (
	"net/url"
	"regexp"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/network"
)

// monitor looks after the members of a pool.
type monitor struct {
	id, kind                string
	up                      bool
	port                    int // 0 for that of each member
	delay, timeout, retries int
	method, path, codes     string // of HTTP
	host                    string
	pool                    *pool
}

func (m *monitor) key() string     { return m.id }
func (m *monitor) tree() *balancer { return m.pool.balancer }

func (m *monitor) leave() { p := m.tree().project; p.monitors = without(p.monitors, m) }

func (m *monitor) body() object {
	o := object{
		"id": m.id, "tenant_id": m.tree().project.place.Tenant, "type": m.kind, "admin_state_up": m.up, "health_check_port": m.port,
		"delay": m.delay, "timeout": m.timeout, "max_retries": m.retries, "pools": refs(m.pool),
		"http_method": nil, "url_path": nil, "expected_codes": nil, "host_header": nil,
	}
	if m.kind != "TCP" {
		o["http_method"], o["url_path"], o["expected_codes"] = m.method, m.path, m.codes
		o["host_header"] = frame.Nullable(m.host)
	}
	return o
}

var monitors = &resource[monitor, *monitor]{
	single: "healthmonitor", plural: "healthmonitors", argument: "health_monitor_", title: "Health Monitor",
	limit:   func(q Quota) int { return q.HealthMonitors },
	filters: map[string]network.Filter{"pool_id": hasRef("pools")},
	in:      func(c *call) (*[]*monitor, *frame.Reply) { return &c.project.monitors, nil },
	read:    readMonitor, settle: settleMonitor,
}

var expectedCodes = regexp.MustCompile(`^ *[1-5]\d\d *(- *[1-5]\d\d *)?(, *[1-5]\d\d *(- *[1-5]\d\d *)?)*$`)

func readMonitor(c *call, in *input, m, old *monitor) {
	if old == nil {
		*m = monitor{id: frame.NewID(), up: true, method: "GET", path: "/", codes: "200"}
		in.need("pool_id", "type", "delay", "timeout", "max_retries")
		in.tenant(c)
		in.choice("type", &m.kind, "TCP", "HTTP", "HTTPS")
		id, _ := in.id("pool_id")
		var r *frame.Reply
		m.pool, r = byID(c.project.pools, id, aPool)
		in.Refuse(r)
	}
	in.flag("admin_state_up", &m.up)
	if v, _ := in.Value("health_check_port"); v == "member-port" {
		m.port = 0
	} else {
		in.number("health_check_port", 0, 65535, &m.port)
	}
	in.number("delay", 1, 5000, &m.delay)
	in.number("timeout", 1, 5000, &m.timeout)
	in.number("max_retries", 1, 10, &m.retries)
	in.choice("http_method", &m.method, "GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "OPTIONS", "CONNECT", "PATCH")
	in.text("url_path", 2048, &m.path)
	in.text("expected_codes", 64, &m.codes)
	in.text("host_header", maxText, &m.host)
	if u, err := url.Parse(m.path); err != nil || m.path == "" || m.path[0] != '/' || u.Fragment != "" {
		in.invalid("url_path", m.path, "Value should be a valid URL path")
	}
	if !expectedCodes.MatchString(m.codes) {
		in.invalid("expected_codes", m.codes, "Value should be a status of HTTP, a list of them, or a range")
	}
}

// settleMonitor refuses a second health monitor of a pool.
func settleMonitor(_ *call, m, old *monitor) *frame.Reply {
	if old == nil && m.pool.monitor() != nil {
		return conflict("This pool already has a health monitor")
	}
	return nil
}
