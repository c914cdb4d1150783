package objectstorage

import (
	"net/http"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// getInfo tells anybody what the service can do, as Swift's /info does.
// Clients look there before they make large objects or delete in bulk.
func getInfo(c *call) *frame.Reply {
	const methods = "GET, HEAD, OPTIONS"
	rep := newReply(http.StatusOK)
	switch c.Request.Method {
	case http.MethodGet, http.MethodHead:
	case http.MethodOptions:
		rep.Header.Set("Allow", methods)
		return rep
	default:
		rep := errorReply(http.StatusMethodNotAllowed)
		rep.Header.Set("Allow", methods)
		return rep
	}
	rep.Header.Set("Content-Type", frame.JSONType+"; charset=UTF-8")
	rep.Body = frame.Encode(frame.Object{
		"swift": frame.Object{
			"account_listing_limit": maxListing, "container_listing_limit": maxListing,
			"max_file_size": c.service.sizeLimit(), "max_container_name_length": 256, "max_object_name_length": 1024,
			"max_meta_count": maxMetaCount, "max_meta_name_length": maxMetaName,
			"max_meta_value_length": maxMetaValue, "max_meta_overall_size": maxMetaSize,
			"max_header_size": maxHeaderValue, "strict_cors_mode": true,
			"policies": []frame.Object{{"name": "standard", "aliases": "standard", "default": true}, {"name": "economy", "aliases": "economy"}},
		},
		"slo":         frame.Object{"max_manifest_segments": maxSegments, "max_manifest_size": maxManifestSize, "min_segment_size": 1},
		"staticweb":   frame.Object{},
		"bulk_delete": frame.Object{"max_deletes_per_request": maxBulkDelete},
		"tempurl": frame.Object{
			"methods":         []string{"GET", "HEAD", "PUT", "POST", "DELETE"},
			"allowed_digests": []string{"sha1", "sha256", "sha512"},
		},
	})
	return rep
}
