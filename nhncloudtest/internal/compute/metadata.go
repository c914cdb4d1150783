package compute

import (
	"maps"
	"net/http"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

func listMetadata(c *call) frame.Reply {
	v, r := c.server()
	if r != nil {
		return *r
	}
	return frame.Answer(http.StatusOK, object{"metadata": v.Metadata})
}

func getMetadata(c *call) frame.Reply {
	v, r := c.server()
	if r != nil {
		return *r
	}
	key := c.Value("key")
	value, ok := v.Metadata[key]
	if !ok {
		return *frame.NotFound("Metadata item was not found")
	}
	return frame.Answer(http.StatusOK, object{"meta": object{key: value}})
}

func setMetadata(c *call) frame.Reply {
	v, r := c.server()
	if r != nil {
		return *r
	}
	meta := frame.Sub(c.Body, "meta")
	if meta == nil {
		return *frame.Required("", c.Body, "meta")
	}
	if len(meta) != 1 {
		return *frame.BadRequest("Request body contains too many items")
	}
	key := c.Value("key")
	value, ok := meta[key]
	if !ok {
		return *frame.BadRequest("Request body and URI mismatch")
	}
	if r := frame.CheckMetadata("meta", object{key: value}); r != nil {
		return *r
	}
	v.Metadata[key] = value.(string)
	v.Updated = c.Now
	return frame.Answer(http.StatusOK, object{"meta": object{key: value}})
}

// mergeMetadata sets the pairs of the request and leaves the others.
func mergeMetadata(c *call) frame.Reply { return c.changeMetadata(false) }

// replaceMetadata leaves none but the pairs of the request.
func replaceMetadata(c *call) frame.Reply { return c.changeMetadata(true) }

func (c *call) changeMetadata(replace bool) frame.Reply {
	v, r := c.server()
	if r != nil {
		return *r
	}
	given, ok := c.Body["metadata"]
	if !ok {
		return *frame.Required("", c.Body, "metadata")
	}
	pairs, r := frame.ReadMetadata("metadata", given)
	if r != nil {
		return *r
	}
	if replace {
		clear(v.Metadata)
	}
	maps.Copy(v.Metadata, pairs)
	v.Updated = c.Now
	return frame.Answer(http.StatusOK, object{"metadata": v.Metadata})
}

func deleteMetadata(c *call) frame.Reply {
	v, r := c.server()
	if r != nil {
		return *r
	}
	if _, ok := v.Metadata[c.Value("key")]; !ok {
		return *frame.NotFound("Metadata item was not found")
	}
	delete(v.Metadata, c.Value("key"))
	v.Updated = c.Now
	return frame.Answer(http.StatusNoContent, nil)
}
