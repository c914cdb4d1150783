package v1

import (
	"net/http"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/blockstorage"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/compute"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/identity"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/image"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/network"
)

type object = frame.Object

// Below are the services that the API shows.
type Below struct {
	Identity *identity.Service
	Networks *network.Service
	Volumes  *blockstorage.Service
	Images   *image.Service
	Compute  *compute.Service
}

// Service is the v1.0 API of one appkey.
type Service struct {
	Below
	frame  *frame.Frame
	appKey string
}

// New makes the API.
func New(f *frame.Frame, below Below, appKey string) *Service {
	return &Service{Below: below, frame: f, appKey: appKey}
}

// call is a request on its way through its handler.
type call struct {
	*frame.Call
	service *Service
	compute *compute.Project
	network *network.Project
	volumes *blockstorage.Project
	images  *image.Service
}

// area is what the call is about.
func (c *call) area() area { return c.Route.Dialect.(dialect).area }

// API is what the frame serves. All its calls share one host and begin with
// /v1.0/appkeys/{appkey}.
func (s *Service) API() *frame.API {
	var routes []frame.Route
	add := func(a area, method, path, operation string, handle func(*call) (object, *frame.Reply)) {
		routes = append(routes, frame.Route{
			Operation: operation, Method: method, Path: "/v1.0/appkeys/{appkey}/" + path, Dialect: dialect{a}, Open: a == areaToken,
			Handle: s.enveloped(handle),
		})
	}
	add(areaToken, "POST", "tokens", "identity-v1-create-token", createToken)
	add(areaToken, "GET", "tokens", "identity-v1-get-token", getToken)

	add(areaZone, "GET", "availability-zones", "compute-v1-list-availability-zones", listZones)
	add(areaFlavor, "GET", "flavors", "compute-v1-list-flavors", listFlavors)
	add(areaInstance, "GET", "instances", "compute-v1-list-instances", listInstances)
	add(areaInstance, "GET", "instances-detail", "compute-v1-list-instances-detail", listInstancesDetail)
	add(areaInstance, "POST", "instances", "compute-v1-create-instance", createInstance)
	add(areaInstance, "DELETE", "instances", "compute-v1-delete-instance", deleteInstance)
	add(areaInstance, "POST", "instances/{instanceId}/attachments", "compute-v1-attach-volume", attachVolume)
	add(areaInstance, "DELETE", "instances/{instanceId}/attachments", "compute-v1-detach-volume", detachVolume)
	add(areaInstance, "POST", "instances/{instanceId}/action", "", unknownInstanceAction)
	actions := map[string]frame.Route{}
	routes[len(routes)-1].Actions = actions
	routes[len(routes)-1].ActionOf = func(body object) string { return frame.Str(body, "action") }
	for action, do := range instanceActions {
		actions[action] = frame.Route{Operation: "compute-v1-instance-action-" + do.operation, Handle: s.enveloped(func(c *call) (object, *frame.Reply) {
			return c.act(do.handle)
		})}
	}

	add(areaKeyPair, "GET", "keypairs", "keypair-v1-list-keypairs", listKeyPairs)
	add(areaKeyPair, "POST", "keypairs", "keypair-v1-create-keypair", createKeyPair)
	add(areaKeyPair, "DELETE", "keypairs", "keypair-v1-delete-keypair", deleteKeyPair)

	add(areaVolume, "GET", "volumes", "blockstorage-v1-list-volumes", listVolumes)
	add(areaVolume, "POST", "volumes", "blockstorage-v1-create-volume", createVolume)
	add(areaVolume, "DELETE", "volumes", "blockstorage-v1-delete-volume", deleteVolume)

	add(areaImage, "GET", "images", "image-v1-list-images", listImages)
	add(areaImage, "DELETE", "images", "image-v1-delete-image", deleteImage)

	add(areaSecurityGroup, "GET", "security-groups", "network-v1-list-security-groups", listSecurityGroups)
	add(areaSecurityGroup, "POST", "security-groups", "network-v1-create-security-group", createSecurityGroup)
	add(areaSecurityGroup, "PUT", "security-groups/{securityGroupId}", "network-v1-update-security-group", updateSecurityGroup)
	add(areaSecurityGroup, "DELETE", "security-groups", "network-v1-delete-security-group", deleteSecurityGroup)
	add(areaSecurityGroup, "GET", "security-group-rules", "network-v1-list-security-group-rules", listRules)
	add(areaSecurityGroup, "POST", "security-group-rules", "network-v1-create-security-group-rule", createRule)
	add(areaSecurityGroup, "DELETE", "security-group-rules", "network-v1-delete-security-group-rule", deleteRule)
	add(areaNetwork, "GET", "networks", "network-v1-list-networks", listNetworks)
	add(areaSubnet, "GET", "subnets", "network-v1-list-subnets", listSubnets)
	add(areaFloatingIP, "GET", "floating-ip-pools", "network-v1-list-floating-ip-pools", listPools)
	add(areaFloatingIP, "GET", "floating-ips", "network-v1-list-floating-ips", listFloatingIPs)
	add(areaFloatingIP, "POST", "floating-ips", "network-v1-create-floating-ip", createFloatingIP)
	add(areaFloatingIP, "DELETE", "floating-ips", "network-v1-delete-floating-ip", deleteFloatingIP)
	return &frame.API{Name: "appkey", Dialect: dialect{}, Admit: s.admit, Home: s.home(), Routes: routes}
}

// enveloped puts what a handler answers beside a header.
func (s *Service) enveloped(handle func(*call) (object, *frame.Reply)) func(*frame.Call) frame.Reply {
	return func(fc *frame.Call) frame.Reply {
		place := fc.Place()
		c := &call{fc, s, s.Compute.At(place), s.Networks.At(place), s.Volumes.At(place), s.Images}
		values, r := handle(c)
		if r != nil {
			return *r
		}
		body := object{"header": object{"isSuccessful": true, "resultCode": 0, "resultMessage": "SUCCESS"}}
		for k, v := range values {
			body[k] = v
		}
		return frame.Answer(http.StatusOK, body)
	}
}

// home is the region that v1.0 works in: it is there in Korea only, and does
// not ask for a region.
func (s *Service) home() *frame.Region {
	for _, rg := range s.frame.Regions {
		if korean(rg) {
			return rg
		}
	}
	return s.frame.Regions[0]
}

func korean(rg *frame.Region) bool { return strings.HasPrefix(strings.ToUpper(rg.Name), "KR") }

// admit lets calls through that have the appkey and a token for its tenant.
func (s *Service) admit(c *frame.Call) *frame.Reply {
	if !c.Known() {
		return nil
	}
	if c.Value("appkey") != s.appKey {
		return failedHeader(-3, "Permission denied: appkey")
	}
	if c.Route.Open {
		return nil
	}
	id := c.Request.Header.Get("X-Auth-Token")
	tok := s.Identity.Token(id, c.Now)
	switch {
	case id == "":
		return failedHeader(-1, "FAIL: X-Auth-Token is missing")
	case tok == nil:
		return areaToken.refused(http.StatusUnauthorized, "The request you have made requires authentication.")
	case tok.Tenant() != s.Identity.Tenant():
		return failedHeader(-3, "Permission denied: the token is not for the tenant of the appkey")
	case !korean(c.Region):
		return failedHeader(-7, "Not supported: region %s", c.Region.Name)
	}
	c.Tenant = tok.Tenant()
	return nil
}
