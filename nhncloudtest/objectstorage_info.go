package nhncloudtest

import "net/http"

// getInfo tells anybody what the service can do, as Swift's /info does.
// Clients look there before they make large objects or delete in bulk.
func getInfo(c *swiftCall) *swiftReply {
	if c.req.Method != http.MethodGet && c.req.Method != http.MethodHead {
		rep := swiftError(http.StatusMethodNotAllowed)
		rep.header.Set("Allow", "GET, HEAD")
		return rep
	}
	rep := swiftOK(http.StatusOK)
	rep.header.Set("Content-Type", jsonType+"; charset=UTF-8")
	rep.body = encode(object{
		"swift": object{
			"account_listing_limit": maxListing, "container_listing_limit": maxListing,
			"max_file_size": c.srv.objectSizeLimit(), "max_container_name_length": 256, "max_object_name_length": 1024,
			"max_meta_count": 90, "max_meta_name_length": 128, "max_meta_value_length": 256, "max_meta_overall_size": 4096,
			"policies": []object{{"name": "standard", "aliases": "standard", "default": true}, {"name": "economy", "aliases": "economy"}},
		},
		"slo":         object{"max_manifest_segments": maxSegments, "max_manifest_size": maxManifestSize, "min_segment_size": 1},
		"bulk_delete": object{"max_deletes_per_request": maxBulkDelete},
		"tempurl": object{
			"methods":         []string{"GET", "HEAD", "PUT", "POST", "DELETE"},
			"allowed_digests": []string{"sha1", "sha256", "sha512"},
		},
	})
	return rep
}
