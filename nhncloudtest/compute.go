package nhncloudtest

import "net/url"

// computeService is compute v2, key pairs included.
func (s *Server) computeService() *service {
	const (
		server     = "/v2/{tenantId}/servers/{serverId}"
		metadata   = server + "/metadata"
		attachment = server + "/os-volume_attachments"
		groups     = "/v2/{tenantId}/os-server-groups"
		keys       = "/v2/{tenantId}/os-keypairs"
	)
	return &service{name: "compute", dialect: nova, routes: append([]route{
		{operation: "compute-v2-list-flavors", method: "GET", path: "/v2/{tenantId}/flavors", handle: listFlavors},
		{operation: "compute-v2-list-flavors-detail", method: "GET", path: "/v2/{tenantId}/flavors/detail", handle: listFlavorsDetail},
		{method: "GET", path: "/v2/{tenantId}/flavors/{flavorId}", handle: getFlavor},
		{operation: "compute-v2-list-availability-zones", method: "GET", path: "/v2/{tenantId}/os-availability-zone", handle: listZones},

		{operation: "compute-v2-list-servers", method: "GET", path: "/v2/{tenantId}/servers", handle: listServers},
		{operation: "compute-v2-list-servers-detail", method: "GET", path: "/v2/{tenantId}/servers/detail", handle: listServersDetail},
		{operation: "compute-v2-create-server", method: "POST", path: "/v2/{tenantId}/servers", handle: createServer},
		{operation: "compute-v2-get-server", method: "GET", path: server, handle: getServer},
		{operation: "compute-v2-update-server", method: "PUT", path: server, handle: updateServer},
		{operation: "compute-v2-delete-server", method: "DELETE", path: server, handle: deleteServer},
		{method: "POST", path: server + "/action", handle: unknownAction, actions: map[string]route{
			"os-start":            {operation: "compute-v2-server-action-start", handle: startServer},
			"os-stop":             {operation: "compute-v2-server-action-stop", handle: stopServer},
			"reboot":              {operation: "compute-v2-server-action-reboot", handle: rebootServer},
			"resize":              {operation: "compute-v2-server-action-resize", handle: resizeServer},
			"createImage":         {operation: "compute-v2-server-action-create-image", handle: createImage},
			"addSecurityGroup":    {operation: "compute-v2-server-action-add-security-group", handle: addSecurityGroup},
			"removeSecurityGroup": {operation: "compute-v2-server-action-remove-security-group", handle: removeSecurityGroup},
			"shelve":              {operation: "compute-v2-server-action-shelve", handle: shelveServer},
			"unshelve":            {operation: "compute-v2-server-action-unshelve", handle: unshelveServer},
		}},

		{operation: "compute-v2-list-server-metadata", method: "GET", path: metadata, handle: listMetadata},
		{operation: "compute-v2-get-server-metadata", method: "GET", path: metadata + "/{key}", handle: getMetadata},
		{operation: "compute-v2-set-server-metadata", method: "PUT", path: metadata + "/{key}", handle: setMetadata},
		{operation: "compute-v2-delete-server-metadata", method: "DELETE", path: metadata + "/{key}", handle: deleteMetadata},

		{operation: "compute-v2-list-volume-attachments", method: "GET", path: attachment, handle: listAttachments},
		{operation: "compute-v2-get-volume-attachment", method: "GET", path: attachment + "/{volumeId}", handle: getAttachment},
		{operation: "compute-v2-attach-volume", method: "POST", path: attachment, handle: attachVolume},
		{operation: "compute-v2-detach-volume", method: "DELETE", path: attachment + "/{volumeId}", handle: detachVolume},

		{operation: "compute-v2-create-server-group", method: "POST", path: groups, handle: createServerGroup},
		{operation: "compute-v2-list-server-groups", method: "GET", path: groups, handle: listServerGroups},
		{operation: "compute-v2-get-server-group", method: "GET", path: groups + "/{servergroupId}", handle: getServerGroup},
		{operation: "compute-v2-delete-server-group", method: "DELETE", path: groups + "/{servergroupId}", handle: deleteServerGroup},

		{operation: "keypair-v2-list-keypairs", method: "GET", path: keys, handle: listKeyPairs},
		{operation: "keypair-v2-get-keypair", method: "GET", path: keys + "/{keypairName}", handle: getKeyPair},
		{operation: "keypair-v2-create-keypair", method: "POST", path: keys, handle: createKeyPair},
		{operation: "keypair-v2-delete-keypair", method: "DELETE", path: keys + "/{keypairName}", handle: deleteKeyPair},
	}, discovery("compute")...)}
}

// serviceURL is the base of the links of a service: with version and tenant as
// in the catalog, and without the version as bookmarks have it.
func (c *call) serviceURL(name string) (self, bookmark string) {
	base := c.srv.url + c.region.prefix + "/" + name
	return base + "/v2/" + c.project.tenant.id, base + "/" + c.project.tenant.id
}

func (c *call) computeLinks(kind, id string) []object {
	self, bookmark := c.serviceURL("compute")
	return []object{link("self", self+"/"+kind+"/"+id), link("bookmark", bookmark+"/"+kind+"/"+id)}
}

func (c *call) bookmark(kind, id string) []object {
	_, bookmark := c.serviceURL("compute")
	return []object{link("bookmark", bookmark+"/"+kind+"/"+id)}
}

// nextPage is the link to the page behind a marker.
func (c *call) nextPage(marker string) []object {
	u := url.URL{Path: c.req.URL.Path, RawQuery: c.nextQuery(marker)}
	return []object{link("next", c.srv.url+u.String())}
}
