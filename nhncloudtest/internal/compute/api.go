package compute

import (
	"strconv"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// API is what the frame serves.
func (s *Service) API() *frame.API {
	const (
		flavor     = "/v2/{tenantId}/flavors/{flavorId}"
		server     = "/v2/{tenantId}/servers/{serverId}"
		metadata   = server + "/metadata"
		attachment = server + "/os-volume_attachments"
		groups     = "/v2/{tenantId}/os-server-groups"
		keys       = "/v2/{tenantId}/os-keypairs"
	)
	handle := func(do func(*call) frame.Reply) func(*frame.Call) frame.Reply {
		return func(c *frame.Call) frame.Reply {
			return do(&call{c, s.regions[c.Region], s.At(c.Place())})
		}
	}
	route := func(operation, method, path string, do func(*call) frame.Reply) frame.Route {
		return frame.Route{Operation: operation, Method: method, Path: path, Handle: handle(do)}
	}
	return &frame.API{
		Name: "compute", Dialect: frame.Nova{}, Admit: s.Identity.Admit,
		Catalog: frame.Catalog{Type: "compute", Name: "nova", Path: "/compute/v2/{tenantId}"},
		Routes: append([]frame.Route{
			route("compute-v2-list-flavors", "GET", "/v2/{tenantId}/flavors", listFlavors),
			route("compute-v2-list-flavors-detail", "GET", "/v2/{tenantId}/flavors/detail", listFlavorsDetail),
			route("compute-v2-list-availability-zones", "GET", "/v2/{tenantId}/os-availability-zone", listZones),

			route("compute-v2-list-servers", "GET", "/v2/{tenantId}/servers", listServers),
			route("compute-v2-list-servers-detail", "GET", "/v2/{tenantId}/servers/detail", listServersDetail),
			route("compute-v2-create-server", "POST", "/v2/{tenantId}/servers", createServer),
			route("compute-v2-get-server", "GET", server, getServer),
			route("compute-v2-update-server", "PUT", server, updateServer),
			route("compute-v2-delete-server", "DELETE", server, deleteServer),
			{Method: "POST", Path: server + "/action", Handle: handle(unknownAction), Actions: map[string]frame.Route{
				"os-start":            {Operation: "compute-v2-server-action-start", Handle: handle(startServer)},
				"os-stop":             {Operation: "compute-v2-server-action-stop", Handle: handle(stopServer)},
				"reboot":              {Operation: "compute-v2-server-action-reboot", Handle: handle(rebootServer)},
				"resize":              {Operation: "compute-v2-server-action-resize", Handle: handle(resizeServer)},
				"createImage":         {Operation: "compute-v2-server-action-create-image", Handle: handle(createImage)},
				"addSecurityGroup":    {Operation: "compute-v2-server-action-add-security-group", Handle: handle(addSecurityGroup)},
				"removeSecurityGroup": {Operation: "compute-v2-server-action-remove-security-group", Handle: handle(removeSecurityGroup)},
				"shelve":              {Operation: "compute-v2-server-action-shelve", Handle: handle(shelveServer)},
				"unshelve":            {Operation: "compute-v2-server-action-unshelve", Handle: handle(unshelveServer)},
			}},

			route("compute-v2-list-server-metadata", "GET", metadata, listMetadata),
			route("compute-v2-get-server-metadata", "GET", metadata+"/{key}", getMetadata),
			route("compute-v2-set-server-metadata", "PUT", metadata+"/{key}", setMetadata),
			route("compute-v2-delete-server-metadata", "DELETE", metadata+"/{key}", deleteMetadata),

			route("compute-v2-list-volume-attachments", "GET", attachment, listAttachments),
			route("compute-v2-get-volume-attachment", "GET", attachment+"/{volumeId}", getAttachment),
			route("compute-v2-attach-volume", "POST", attachment, attachVolume),
			route("compute-v2-detach-volume", "DELETE", attachment+"/{volumeId}", detachVolume),

			route("compute-v2-create-server-group", "POST", groups, createServerGroup),
			route("compute-v2-list-server-groups", "GET", groups, listServerGroups),
			route("compute-v2-get-server-group", "GET", groups+"/{servergroupId}", getServerGroup),
			route("compute-v2-delete-server-group", "DELETE", groups+"/{servergroupId}", deleteServerGroup),

			route("keypair-v2-list-keypairs", "GET", keys, listKeyPairs),
			route("keypair-v2-get-keypair", "GET", keys+"/{keypairName}", getKeyPair),
			route("keypair-v2-create-keypair", "POST", keys, createKeyPair),
			route("keypair-v2-delete-keypair", "DELETE", keys+"/{keypairName}", deleteKeyPair),

			// What follows is nova's and not in NHN Cloud's guides, but the openstack
			// command, SDKs of OpenStack and NHN Cloud's Terraform provider call it.
			route("", "GET", flavor, getFlavor),
			route("", "GET", flavor+"/os-extra_specs", listExtraSpecs),
			route("", "GET", flavor+"/os-extra_specs/{key}", getExtraSpec),
			route("", "GET", "/v2/{tenantId}/images/{imageId}", getImage),
			route("", "POST", metadata, mergeMetadata),
			route("", "PUT", metadata, replaceMetadata),
		}, frame.Discovery{Version: "v2.0", Path: "/v2"}.Routes()...),
	}
}

func (c *call) computeLinks(kind, id string) []object {
	self, bookmark := c.ServiceURL()
	return []object{frame.Link("self", self+"/"+kind+"/"+id), frame.Link("bookmark", bookmark+"/"+kind+"/"+id)}
}

func (c *call) bookmark(kind, id string) []object {
	_, bookmark := c.ServiceURL()
	return []object{frame.Link("bookmark", bookmark+"/"+kind+"/"+id)}
}

// limit reads the limit of a list. A limit that is missing or 0 means the
// default, one above the maximum is clamped.
func (c *call) limit() (int, *frame.Reply) {
	text := c.Query.Get("limit")
	if text == "" {
		return c.Frame.PageDefault, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || text[0] == '+' {
		return 0, frame.BadRequest("Invalid input for query parameters limit. Value: %s. '%s' does not match '^[0-9]*$'", text, text)
	}
	if n == 0 {
		n = c.Frame.PageDefault
	}
	return min(n, c.Frame.PageMax), nil
}
