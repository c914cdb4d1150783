package objectstorage

import (
	"io"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/identity"
)

// call is a request on its way through its handler. Handlers run under the
// lock of the store.
type call struct {
	*frame.Call
	service   *Service
	store     *store
	who       visitor
	version   string
	path      [3]string // account, container and object, as far as there are any
	broken    bool      // the path has a gap
	account   *Account
	container string
	object    string
	listed    bool // the answer is a list of a folder, as a page
}

// newCall takes the path apart.
func (s *Service) newCall(fc *frame.Call) *call {
	c := &call{Call: fc, service: s, store: s.stores[fc.Region]}
	c.version, c.path = splitPathOf(fc)
	c.container, c.object = c.path[1], c.path[2]
	c.broken = c.path[0] == "" && c.container+c.object != "" || c.container == "" && c.object != ""
	return c
}

// splitPathOf takes out of a path the version, account, container and object, as
// far as it has them. Only the object can have slashes in it.
func splitPathOf(fc *frame.Call) (version string, path [3]string) {
	parts := strings.SplitN(strings.TrimPrefix(fc.Path, "/"), "/", 4)
	copy(path[:], parts[1:])
	return parts[0], path
}

func (c *call) level() string {
	switch {
	case c.object != "":
		return "object"
	case c.container != "":
		return "container"
	}
	return "account"
}

// handlers are the calls, by what the path names and by method.
var handlers = map[string]map[string]func(*call) *frame.Reply{
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

var allow = map[string]string{
	"account":   "HEAD, GET, POST, OPTIONS",
	"container": "HEAD, GET, PUT, POST, DELETE, OPTIONS",
	"object":    "HEAD, GET, PUT, POST, DELETE, COPY, OPTIONS",
}

// answer finds out what a call is answered; nil when the client broke off.
func (c *call) answer() *frame.Reply {
	if c.who.tenant = c.Tenant; c.who.tenant != "" {
		c.who.user = identity.UserID
	}
	if at, err := netip.ParseAddrPort(c.Request.RemoteAddr); err == nil {
		c.who.ip = at.Addr().Unmap()
	}
	c.store.mu.Lock()
	defer c.store.mu.Unlock()
	c.store.agenda.Settle(c.Now)

	level, method := c.level(), c.Request.Method
	switch {
	case !validName(c.container) || !validName(c.object):
		return textReply(http.StatusPreconditionFailed, htmlType, "Invalid UTF8 or contains NULL")
	case c.broken:
		rep := dialect{}.Unknown(c.Call)
		return &rep
	case c.path == [3]string{} && c.version == "info":
		return getInfo(c)
	case c.path[0] == "":
		return textReply(http.StatusPreconditionFailed, htmlType, "Bad URL")
	case c.version != "v1" && c.version != "v1.0":
		return errorReply(http.StatusBadRequest)
	case method == http.MethodOptions:
		return c.preflight(level)
	}
	handler := handlers[level][method]
	if c.Query.Has("bulk-delete") && (method == http.MethodPost || method == http.MethodDelete) {
		handler = bulkDelete
	}
	if handler == nil {
		rep := errorReply(http.StatusMethodNotAllowed)
		rep.Header.Set("Allow", allow[level])
		return rep
	}
	c.account = c.store.accounts[c.path[0]]
	if c.account == nil {
		return c.denied()
	}
	if rep := c.limitWrites(); rep != nil {
		return rep
	}
	if c.Query.Has("temp_url_sig") || c.Query.Has("temp_url_expires") {
		return c.tempURL(handler)
	}
	if c.wantsPage() {
		return c.page()
	}
	return c.withCORS(handler)
}

// limitWrites refuses what goes beyond the limit.
func (c *call) limitWrites() *frame.Reply {
	most := c.service.cfg.WriteLimit
	switch c.Request.Method {
	case http.MethodGet, http.MethodHead:
		return nil
	}
	if most == 0 {
		return nil
	}
	if a := c.account; c.Now.Sub(a.window) >= time.Second || c.Now.Before(a.window) {
		a.window, a.writes = c.Now, 0
	}
	if c.account.writes >= most {
		return textReply(http.StatusTooManyRequests, htmlType, "Slow down")
	}
	c.account.writes++
	return nil
}

// outside lets others in while something slow is done, and looks at the clock
// again afterwards.
func (c *call) outside(slow func() error) error {
	c.store.mu.Unlock()
	defer func() {
		c.store.mu.Lock()
		c.store.agenda.Settle(c.Now)
	}()
	err := slow()
	c.Now = c.Frame.Now()
	return err
}

// readAll reads a body that is known to be small; nil and an error when the
// client broke off. One that is too long comes one byte longer than the limit.
func (c *call) readAll(limit int64) (data []byte, err error) {
	err = c.outside(func() error {
		data, err = io.ReadAll(io.LimitReader(c.Stream, limit+1))
		return err
	})
	return data, err
}
