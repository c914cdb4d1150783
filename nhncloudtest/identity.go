package nhncloudtest

import (
	"net/http"
	"strings"
	"time"
)

type tenant struct {
	id, name, groupID string
	swift             bool // the one of object storage
}

type token struct {
	id              string
	tenant          *tenant
	issued, expires time.Time
}

func (s *Server) identityService() *service {
	return &service{name: "identity", dialect: keystone, routes: append([]route{
		{operation: "identity-v2-create-token", method: "POST", path: "/v2.0/tokens", open: true, handle: createToken},
	}, append(credentialRoutes(), discovery("identity")...)...)}
}

// issue gives out a token.
func (s *Server) issue(t *tenant, now time.Time) *token {
	for id, old := range s.tokens {
		if len(s.tokens) < 1000 {
			break
		}
		if !now.Before(old.expires) {
			delete(s.tokens, id)
		}
	}
	tok := &token{id: newHexID(), tenant: t, issued: now, expires: now.Add(s.config.lifetime)}
	s.tokens[tok.id] = tok
	s.logins++
	return tok
}

// RevokeTokens makes the cloud forget all tokens that it gave out, as a change
// of the API password does. Calls that carry them answer 401, or with the
// resultCode 50401 in the v1.0 API.
func (s *Server) RevokeTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.tokens)
}

// ExpireTokens ends the life of all tokens that were given out, ahead of the
// time that they were said to end. Calls that carry them answer 401, or with
// the resultCode 50401 in the v1.0 API.
func (s *Server) ExpireTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock.now()
	for _, t := range s.tokens {
		t.expires = now
	}
}

func createToken(c *call) reply {
	body, err := parseObject(c.raw)
	auth := sub(body, "auth")
	creds := sub(auth, "passwordCredentials")
	switch {
	case err != nil || creds == nil:
		return malformedAuth("auth/passwordCredentials", "request body")
	case !strings.Contains(c.req.Header.Get("Content-Type"), jsonType):
		return malformedAuth("application/json", "Content-Type header")
	}
	for _, key := range []string{"username", "password"} {
		if str(creds, key) == "" {
			return malformedAuth(key, "passwordCredentials")
		}
	}
	if str(auth, "tenantId") == "" {
		return malformedAuth("tenantId", "auth")
	}
	t := c.srv.tenants[str(auth, "tenantId")]
	if t == nil || str(creds, "username") != c.srv.Username || str(creds, "password") != c.srv.Password {
		return c.unauthorized()
	}
	tok := c.srv.issue(t, c.now)
	r := answer(http.StatusOK, object{"access": c.srv.access(tok)})
	r.header.Set("Vary", "X-Auth-Token")
	return r
}

// access is the answer to a login of identity v2.0.
func (s *Server) access(tok *token) object {
	t := tok.tenant
	tenantBody := object{
		"id": t.id, "name": t.name, "groupId": t.groupID, "description": "",
		"enabled": true, "project_domain": "NORMAL",
	}
	if t.swift {
		tenantBody["swift"] = true
	}
	return object{
		"token": object{
			"id": tok.id, "expires": seconds(tok.expires), "issued_at": micros(tok.issued), "tenant": tenantBody,
		},
		"serviceCatalog": s.catalog(t),
		"user": object{
			"id": s.userID, "username": s.userName(), "name": s.userName(),
			"roles": []object{{"name": roleName}}, "roles_links": []any{},
		},
		"metadata": object{"roles": []string{fixedHexID("role")}, "is_admin": 0},
	}
}

const roleName = "project_admin"

// userName is what the catalog calls the user; not what it logs in with.
func (s *Server) userName() string { return fixedID("user name") }

// catalog lists the endpoints that a tenant can use. They are as uneven as the
// real ones: some have version and tenant in them, some are bare. The tenant
// of object storage sees nothing else.
func (s *Server) catalog(t *tenant) []object {
	entry := func(kind, name, path string) object {
		var endpoints []object
		for _, rg := range s.regions {
			endpoints = append(endpoints, object{"region": rg.name, "publicURL": s.url + rg.prefix + path})
		}
		return object{"type": kind, "name": name, "endpoints": endpoints}
	}
	swift := entry("object-store", "swift", "/object-store/v1/AUTH_"+t.id)
	swift["endpoints_links"] = []any{}
	if t.swift {
		return []object{swift}
	}
	return []object{
		entry("compute", "nova", "/compute/v2/"+t.id),
		entry("image", "glance", "/image"),
		{"type": "identity", "name": "keystone", "endpoints": []object{{"region": s.Region, "publicURL": s.AuthURL()}}},
		entry("key-manager", "barbican", "/key-manager"),
		entry("volumev2", "cinderv2", "/volume/v2/"+t.id),
		entry("network", "neutron", "/network"),
		entry("container-infra", "magnum", "/container-infra/v1"),
		swift,
	}
}
