package nhncloudtest

import "net/http"

// discovery are the version documents at the root of a service, which general
// OpenStack clients read before they use an endpoint without a version in it.
// They need no token.
func discovery(service string) []route {
	version := map[string]string{
		"identity": "v2.0", "compute": "v2.0", "image": "v2.0", "network": "v2.0", "volume": "v2.0",
	}[service]
	segment := map[string]string{
		"identity": "/v2.0", "compute": "/v2", "image": "/v2", "network": "/v2.0", "volume": "/v2",
	}[service]
	document := func(c *call) object {
		status := "CURRENT"
		if service == "identity" {
			status = "stable"
		}
		return object{
			"id": version, "status": status, "updated": "2016-01-01T00:00:00Z",
			"links": []object{link("self", c.srv.url+c.region.prefix+"/"+service+segment+"/")},
		}
	}
	all := func(c *call) reply {
		if service == "identity" {
			return answer(http.StatusMultipleChoices, object{"versions": object{"values": []object{document(c)}}})
		}
		return answer(http.StatusOK, object{"versions": []object{document(c)}})
	}
	one := func(c *call) reply { return answer(http.StatusOK, object{"version": document(c)}) }
	return []route{
		{method: "GET", path: "/{$}", open: true, handle: all},
		{method: "GET", path: "", open: true, handle: all},
		{method: "GET", path: segment + "/{$}", open: true, handle: one},
		{method: "GET", path: segment, open: true, handle: one},
	}
}
