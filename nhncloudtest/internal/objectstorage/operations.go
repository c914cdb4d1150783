package objectstorage

import (
	"net/http"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// operation is a documented call.
type operation struct {
	id     string
	level  string           // what the path names
	method string           // empty: any
	when   func(*call) bool // what else makes it this call; nil: nothing
}

// operations are all of them; the first that fits a request is it. Where the
// documents know one call under several names, it is the general one: every
// change of a container's settings by headers is a post-container.
var operations = []operation{
	{"objectstorage-head-account", "account", "HEAD", nil},
	{"objectstorage-list-containers", "account", "GET", nil},

	{"objectstorage-get-container-policy", "container", "GET", func(c *call) bool { return c.Query.Has("policy") }},
	{"objectstorage-set-container-policy", "container", "POST", (*call).isPolicy},
	{"objectstorage-put-container", "container", "PUT", nil},
	{"objectstorage-list-objects", "container", "GET", nil},
	{"objectstorage-post-container", "container", "POST", nil},
	{"objectstorage-delete-container", "container", "DELETE", nil},

	{"objectstorage-temp-url", "object", "", func(c *call) bool { return c.Query.Has("temp_url_sig") }},
	{"objectstorage-copy-manifest-put", "object", "PUT", func(c *call) bool { _, only := c.copySource(); return c.isCopy() && only }},
	{"objectstorage-copy-object-put", "object", "PUT", (*call).isCopy},
	{"objectstorage-put-slo-manifest", "object", "PUT", (*call).isManifest},
	{"objectstorage-put-dlo-manifest", "object", "PUT", func(c *call) bool { return c.Request.Header.Get("X-Object-Manifest") != "" }},
	{"objectstorage-put-object", "object", "PUT", nil},
	{"objectstorage-get-slo-manifest", "object", "GET", (*call).wantsManifest},
	{"objectstorage-get-object", "object", "GET", nil},
	{"objectstorage-head-object", "object", "HEAD", nil},
	{"objectstorage-post-object-metadata", "object", "POST", nil},
	{"objectstorage-delete-object", "object", "DELETE", nil},
	{"objectstorage-copy-manifest", "object", "COPY", (*call).wantsManifest},
	{"objectstorage-copy-object", "object", "COPY", nil},
}

// documented are the operations as the frame knows them.
func documented() []frame.Operation {
	var out []frame.Operation
	for _, op := range operations {
		out = append(out, frame.Operation{ID: op.id, Method: op.method})
	}
	return out
}

// wantsManifest tells whether a request is about the manifest of a large object,
// not what it stands for.
func (c *call) wantsManifest() bool { return c.Query.Get("multipart-manifest") == "get" }

// operation is the documented id of the call; "" when it has none.
func (c *call) operation() string {
	if c.path[0] == "" || c.broken || c.Query.Has("bulk-delete") && c.Request.Method != http.MethodGet {
		return ""
	}
	level := c.level()
	for _, op := range operations {
		if op.level == level && (op.method == "" || op.method == c.Request.Method) && (op.when == nil || op.when(c)) {
			return op.id
		}
	}
	return ""
}
