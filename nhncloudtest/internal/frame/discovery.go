package frame

import (
	"cmp"
	"net/http"
)

// Discovery is the version of its API that a service tells of at its root.
// General OpenStack clients read that before they use an endpoint without a
// version in it.
type Discovery struct {
	Version string                      // such as "v2.0"
	Path    string                      // where that version is, such as "/v2"
	Status  string                      // CURRENT when empty
	List    func(document Object) Reply // the answer with all versions, where it is another than nova's
}

// Routes are the version documents. They need no token.
func (d Discovery) Routes() []Route {
	document := func(c *Call) Object {
		return Object{
			"id": d.Version, "status": cmp.Or(d.Status, "CURRENT"), "updated": "2016-01-01T00:00:00Z",
			"links": []Object{Link("self", c.Frame.URL+c.Region.Prefix+"/"+c.API.Name+d.Path+"/")},
		}
	}
	all := func(c *Call) Reply {
		if d.List != nil {
			return d.List(document(c))
		}
		return Answer(http.StatusOK, Object{"versions": []Object{document(c)}})
	}
	one := func(c *Call) Reply { return Answer(http.StatusOK, Object{"version": document(c)}) }
	return []Route{
		{Method: "GET", Path: "/{$}", Open: true, Handle: all},
		{Method: "GET", Path: "", Open: true, Handle: all},
		{Method: "GET", Path: d.Path + "/{$}", Open: true, Handle: one},
		{Method: "GET", Path: d.Path, Open: true, Handle: one},
	}
}
