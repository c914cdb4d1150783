package loadbalancer

import "github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"

// errorPage is what a listener says in place of an error.
type errorPage struct {
	id, contentType, content string
	code                     int
	listener                 *listener
}

func (e *errorPage) key() string     { return e.id }
func (e *errorPage) tree() *balancer { return e.listener.balancer }

func (e *errorPage) leave() { e.listener.pages = without(e.listener.pages, e) }

func (e *errorPage) body() object {
	return object{
		"id": e.id, "code": e.code, "content_type": e.contentType, "body": e.content, "tenant_id": e.tree().project.place.Tenant,
	}
}

// listener is the one that the path names.
func (c *call) listener() (*listener, *frame.Reply) {
	return byID(c.project.listeners, c.Value("listener"), aListener)
}

var errorPages = &resource[errorPage, *errorPage]{
	single: "errorpage", plural: "errorpages", argument: "errorpage_", title: "Error Page",
	in: func(c *call) (*[]*errorPage, *frame.Reply) {
		l, r := c.listener()
		if r != nil {
			return nil, r
		}
		return &l.pages, nil
	},
	read: readErrorPage, settle: settleErrorPage,
}

func readErrorPage(c *call, in *input, e, old *errorPage) {
	if old == nil {
		l, _ := c.listener()
		*e = errorPage{id: frame.NewID(), listener: l}
		in.need("code", "content_type", "body")
		in.tenant(c)
		in.number("code", 400, 599, &e.code)
		switch e.code {
		case 400, 403, 408, 500, 502, 503, 504:
		default:
			in.invalid("code", e.code, "Value should be one of: 400, 403, 408, 500, 502, 503, 504")
		}
	}
	in.choice("content_type", &e.contentType, "application/javascript", "application/json", "text/css", "text/html", "text/plain")
	in.text("body", 1024, &e.content)
}

// settleErrorPage refuses a second page for a code.
func settleErrorPage(_ *call, e, old *errorPage) *frame.Reply {
	for _, other := range e.listener.pages {
		if old == nil && other.code == e.code {
			return conflict("Another Error Page on this Listener is already using code %d", e.code)
		}
	}
	return nil
}
