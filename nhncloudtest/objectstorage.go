package nhncloudtest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Object storage is a service of its own kind: bodies of gigabytes pass
// through it. So its calls don't take the lock of the Server for longer than
// it takes to look at the token and the clock, and read and write bodies while
// they hold no lock at all.

// objectStorage is object storage in all regions, and what belongs to it.
type objectStorage struct {
	blobs       *blobs
	stores      map[string]*swiftStore // by the prefix of their region
	credentials []*s3Credential        // oldest first; the lock of the Server guards them
}

func (s *Server) newObjectStorage() *objectStorage {
	st := &objectStorage{blobs: &blobs{base: s.config.objects.dir}, stores: map[string]*swiftStore{}}
	now := s.clock.now()
	for _, rg := range s.regions {
		store := &swiftStore{blobs: st.blobs, accounts: map[string]*swiftAccount{}}
		for id := range s.tenants {
			store.accounts["AUTH_"+id] = newSwiftAccount("AUTH_"+id, now)
		}
		st.stores[rg.prefix] = store
	}
	return st
}

// objectStoreHandler keeps the paths of object storage from the mux, which
// would clean them: a//b and a/../b are names of objects.
func (s *Server) objectStoreHandler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, rg := range s.regions {
			if rest, ok := strings.CutPrefix(r.URL.Path, rg.prefix+"/object-store"); ok && (rest == "" || rest[0] == '/') {
				s.serveObjects(w, r, rg, rest)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// swiftCall is a request to object storage on its way through its handler.
// Handlers run under the lock of the store.
type swiftCall struct {
	srv       *Server
	region    *region
	store     *swiftStore
	req       *http.Request
	query     url.Values
	body      *recordedBody
	now       time.Time
	who       visitor
	version   string
	path      [3]string // account, container and object, as far as there are any
	broken    bool      // the path has a gap
	account   *swiftAccount
	container string
	object    string
}

// swiftReply is an answer before it is sent. It has a body or a content.
type swiftReply struct {
	status  int
	header  http.Header
	body    []byte
	content *content
}

// size is how many bytes follow the headers.
func (r *swiftReply) size() int64 {
	if r.content != nil {
		return r.content.size
	}
	return int64(len(r.body))
}

const (
	swiftHTML = "text/html; charset=UTF-8"
	plainType = "text/plain"
)

// swiftOK is an answer without a body.
func swiftOK(status int) *swiftReply { return &swiftReply{status: status, header: http.Header{}} }

// swiftText is an error in bare text; it is called HTML all the same, unless
// another type is given.
func swiftText(status int, contentType, format string, args ...any) *swiftReply {
	r := swiftOK(status)
	r.header.Set("Content-Type", contentType)
	r.body = fmt.Appendf(nil, format, args...)
	return r
}

// swiftReasons are the titles and sentences of the errors.
var swiftReasons = map[int][2]string{
	202: {"Accepted", "The request is accepted for processing."},
	400: {"Bad Request", "The server could not comply with the request since it is either malformed or otherwise incorrect."},
	401: {"Unauthorized", "This server could not verify that you are authorized to access the document you requested."},
	403: {"Forbidden", "Access was denied to this resource."},
	404: {"Not Found", "The resource could not be found."},
	405: {"Method Not Allowed", "The method is not allowed for this resource."},
	406: {"Not Acceptable", "The resource is not available in a format acceptable to your browser."},
	408: {"Request Timeout", "The server has waited too long for the request to be sent by the client."},
	409: {"Conflict", "There was a conflict when trying to complete your request."},
	411: {"Length Required", "Content-Length header required."},
	412: {"Precondition Failed", "A precondition for this request was not met."},
	413: {"Request Entity Too Large", "The body of your request was too large for this server."},
	416: {"Requested Range Not Satisfiable", "The Range requested is not available."},
	422: {"Unprocessable Entity", "Unable to process the contained instructions"},
	500: {"Internal Error", "The server has either erred or is incapable of performing the requested operation."},
	501: {"Not Implemented", "The requested method is not implemented by this server."},
	503: {"Service Unavailable", "The server is currently unavailable. Please try again at a later time."},
	504: {"Gateway Timeout", "A timeout has occurred speaking to a backend server."},
	507: {"Insufficient Storage", "There was not enough space to save the resource. Drive: unknown"},
}

// swiftError is an error as Swift words it.
func swiftError(status int) *swiftReply {
	reason, ok := swiftReasons[status]
	if !ok {
		reason = [2]string{statusText(status), statusText(status)}
	}
	return swiftText(status, swiftHTML, "<html><h1>%s</h1><p>%s</p></html>", reason[0], reason[1])
}

// statusLine is a status as it stands in reports.
func statusLine(status int) string {
	if reason, ok := swiftReasons[status]; ok {
		return strconv.Itoa(status) + " " + reason[0]
	}
	return strconv.Itoa(status) + " " + http.StatusText(status)
}

// parsePath takes the path apart: version, account, container, object. Only
// the object can have slashes in it. It says false where there is not even an
// account.
func (c *swiftCall) parsePath(rest string) {
	parts := strings.SplitN(strings.TrimPrefix(rest, "/"), "/", 4)
	c.version = parts[0]
	copy(c.path[:], parts[1:])
	c.container, c.object = c.path[1], c.path[2]
	c.broken = c.path[0] == "" && c.container+c.object != "" || c.container == "" && c.object != ""
}

// operation is the documented id of the call. Where the documents know one
// call under several names, it is the general one: every change of a
// container's settings by headers is a post-container.
func (c *swiftCall) operation() string {
	manifest := c.query.Get("multipart-manifest")
	switch level, method := c.level(), c.req.Method; {
	case c.path[0] == "" || c.broken || c.query.Has("bulk-delete") && method != http.MethodGet:
		return ""
	case level == "account":
		return map[string]string{
			"HEAD": "objectstorage-head-account", "GET": "objectstorage-list-containers",
		}[method]
	case level == "container" && method == "GET" && c.query.Has("policy"):
		return "objectstorage-get-container-policy"
	case level == "container" && method == "POST" && c.isPolicy():
		return "objectstorage-set-container-policy"
	case level == "container":
		return map[string]string{
			"PUT": "objectstorage-put-container", "GET": "objectstorage-list-objects",
			"POST": "objectstorage-post-container", "DELETE": "objectstorage-delete-container",
		}[method]
	case c.query.Has("temp_url_sig"):
		return "objectstorage-temp-url"
	case method == "PUT" && c.req.Header.Get("X-Copy-From") != "":
		if _, only := c.copySource(); only {
			return "objectstorage-copy-manifest-put"
		}
		return "objectstorage-copy-object-put"
	case method == "PUT" && manifest == "put":
		return "objectstorage-put-slo-manifest"
	case method == "PUT" && c.req.Header.Get("X-Object-Manifest") != "":
		return "objectstorage-put-dlo-manifest"
	case method == "GET" && manifest == "get":
		return "objectstorage-get-slo-manifest"
	case method == "COPY" && manifest == "get":
		return "objectstorage-copy-manifest"
	default:
		return map[string]string{
			"PUT": "objectstorage-put-object", "GET": "objectstorage-get-object", "HEAD": "objectstorage-head-object",
			"POST": "objectstorage-post-object-metadata", "DELETE": "objectstorage-delete-object", "COPY": "objectstorage-copy-object",
		}[method]
	}
}

func (c *swiftCall) level() string {
	switch {
	case c.object != "":
		return "object"
	case c.container != "":
		return "container"
	}
	return "account"
}

// swiftHandlers are the calls, by what the path names and by method.
var swiftHandlers = map[string]map[string]func(*swiftCall) *swiftReply{
	"account": {
		"GET": getAccount, "HEAD": getAccount, "POST": postAccount, "DELETE": deleteAccount,
	},
	"container": {
		"GET": getContainer, "HEAD": getContainer, "PUT": putContainer, "POST": postContainer, "DELETE": deleteContainer,
	},
	"object": {
		"GET": getObject, "HEAD": getObject, "PUT": putObject, "POST": postObject, "DELETE": deleteObject, "COPY": copyObject,
	},
}

var swiftAllow = map[string]string{
	"account":   "HEAD, GET, POST, OPTIONS",
	"container": "HEAD, GET, PUT, POST, DELETE, OPTIONS",
	"object":    "HEAD, GET, PUT, POST, DELETE, COPY, OPTIONS",
}

// serveObjects takes a request from its first byte to the last byte of its
// answer.
func (s *Server) serveObjects(w http.ResponseWriter, r *http.Request, rg *region, rest string) {
	s.inFlight.Add(1)
	defer s.inFlight.Done()

	body := &recordedBody{src: r.Body}
	c := &swiftCall{srv: s, region: rg, store: s.storage.stores[rg.prefix], req: r, query: r.URL.Query(), body: body}
	c.parsePath(rest)
	// Who waits for a 100 Continue gets it when the body is wanted.
	waits := r.Header.Get("Expect") != ""
	if !waits {
		if err := body.fill(); err != nil {
			cut(w) // the client broke off
			return
		}
	}
	operation := c.operation()
	entry := s.records.begin(r, body.kept, operation)
	fault := s.faults.hit(r, operation)
	if fault.Delay > 0 && !s.pause(r.Context(), fault.Delay) || fault.Reset {
		cut(w)
		return
	}
	var rep *swiftReply
	switch {
	case fault.Status != 0 && fault.Body == "":
		rep = swiftError(fault.Status)
	case fault.Status != 0:
		own := fault.answer(nil)
		rep = &swiftReply{status: own.status, header: own.header, body: own.body}
	default:
		rep = c.answer()
	}
	s.records.body(entry, body.kept)
	if rep != nil && rep.content != nil {
		defer rep.content.Close()
	}
	if rep == nil || fault.ResetAfter {
		cut(w) // the client broke off, or is to think so
		return
	}
	if !waits {
		// A client that still sends may not look for an answer before it is done.
		_, _ = io.CopyN(io.Discard, body, 8<<20)
	}
	c.writeHeaders(w.Header(), rep)
	fault.decorate(w.Header())
	s.records.end(entry, rep.status)
	w.WriteHeader(rep.status)
	if r.Method == http.MethodHead {
		return
	}
	var src io.Reader = bytes.NewReader(rep.body)
	if rep.content != nil {
		src = rep.content
	}
	if fault.Truncate {
		_, _ = io.CopyN(w, src, rep.size()/2)
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	if _, err := io.Copy(w, src); err != nil {
		_ = http.NewResponseController(w).Flush() // a segment is gone, or the client
		panic(http.ErrAbortHandler)
	}
}

// writeHeaders writes those that every answer has, and those of this one.
func (c *swiftCall) writeHeaders(h http.Header, rep *swiftReply) {
	for k, v := range rep.header {
		h[k] = v
	}
	if h.Get("Content-Type") == "" {
		h.Set("Content-Type", swiftHTML)
	}
	if rep.status != http.StatusNoContent && rep.status != http.StatusNotModified {
		h.Set("Content-Length", strconv.FormatInt(rep.size(), 10))
	}
	if rep.status == http.StatusUnauthorized {
		h["Www-Authenticate"] = []string{
			`Swift realm="` + orElse(c.path[0], "unknown") + `"`, `Keystone uri="` + c.srv.URL() + `/identity"`,
		}
	}
	now := c.srv.Now()
	h.Set("Date", now.Format(http.TimeFormat))
	id := fmt.Sprintf("tx%s-%010x", newHexID()[:21], now.Unix())
	h.Set("X-Trans-Id", id)
	h.Set("X-Openstack-Request-Id", id)
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// identify looks at the token and the clock, and notes who calls.
func (c *swiftCall) identify() {
	c.srv.mu.Lock()
	defer c.srv.mu.Unlock()
	c.now = c.srv.clock.now()
	c.srv.agenda.settle(c.now)
	id := orElse(c.req.Header.Get("X-Auth-Token"), c.req.Header.Get("X-Storage-Token"))
	if tok := c.srv.tokens[id]; tok != nil && c.now.Before(tok.expires) {
		c.who.tenant, c.who.user = tok.tenant.id, c.srv.userID
	}
	if at, err := netip.ParseAddrPort(c.req.RemoteAddr); err == nil {
		c.who.ip = at.Addr().Unmap()
	}
}

// answer finds out what a call is answered; nil when the client broke off.
func (c *swiftCall) answer() *swiftReply {
	c.identify()
	c.store.mu.Lock()
	defer c.store.mu.Unlock()
	c.store.agenda.settle(c.now)

	level, method := c.level(), c.req.Method
	switch {
	case !validName(c.container) || !validName(c.object):
		return swiftText(http.StatusPreconditionFailed, swiftHTML, "Invalid UTF8 or contains NULL")
	case c.broken:
		return swiftError(http.StatusNotFound)
	case c.path == [3]string{} && c.version == "info":
		return getInfo(c)
	case c.path[0] == "":
		return swiftText(http.StatusPreconditionFailed, swiftHTML, "Bad URL")
	case c.version != "v1" && c.version != "v1.0":
		return swiftError(http.StatusBadRequest)
	case method == http.MethodOptions:
		rep := swiftOK(http.StatusOK)
		rep.header.Set("Allow", swiftAllow[level])
		return rep
	}
	handler := swiftHandlers[level][method]
	if c.query.Has("bulk-delete") && (method == http.MethodPost || method == http.MethodDelete) {
		handler = bulkDelete
	}
	if handler == nil {
		rep := swiftError(http.StatusMethodNotAllowed)
		rep.header.Set("Allow", swiftAllow[level])
		return rep
	}
	c.account = c.store.accounts[c.path[0]]
	if c.account == nil {
		return c.denied()
	}
	if rep := c.limitWrites(); rep != nil {
		return rep
	}
	if c.query.Has("temp_url_sig") || c.query.Has("temp_url_expires") {
		return c.tempURL(handler)
	}
	return handler(c)
}

// limitWrites refuses what goes beyond [WithObjectWriteLimit].
func (c *swiftCall) limitWrites() *swiftReply {
	most := c.srv.config.objects.writeLimit
	switch c.req.Method {
	case http.MethodGet, http.MethodHead:
		return nil
	}
	if most == 0 {
		return nil
	}
	if a := c.account; c.now.Sub(a.window) >= time.Second || c.now.Before(a.window) {
		a.window, a.writes = c.now, 0
	}
	if c.account.writes >= most {
		return swiftText(http.StatusTooManyRequests, swiftHTML, "Slow down")
	}
	c.account.writes++
	return nil
}

// outside lets others in while something slow is done, and looks at the clock
// again afterwards.
func (c *swiftCall) outside(slow func() error) error {
	c.store.mu.Unlock()
	defer func() {
		c.store.mu.Lock()
		c.store.agenda.settle(c.now)
	}()
	err := slow()
	c.now = c.srv.Now()
	return err
}

// readAll reads a body that is known to be small; nil and an error when the
// client broke off. One that is too long comes one byte longer than the limit.
func (c *swiftCall) readAll(limit int64) (data []byte, err error) {
	err = c.outside(func() error {
		data, err = io.ReadAll(io.LimitReader(c.body, limit+1))
		return err
	})
	return data, err
}

// recordedBody is the body of a request, of which the log gets the beginning.
type recordedBody struct {
	src    io.Reader
	kept   []byte // what was read first
	unread []byte // what of it nobody has taken yet
}

// fill reads what the log gets, ahead of whoever wants it.
func (b *recordedBody) fill() (err error) {
	b.kept, err = io.ReadAll(io.LimitReader(b.src, keptBody))
	b.unread = b.kept
	return err
}

func (b *recordedBody) Read(p []byte) (int, error) {
	if len(b.unread) > 0 {
		n := copy(p, b.unread)
		b.unread = b.unread[n:]
		return n, nil
	}
	n, err := b.src.Read(p)
	b.kept = append(b.kept, p[:min(n, keptBody-len(b.kept))]...)
	return n, err
}

// body notes the beginning of a body that was read later.
func (rec *recorder) body(entry *RecordedRequest, body []byte) {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	if len(body) > len(entry.Body) {
		entry.Body = body
	}
}
