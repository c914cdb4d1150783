package frame

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"time"
)

// API is one API of the cloud, under a prefix of the server's URL.
type API struct {
	Name    string  // first segment of the path; empty for one that is in the catalog only
	Catalog Catalog // how the catalog lists it
	Dialect Dialect
	Routes  []Route

	// Admit looks at who calls, ahead of every handler and under the lock. It
	// sets the tenant of the call, or says why there is no way in; nil lets
	// everybody in.
	Admit func(*Call) *Reply
	// Home is the region that the calls work in, where the service has one place
	// for all regions.
	Home *Region
	// Resolve finds the route of a request, for services that the mux with its
	// cleaning of paths is not good for. Such a service has no Routes, and says
	// which Operations there are.
	Resolve    func(*Call) Route
	Operations []Operation
	// AtRoot tells which paths at the root of a region are those of such a service
	// as well, for clients that look there.
	AtRoot func(path string) bool
	// Close is called when the cloud is closed and no request runs any more.
	Close func()
}

// Catalog is how the catalog lists a service; one without a type is not in it.
type Catalog struct {
	Type, Name string
	Path       string // of the endpoint, with {tenantId}
	Everywhere bool   // one endpoint for all regions
	Links      bool   // the list of links is there, as an empty one
}

// Route is one call of a service.
type Route struct {
	Operation string // documented id; empty where only the upstream project documents it
	Method    string
	Path      string  // below the prefix of the service, with ServeMux wildcards
	Open      bool    // needs no token
	Dialect   Dialect // of this call, where it is not that of the service
	Handle    func(*Call) Reply

	// Streams leaves the body in Stream and lets the handler run without the
	// lock, which would keep others waiting for gigabytes to pass.
	Streams bool

	// Actions are the calls that share a path, by the one key that the body has;
	// or by what ActionOf makes of the body, or of the one element of a list that
	// is the body, where that is set.
	Actions  map[string]Route
	ActionOf func(body Object) string

	unknown bool // a path or a method that the service does not have
}

// Dialect is how a service words what is not an answer of a handler.
type Dialect interface {
	// Fail is an error.
	Fail(c *Call, status int, message string) Reply
	// Unknown answers a path or a method that the service does not have.
	Unknown(c *Call) Reply
	// Read reads the body of a call, before its handler runs.
	Read(c *Call) *Reply
	// Sign adds the headers that every answer has.
	Sign(c *Call, rep Reply, h http.Header, now time.Time)
}

// Call is a request on its way through its handler.
type Call struct {
	Frame   *Frame
	API     *API
	Region  *Region
	Route   Route
	Request *http.Request
	Path    string // below the prefix of the service, where that resolves its paths
	Query   url.Values
	Stream  *Stream // the body, for calls that stream
	Raw     []byte  // the body, for those that don't
	Body    Object  // what the dialect read in it, if anything
	Tenant  string  // id of the one whose token came; empty without a good one
	Now     time.Time
}

func (f *Frame) newCall(r *http.Request, rg *Region, api *API, rt Route) *Call {
	return &Call{
		Frame: f, API: api, Region: rg, Route: rt, Request: r, Query: r.URL.Query(), Stream: &Stream{src: r.Body},
	}
}

// Place is where the one who calls has things.
func (c *Call) Place() Place { return Place{c.Region, c.Tenant} }

// Known tells whether the service has the path and the method.
func (c *Call) Known() bool { return !c.Route.unknown }

// Value is a wildcard of the path.
func (c *Call) Value(name string) string { return c.Request.PathValue(name) }

func (c *Call) dialect() Dialect {
	if c.Route.Dialect != nil {
		return c.Route.Dialect
	}
	return c.API.Dialect
}

// check does what comes before every handler.
func (c *Call) check() *Reply {
	if c.API.Admit != nil {
		if r := c.API.Admit(c); r != nil {
			return r
		}
	}
	if !c.Known() {
		return nil
	}
	if r := c.dialect().Read(c); r != nil {
		return r
	}
	if tenant := c.Value("tenantId"); tenant != "" && tenant != c.Tenant {
		words := "Malformed request URL: URL's project_id '" + tenant + "' doesn't match Context's project_id '" + c.Tenant + "'"
		if d, ok := c.dialect().(interface{ Misdirected() string }); ok {
			words = d.Misdirected()
		}
		r := c.dialect().Fail(c, http.StatusBadRequest, words)
		return &r
	}
	return nil
}

// pickAction finds the call that the body asks for, where several share a path.
func (c *Call) pickAction() {
	if c.Route.Actions == nil {
		return
	}
	body, err := ParseObject(c.Raw)
	if err != nil {
		body = onlyElement(c.Raw)
	}
	var name string
	switch {
	case c.Route.ActionOf != nil:
		name = c.Route.ActionOf(body)
	case len(body) == 1:
		for key := range body {
			name = key
		}
	}
	if action, ok := c.Route.Actions[name]; ok {
		action.Method, action.Dialect = c.Route.Method, c.Route.Dialect
		c.Route = action
	}
}

// onlyElement is the object in a list of one; nil for everything else.
func onlyElement(data []byte) Object {
	var list []Object
	if json.Unmarshal(data, &list) != nil || len(list) != 1 {
		return nil
	}
	return list[0]
}

// ServiceURL is the base of the links of a service: with version and tenant as
// in the catalog, and without the version as bookmarks have it.
func (c *Call) ServiceURL() (self, bookmark string) {
	base := c.Frame.URL + c.Region.Prefix + "/" + c.API.Name
	return base + "/v2/" + c.Tenant, base + "/" + c.Tenant
}

// maxBody is how much of a body is taken in.
const maxBody = 8 << 20

// fill reads the body; of one that streams only what the records keep.
func (c *Call) fill() error {
	if c.Route.Streams {
		return c.Stream.fill(keptBody)
	}
	err := c.Stream.fill(maxBody)
	c.Raw = c.Stream.kept
	c.Stream.unread = nil
	return err
}

// drain reads what is left of the body, unless it is long.
func (c *Call) drain() { _, _ = io.CopyN(io.Discard, c.Stream, maxBody) }

// Stream is the body of a request, of which the records get the beginning.
type Stream struct {
	src    io.Reader
	kept   []byte // what was read first
	unread []byte // what of it nobody has taken yet
}

// fill reads so much ahead of whoever wants it.
func (s *Stream) fill(n int64) (err error) {
	s.kept, err = io.ReadAll(io.LimitReader(s.src, n))
	s.unread = s.kept
	return err
}

func (s *Stream) Read(p []byte) (int, error) {
	if len(s.unread) > 0 {
		n := copy(p, s.unread)
		s.unread = s.unread[n:]
		return n, nil
	}
	n, err := s.src.Read(p)
	if room := keptBody - len(s.kept); room > 0 {
		s.kept = append(s.kept, p[:min(n, room)]...)
	}
	return n, err
}
