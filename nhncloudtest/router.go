package nhncloudtest

import (
	"io"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"
)

// maxBody is how much of a body compute and block storage take.
const maxBody = 114688

// service is one API of the cloud, under a prefix of the server's URL.
type service struct {
	name    string  // first segment of the path
	dialect dialect // of its errors
	routes  []route
}

// route is one call of a service.
type route struct {
	operation string // documented id; empty where only the upstream project documents it
	method    string
	path      string // below the prefix of the service, with ServeMux wildcards
	open      bool   // needs no token
	area      area   // of the calls of v1.0
	handle    func(*call) reply
	actions   map[string]route // by the key in the body, for calls that share a path
}

// call is a request on its way through its handler. The handler runs under
// the lock of the Server.
type call struct {
	srv     *Server
	service *service
	region  *region
	area    area     // of v1.0
	project *project // of the token's tenant; nil for open calls
	token   *token
	req     *http.Request
	raw     []byte
	body    object // parsed, when there is one
	query   url.Values
	now     time.Time
}

// value is a wildcard of the path.
func (c *call) value(name string) string { return c.req.PathValue(name) }

// register puts the calls of a service into the mux, for one region. The v1.0
// API has the same place for all regions.
func (s *Server) register(mux *http.ServeMux, rg *region, svc *service) {
	prefix := rg.prefix + "/" + svc.name
	if svc.dialect == envelope {
		if rg != s.regions[0] {
			return
		}
		rg = s.regionV1()
	}
	for _, rt := range svc.routes {
		mux.HandleFunc(rt.method+" "+prefix+rt.path, func(w http.ResponseWriter, r *http.Request) {
			s.serve(w, r, rg, svc, rt)
		})
	}
	mux.HandleFunc(prefix+"/", s.unknown(rg, svc))
	mux.HandleFunc(prefix, s.unknown(rg, svc))
}

// unknown serves the paths that a service does not have.
func (s *Server) unknown(rg *region, svc *service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.serve(w, r, rg, svc, route{handle: (*call).unknownPath})
	}
}

// clean keeps paths with empty or dot segments from the mux, which would
// redirect them; the services do not know such paths.
func (s *Server) clean(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := r.URL.Path
		if p == path.Clean(p) || p == path.Clean(p)+"/" {
			mux.ServeHTTP(w, r)
			return
		}
		for _, rg := range s.regions {
			for _, svc := range s.services {
				if strings.HasPrefix(p, rg.prefix+"/"+svc.name+"/") {
					s.unknown(rg, svc)(w, r)
					return
				}
			}
		}
		s.unknown(s.regions[0], nowhere)(w, r)
	})
}

// nowhere stands for the service of paths that belong to none.
var nowhere = &service{dialect: keystone}

// serve takes a request from its first byte to the last byte of its answer.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, rg *region, svc *service, rt route) {
	s.inFlight.Add(1)
	defer s.inFlight.Done()

	raw, err := io.ReadAll(io.LimitReader(r.Body, 8<<20))
	if err != nil {
		cut(w) // the client broke off
		return
	}
	c := &call{srv: s, service: svc, region: rg, req: r, raw: raw, query: r.URL.Query()}
	if rt.actions != nil {
		rt = pickAction(rt, raw)
	}
	c.area = rt.area
	entry := s.records.begin(r, raw, rt.operation)
	fault := s.faults.hit(r, rt.operation)
	if fault.Delay > 0 && !s.pause(r.Context(), fault.Delay) || fault.Reset {
		cut(w)
		return
	}
	var rep reply
	if fault.Status != 0 {
		rep = fault.answer(c)
	} else {
		rep = s.handle(c, rt)
	}
	if fault.ResetAfter {
		cut(w)
		return
	}
	s.headers(w.Header(), svc, rep)
	fault.decorate(w.Header())
	s.records.end(entry, rep.status)
	w.WriteHeader(rep.status)
	if fault.Truncate {
		_, _ = w.Write(rep.body[:len(rep.body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(rep.body)
}

// headers are those that every answer has, and those of this one.
func (s *Server) headers(h http.Header, svc *service, rep reply) {
	for k, v := range rep.header {
		h[k] = v
	}
	if rep.status != http.StatusNoContent {
		h.Set("Content-Length", strconv.Itoa(len(rep.body)))
	}
	if len(rep.body) == 0 && h.Get("Content-Type") == "" {
		h["Content-Type"] = nil // keep net/http from guessing one
	}
	h.Set("Date", s.Now().Format(http.TimeFormat))
	if svc.dialect == envelope {
		return
	}
	id := "req-" + newID()
	h.Set("X-Openstack-Request-Id", id)
	if svc.name == "compute" {
		h.Set("X-Compute-Request-Id", id)
	}
}

// handle checks what every call needs, and runs the handler.
func (s *Server) handle(c *call, rt route) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.now = s.clock.now()
	s.agenda.settle(c.now)

	if c.service.dialect == envelope {
		return c.handleV1(rt)
	}
	if !rt.open && c.service.dialect != keystone {
		tok := s.tokens[c.req.Header.Get("X-Auth-Token")]
		if tok == nil || !c.now.Before(tok.expires) {
			return c.unauthorized()
		}
		c.token, c.project = tok, c.region.projects[tok.tenant.id]
	}
	if rt.operation == "" && rt.method == "" {
		return rt.handle(c) // an unknown path
	}
	if r := c.readBody(rt); r != nil {
		return *r
	}
	if tenant := c.value("tenantId"); tenant != "" && tenant != c.token.tenant.id {
		return c.fail(http.StatusBadRequest,
			"Malformed request URL: URL's project_id '%s' doesn't match Context's project_id '%s'",
			tenant, c.token.tenant.id)
	}
	return rt.handle(c)
}

// readBody parses the body of calls that have one. The identity service looks
// at its bodies itself.
func (c *call) readBody(rt route) *reply {
	if c.service.dialect == nova && len(c.raw) > maxBody {
		r := c.webError(http.StatusRequestEntityTooLarge,
			"Request is too large. Larger than max_request_body_size ("+strconv.Itoa(maxBody)+").")
		return &r
	}
	if (rt.method != http.MethodPost && rt.method != http.MethodPut) ||
		c.service.dialect == keystone {
		return nil
	}
	if mt, _, err := mime.ParseMediaType(c.req.Header.Get("Content-Type")); err != nil || mt != jsonType {
		r := c.fail(http.StatusUnsupportedMediaType, "Unsupported Content-Type")
		return &r
	}
	body, err := parseObject(c.raw)
	if err != nil {
		r := c.fail(http.StatusBadRequest, "Malformed request body")
		return &r
	}
	c.body = body
	return nil
}

// pickAction finds the call that a body asks for with its one key, or in v1.0
// with the value of "action".
func pickAction(rt route, raw []byte) route {
	body, err := parseObject(raw)
	if rt.area != 0 {
		body = object{str(body, "action"): nil}
	}
	if err != nil || len(body) != 1 {
		return rt
	}
	for key := range body {
		if action, ok := rt.actions[key]; ok {
			action.method, action.area = rt.method, rt.area
			return action
		}
	}
	return rt
}

// link is one of the links that objects carry.
func link(rel, href string) object { return object{"rel": rel, "href": href} }

// limit reads the limit of a list. A limit that is missing or 0 means
// the default, one above the maximum is clamped.
func (c *call) limit() (int, *reply) {
	text := c.query.Get("limit")
	if text == "" {
		return c.srv.config.pageDefault, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || text[0] == '+' {
		return 0, badRequest("Invalid input for query parameters limit. Value: %s. '%s' does not match '^[0-9]*$'", text, text)
	}
	if n == 0 {
		n = c.srv.config.pageDefault
	}
	return min(n, c.srv.config.pageMax), nil
}

// cutPage takes one page out of a list: what follows the marker, up to the
// limit.
func cutPage[T any](all []T, id func(T) string, marker string, limit int) (page []T, ok bool) {
	if marker != "" {
		for len(all) > 0 && id(all[0]) != marker {
			all = all[1:]
		}
		if len(all) == 0 {
			return nil, false
		}
		all = all[1:]
	}
	return all[:min(limit, len(all))], true
}

// nextQuery is the query of the next page: that of this one with another
// marker.
func (c *call) nextQuery(marker string) string {
	q := url.Values{}
	for k, v := range c.query {
		q[k] = v
	}
	q.Set("marker", marker)
	return q.Encode()
}
