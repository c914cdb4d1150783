package objectstorage

import (
	"net/http"
	"slices"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// The settings of a container that say which pages of other origins may use it.
const (
	corsOrigins = "X-Container-Meta-Access-Control-Allow-Origin"
	corsExposed = "X-Container-Meta-Access-Control-Expose-Headers"
	corsMaxAge  = "X-Container-Meta-Access-Control-Max-Age"
)

// corsOrigin is what Access-Control-Allow-Origin says to an origin; "" when the
// container does not allow it.
func (cont *Container) corsOrigin(origin string) string {
	if cont == nil || origin == "" {
		return ""
	}
	switch list := strings.Fields(cont.settings[corsOrigins]); {
	case len(list) == 1 && list[0] == "*":
		return "*"
	case slices.Contains(list, origin) || slices.Contains(list, "*"):
		return origin
	}
	return ""
}

// allowOrigin lets an origin see an answer.
func allowOrigin(h http.Header, allowed string) {
	h.Set("Access-Control-Allow-Origin", allowed)
	if allowed != "*" {
		vary(h, "Origin")
	}
}

func vary(h http.Header, name string) {
	if v := h.Get("Vary"); v != "" {
		name = v + ", " + name
	}
	h.Set("Vary", name)
}

// preflight answers OPTIONS, by which a browser asks ahead of a request whether
// a page may send it. Nobody needs a token for that.
func (c *call) preflight(level string) *frame.Reply {
	methods := allow[level]
	h := c.Request.Header
	origin := h.Get("Origin")
	rep := newReply(http.StatusOK)
	rep.Header.Set("Allow", methods)
	if origin == "" || level == "account" {
		return rep
	}
	var cont *Container
	if account := c.store.accounts[c.path[0]]; account != nil {
		cont = account.containers[c.container]
	}
	// COPY is a thing of Swift's that no preflight is told of.
	methods = strings.Replace(methods, "COPY, ", "", 1)
	allowed := cont.corsOrigin(origin)
	if allowed == "" || !slices.Contains(strings.Split(methods, ", "), h.Get("Access-Control-Request-Method")) {
		rep := errorReply(http.StatusUnauthorized)
		rep.Header.Set("Allow", methods)
		rep.Header["Www-Authenticate"] = nil // a token would not help
		return rep
	}
	allowOrigin(rep.Header, allowed)
	rep.Header.Set("Access-Control-Allow-Methods", allow[level])
	if age, ok := cont.settings[corsMaxAge]; ok {
		rep.Header.Set("Access-Control-Max-Age", age)
	}
	if wanted := h.Get("Access-Control-Request-Headers"); wanted != "" {
		rep.Header.Set("Access-Control-Allow-Headers", wanted)
		vary(rep.Header, "Access-Control-Request-Headers")
	}
	return rep
}

// alwaysExposed are the headers that pages may see besides metadata and what the
// container names.
var alwaysExposed = []string{
	"cache-control", "content-language", "content-type", "etag", "expires", "last-modified", "pragma",
	"x-openstack-request-id", "x-timestamp", "x-trans-id",
}

// withCORS runs the handler of a call and tells a browser whether the page of
// another origin may see the answer. An error is shown as well.
func (c *call) withCORS(handler func(*call) *frame.Reply) *frame.Reply {
	rep := handler(c)
	if rep == nil || c.account == nil {
		return rep
	}
	cont := c.account.containers[c.container]
	allowed := cont.corsOrigin(c.Request.Header.Get("Origin"))
	if allowed == "" {
		return rep
	}
	exposed := slices.Clone(alwaysExposed)
	for name := range rep.Header {
		if strings.HasPrefix(name, "X-Container-Meta-") || strings.HasPrefix(name, "X-Object-Meta-") {
			exposed = append(exposed, strings.ToLower(name))
		}
	}
	exposed = append(exposed, strings.Fields(strings.ToLower(cont.settings[corsExposed]))...)
	slices.Sort(exposed)
	rep.Header.Set("Access-Control-Expose-Headers", strings.Join(slices.Compact(exposed), ", "))
	allowOrigin(rep.Header, allowed)
	return rep
}
