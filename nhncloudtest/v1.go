package nhncloudtest

import (
	"fmt"
	"net/http"
	"strings"
)

// The v1.0 API shows what compute, block storage, image and network have, in
// words of its own. Every answer has the HTTP status 200 and a header that
// tells how it went.

// area is what a call of v1.0 is about: the first two digits of the resultCode
// when the service behind refuses it.
type area int

const (
	areaInstance      area = 10
	areaFlavor        area = 11
	areaZone          area = 12
	areaKeyPair       area = 13
	areaNetwork       area = 20
	areaSubnet        area = 21
	areaFloatingIP    area = 22
	areaSecurityGroup area = 24
	areaImage         area = 30
	areaVolume        area = 40
	areaToken         area = 50
)

// appKeyService is the v1.0 API. All its calls share one host and begin with
// /v1.0/appkeys/{appkey}.
func (s *Server) appKeyService() *service {
	svc := &service{name: "appkey", dialect: envelope}
	add := func(a area, method, path, operation string, handle func(*call) (object, *reply)) {
		svc.routes = append(svc.routes, route{
			operation: operation, method: method, path: "/v1.0/appkeys/{appkey}/" + path, area: a, open: a == areaToken,
			handle: enveloped(handle),
		})
	}
	add(areaToken, "POST", "tokens", "identity-v1-create-token", createTokenV1)
	add(areaToken, "GET", "tokens", "identity-v1-get-token", getTokenV1)

	add(areaZone, "GET", "availability-zones", "compute-v1-list-availability-zones", listZonesV1)
	add(areaFlavor, "GET", "flavors", "compute-v1-list-flavors", listFlavorsV1)
	add(areaInstance, "GET", "instances", "compute-v1-list-instances", listInstances)
	add(areaInstance, "GET", "instances-detail", "compute-v1-list-instances-detail", listInstancesDetail)
	add(areaInstance, "POST", "instances", "compute-v1-create-instance", createInstance)
	add(areaInstance, "DELETE", "instances", "compute-v1-delete-instance", deleteInstance)
	add(areaInstance, "POST", "instances/{instanceId}/attachments", "compute-v1-attach-volume", attachVolumeV1)
	add(areaInstance, "DELETE", "instances/{instanceId}/attachments", "compute-v1-detach-volume", detachVolumeV1)
	add(areaInstance, "POST", "instances/{instanceId}/action", "", unknownInstanceAction)
	actions := map[string]route{}
	svc.routes[len(svc.routes)-1].actions = actions
	for action, do := range instanceActions {
		actions[action] = route{operation: "compute-v1-instance-action-" + do.operation, handle: enveloped(func(c *call) (object, *reply) {
			return c.actV1(do.handle)
		})}
	}

	add(areaKeyPair, "GET", "keypairs", "keypair-v1-list-keypairs", listKeyPairsV1)
	add(areaKeyPair, "POST", "keypairs", "keypair-v1-create-keypair", createKeyPairV1)
	add(areaKeyPair, "DELETE", "keypairs", "keypair-v1-delete-keypair", deleteKeyPairV1)

	add(areaVolume, "GET", "volumes", "blockstorage-v1-list-volumes", listVolumesV1)
	add(areaVolume, "POST", "volumes", "blockstorage-v1-create-volume", createVolumeV1)
	add(areaVolume, "DELETE", "volumes", "blockstorage-v1-delete-volume", deleteVolumeV1)

	add(areaImage, "GET", "images", "image-v1-list-images", listImagesV1)
	add(areaImage, "DELETE", "images", "image-v1-delete-image", deleteImageV1)

	add(areaSecurityGroup, "GET", "security-groups", "network-v1-list-security-groups", listSecurityGroupsV1)
	add(areaSecurityGroup, "POST", "security-groups", "network-v1-create-security-group", createSecurityGroupV1)
	add(areaSecurityGroup, "PUT", "security-groups/{securityGroupId}", "network-v1-update-security-group", updateSecurityGroupV1)
	add(areaSecurityGroup, "DELETE", "security-groups", "network-v1-delete-security-group", deleteSecurityGroupV1)
	add(areaSecurityGroup, "GET", "security-group-rules", "network-v1-list-security-group-rules", listRulesV1)
	add(areaSecurityGroup, "POST", "security-group-rules", "network-v1-create-security-group-rule", createRuleV1)
	add(areaSecurityGroup, "DELETE", "security-group-rules", "network-v1-delete-security-group-rule", deleteRuleV1)
	add(areaNetwork, "GET", "networks", "network-v1-list-networks", listNetworksV1)
	add(areaSubnet, "GET", "subnets", "network-v1-list-subnets", listSubnetsV1)
	add(areaFloatingIP, "GET", "floating-ip-pools", "network-v1-list-floating-ip-pools", listPoolsV1)
	add(areaFloatingIP, "GET", "floating-ips", "network-v1-list-floating-ips", listFloatingIPsV1)
	add(areaFloatingIP, "POST", "floating-ips", "network-v1-create-floating-ip", createFloatingIPV1)
	add(areaFloatingIP, "DELETE", "floating-ips", "network-v1-delete-floating-ip", deleteFloatingIPV1)
	return svc
}

// enveloped puts what a handler answers beside a header.
func enveloped(handle func(*call) (object, *reply)) func(*call) reply {
	return func(c *call) reply {
		values, r := handle(c)
		if r != nil {
			return *r
		}
		body := object{"header": object{"isSuccessful": true, "resultCode": 0, "resultMessage": "SUCCESS"}}
		for k, v := range values {
			body[k] = v
		}
		return answer(http.StatusOK, body)
	}
}

// failedHeader is a failure of v1.0.
func failedHeader(code int, format string, args ...any) *reply {
	r := answer(http.StatusOK, object{"header": object{
		"isSuccessful": false, "resultCode": code, "resultMessage": fmt.Sprintf(format, args...),
	}})
	return &r
}

func badParameters(format string, args ...any) *reply {
	return failedHeader(-4, "Invalid parameters: "+format, args...)
}

// refused is a failure that the service behind an area answers with an HTTP
// status.
func (a area) refused(status int, format string, args ...any) *reply {
	if a == 0 || status < 400 || status > 599 {
		return failedHeader(-2, "UNKNOWN EXCEPTION: "+format, args...)
	}
	return failedHeader(int(a)*1000+status, format, args...)
}

func (a area) notFound(what, id string) *reply {
	return a.refused(http.StatusNotFound, "%s %s could not be found.", what, id)
}

// relay passes on what a v2 service refused; nil stays nil.
func (a area) relay(r *reply) *reply {
	if r == nil {
		return nil
	}
	return a.refused(r.status, "%s", r.message)
}

// conflict is relay where the service answers 400 to what is a matter of
// state.
func (a area) conflict(r *reply) *reply {
	if r == nil {
		return nil
	}
	return a.refused(http.StatusConflict, "%s", r.message)
}

// regionV1 is the region that v1.0 works in: it is there in Korea only, and does
// not ask for a region.
func (s *Server) regionV1() *region {
	for _, rg := range s.regions {
		if rg.korean() {
			return rg
		}
	}
	return s.regions[0]
}

func (rg *region) korean() bool { return strings.HasPrefix(strings.ToUpper(rg.name), "KR") }

// handleV1 checks what every call of v1.0 needs, and runs its handler.
func (c *call) handleV1(rt route) reply {
	if rt.method == "" {
		return rt.handle(c) // an unknown path
	}
	if r := c.admitV1(rt); r != nil {
		return *r
	}
	return rt.handle(c)
}

func (c *call) admitV1(rt route) *reply {
	if c.value("appkey") != c.srv.AppKey {
		return failedHeader(-3, "Permission denied: appkey")
	}
	if !rt.open {
		id := c.req.Header.Get("X-Auth-Token")
		tok := c.srv.tokens[id]
		switch {
		case id == "":
			return failedHeader(-1, "FAIL: X-Auth-Token is missing")
		case tok == nil || !c.now.Before(tok.expires):
			return areaToken.refused(http.StatusUnauthorized, "The request you have made requires authentication.")
		case tok.tenant.id != c.srv.TenantID:
			return failedHeader(-3, "Permission denied: the token is not for the tenant of the appkey")
		case !c.region.korean():
			return failedHeader(-7, "Not supported: region %s", c.region.name)
		}
		c.token, c.project = tok, c.region.projects[tok.tenant.id]
	}
	if rt.method == http.MethodPost || rt.method == http.MethodPut {
		body, err := parseObject(c.raw)
		if err != nil {
			return failedHeader(-8, "JSON parsing error: %v", err)
		}
		c.body = body
	}
	return nil
}

// request is the object of the body under a key.
func (c *call) request(key string) (object, *reply) {
	if o := sub(c.body, key); o != nil {
		return o, nil
	}
	return nil, badParameters("%s is missing", key)
}

// queried is the value of the query that a call cannot do without.
func (c *call) queried(key string) (string, *reply) {
	if v := c.query.Get(key); v != "" {
		return v, nil
	}
	return "", badParameters("%s is missing", key)
}

// texts reads strings that must be there and not empty; none is longer than
// 255 characters.
func texts(o object, keys ...string) ([]string, *reply) {
	var out []string
	for _, key := range keys {
		s, r := optionalText(o, key)
		switch {
		case r != nil:
			return nil, r
		case strings.TrimSpace(s) == "":
			return nil, badParameters("%s is missing", key)
		}
		out = append(out, s)
	}
	return out, nil
}

func optionalText(o object, key string) (string, *reply) {
	s, ok := o[key].(string)
	switch {
	case !ok && o[key] != nil:
		return "", badParameters("%s is not a string", key)
	case len([]rune(s)) > 255:
		return "", badParameters("%s is longer than 255 characters", key)
	}
	return s, nil
}

// listV1 shows the elements of a list, or the one that the query names.
func listV1[T any](c *call, what string, all []T, id func(T) string, body func(T) object) ([]object, *reply) {
	want := c.query.Get("id")
	list := []object{}
	for _, e := range all {
		if want == "" || id(e) == want {
			list = append(list, body(e))
		}
	}
	if want != "" && len(list) == 0 {
		return nil, c.area.notFound(what, want)
	}
	return list, nil
}

// Tokens.

func createTokenV1(c *call) (object, *reply) {
	auth := sub(c.body, "auth")
	for _, key := range []string{"username", "password"} {
		if str(auth, key) == "" {
			return nil, badParameters("auth.%s", key)
		}
	}
	if str(auth, "username") != c.srv.Username || str(auth, "password") != c.srv.Password {
		return nil, areaToken.refused(http.StatusUnauthorized, "The request you have made requires authentication.")
	}
	return object{"access": c.srv.accessV1(c.srv.issue(c.srv.tenants[c.srv.TenantID], c.now))}, nil
}

func getTokenV1(c *call) (object, *reply) {
	id, r := c.queried("id")
	if r != nil {
		return nil, r
	}
	tok := c.srv.tokens[id]
	if tok == nil || !c.now.Before(tok.expires) {
		return nil, areaToken.refused(http.StatusNotFound, "Could not find token.")
	}
	return object{"access": c.srv.accessV1(tok)}, nil
}

func (s *Server) accessV1(tok *token) object {
	return object{
		"token": object{"expires": seconds(tok.expires), "id": tok.id, "issued_at": micros(tok.issued)},
		"user":  object{"id": s.userID, "roles": []object{{"name": roleName}}},
	}
}
