package image

import (
	"maps"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// The content types of changes: those of the older draft name the operation by a
// key, and don't let an add replace.
const (
	olderPatch = "application/openstack-images-v2.0-json-patch"
	newerPatch = "application/openstack-images-v2.1-json-patch"
)

var patchOperations = []string{"add", "remove", "replace"}

// change is one operation of a patch.
type change struct {
	op, key string
	value   any
	older   bool
}

// changed tells a change of the visibility alone, which is a documented call of
// its own, from the others.
func changed(body object) string {
	if frame.Str(body, "path") == "/visibility" {
		return "visibility"
	}
	return ""
}

// patch changes an image: by all operations, or by none.
func (s *Service) patch(c *frame.Call) frame.Reply {
	changes, r := readPatch(c)
	if r != nil {
		return *r
	}
	img, r := s.own(c, "modify_image")
	if r != nil {
		return *r
	}
	next := *img
	next.Properties = maps.Clone(img.Properties)
	for _, ch := range changes {
		if r := ch.apply(c, &next); r != nil {
			return *r
		}
	}
	if r := next.limited(c); r != nil {
		return *r
	}
	if len(changes) > 0 {
		next.Updated = c.Now
		*img = next
	}
	return frame.Answer(http.StatusOK, img.body())
}

func readPatch(c *frame.Call) ([]change, *frame.Reply) {
	kind, _, _ := mime.ParseMediaType(c.Request.Header.Get("Content-Type"))
	if kind != olderPatch && kind != newerPatch {
		r := unsupported(c, kind)
		r.Header.Set("Accept-Patch", olderPatch+", "+newerPatch)
		return nil, r
	}
	v, r := readJSON(c)
	if r != nil {
		return nil, r
	}
	list, ok := v.([]any)
	if !ok {
		return nil, failed(c, http.StatusBadRequest, "Request body must be a JSON array of operation objects.")
	}
	var changes []change
	for _, v := range list {
		raw, ok := v.(object)
		if !ok {
			return nil, failed(c, http.StatusBadRequest, "Operations must be JSON objects.")
		}
		ch, r := readChange(c, raw, kind == olderPatch)
		if r != nil {
			return nil, r
		}
		changes = append(changes, ch)
	}
	return changes, nil
}

// unsupported is the error for a body of another content type than there can
// be.
func unsupported(c *frame.Call, kind string) *frame.Reply {
	return failed(c, http.StatusUnsupportedMediaType, "The request media type %s is not supported by this server.\n", kind)
}

func readChange(c *frame.Call, raw object, older bool) (change, *frame.Reply) {
	ch := change{older: older}
	path, r := ch.readOperation(c, raw)
	if r != nil {
		return ch, r
	}
	if ch.key, r = readPointer(c, path); r != nil {
		return ch, r
	}
	value, given := raw["value"]
	if ch.value = value; !given && ch.op != "remove" {
		return ch, failed(c, http.StatusBadRequest, `Operation "%s" requires a member named "value".`, ch.op)
	}
	if r := writable(c, ch.key, readOnly); r != nil || ch.op == "remove" || ch.key == "locations" {
		return ch, r
	}
	return ch, fits(c, ch.key, ch.value)
}

// readOperation reads what is to be done, and returns the path.
func (ch *change) readOperation(c *frame.Call, raw object) (path string, r *frame.Reply) {
	if !ch.older {
		op, given := raw["op"]
		ch.op, _ = op.(string)
		path, hasPath := raw["path"].(string)
		switch {
		case !given:
			return "", failed(c, http.StatusBadRequest, "Unable to find `op` in JSON Schema change. It must be one of the following: %s.", strings.Join(patchOperations, ", "))
		case !slices.Contains(patchOperations, ch.op):
			return "", failed(c, http.StatusBadRequest, "Invalid operation: `%v`. It must be one of the following: %s.", op, strings.Join(patchOperations, ", "))
		case !hasPath:
			return "", failed(c, http.StatusBadRequest, "Unable to find 'path' in JSON Schema change")
		}
		return path, nil
	}
	for _, op := range patchOperations {
		if _, ok := raw[op]; !ok {
			continue
		}
		if ch.op != "" {
			return "", failed(c, http.StatusBadRequest, `Operation objects must contain only one member named "add", "remove", or "replace".`)
		}
		ch.op, path = op, frame.Str(raw, op)
	}
	if ch.op == "" {
		r = failed(c, http.StatusBadRequest, `Operation objects must contain exactly one member named "add", "remove", or "replace".`)
	}
	return path, r
}

// Faults of the pointers to a property.
var (
	adjacentSlashes = regexp.MustCompile(`/\s*?/`)
	strayTilde      = regexp.MustCompile(`~([^01]|$)`)
)

// readPointer reads a JSON pointer to a property.
func readPointer(c *frame.Call, path string) (string, *frame.Reply) {
	bad := func(format string) (string, *frame.Reply) { return "", failed(c, http.StatusBadRequest, format, path) }
	switch {
	case !strings.HasPrefix(path, "/"):
		return bad("Pointer `%s` does not start with \"/\".")
	case adjacentSlashes.MatchString(path[1:]):
		return bad("Pointer `%s` contains adjacent \"/\".")
	case len(path) > 1 && strings.HasSuffix(path, "/"):
		return bad("Pointer `%s` end with \"/\".")
	case strings.TrimSpace(path[1:]) == "":
		return bad("Pointer `%s` does not contains valid token.")
	case strayTilde.MatchString(path):
		return bad("Pointer `%s` contains \"~\" not part of a recognized escape sequence.")
	case strings.Contains(path[1:], "/") && !strings.HasPrefix(path, "/locations/"):
		return bad("Invalid JSON pointer for this resource: '%s'")
	}
	key, _, _ := strings.Cut(path[1:], "/")
	return strings.TrimSpace(strings.NewReplacer("~1", "/", "~0", "~").Replace(key)), nil
}

// apply makes one change.
func (ch change) apply(c *frame.Call, img *Image) *frame.Reply {
	_, fixed := schema[ch.key]
	_, there := img.Properties[ch.key]
	switch {
	case ch.key == "locations":
		return failed(c, http.StatusForbidden, "It's not allowed to add, replace or remove locations if locations are invisible.")
	case ch.key == "owner" && ch.op != "remove":
		return detailed(c, http.StatusForbidden, "Owner can't be updated by non admin.")
	case ch.op == "remove" && fixed:
		return detailed(c, http.StatusForbidden, "Property %s may not be removed.", ch.key)
	case ch.op != "add" && !fixed && !there:
		return detailed(c, http.StatusConflict, "Property %s does not exist.", ch.key)
	case ch.op == "add" && ch.older && (fixed || there):
		return detailed(c, http.StatusConflict, "Property %s already present.", ch.key)
	case ch.op == "remove":
		delete(img.Properties, ch.key)
		return nil
	}
	return img.set(c, ch.key, ch.value)
}
