package identity

import (
	"net/http"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// Token is a token that was given out.
type Token struct {
	ID              string
	Issued, Expires time.Time
	tenant          *tenant
}

// Tenant is the id of the tenant that the token is for.
func (t *Token) Tenant() string { return t.tenant.id }

// Token finds a token that is good; nil when there is none.
func (s *Service) Token(id string, now time.Time) *Token {
	if tok := s.tokens[id]; tok != nil && now.Before(tok.Expires) {
		return tok
	}
	return nil
}

// Knows tells whether somebody can log in.
func (s *Service) Knows(username, password string) bool {
	return username == s.cfg.Username && password == s.cfg.Password
}

// Issue gives out a token for one of the tenants.
func (s *Service) Issue(tenant string, now time.Time) *Token {
	for id, old := range s.tokens {
		if len(s.tokens) < 1000 {
			break
		}
		if !now.Before(old.Expires) {
			delete(s.tokens, id)
		}
	}
	tok := &Token{ID: frame.NewHexID(), tenant: s.tenants[tenant], Issued: now, Expires: now.Add(s.cfg.TokenLifetime)}
	s.tokens[tok.ID] = tok
	s.logins++
	return tok
}

// Revoke forgets all tokens.
func (s *Service) Revoke() {
	s.frame.Lock()
	defer s.frame.Unlock()
	clear(s.tokens)
}

// Expire ends the life of all tokens.
func (s *Service) Expire() {
	s.frame.Lock()
	defer s.frame.Unlock()
	now := s.frame.Time()
	for _, t := range s.tokens {
		t.Expires = now
	}
}

// Logins is how many tokens were given out since the last ResetLogins.
func (s *Service) Logins() int {
	s.frame.Lock()
	defer s.frame.Unlock()
	return s.logins
}

// ResetLogins begins to count again.
func (s *Service) ResetLogins() {
	s.frame.Lock()
	defer s.frame.Unlock()
	s.logins = 0
}

func (s *Service) createToken(c *frame.Call) frame.Reply {
	body, err := frame.ParseObject(c.Raw)
	auth := frame.Sub(body, "auth")
	creds := frame.Sub(auth, "passwordCredentials")
	switch {
	case err != nil || creds == nil:
		return malformed("auth/passwordCredentials", "request body")
	case !strings.Contains(c.Request.Header.Get("Content-Type"), frame.JSONType):
		return malformed("application/json", "Content-Type header")
	}
	for _, key := range []string{"username", "password"} {
		if frame.Str(creds, key) == "" {
			return malformed(key, "passwordCredentials")
		}
	}
	tenant := frame.Str(auth, "tenantId")
	if tenant == "" {
		return malformed("tenantId", "auth")
	}
	if s.tenants[tenant] == nil || !s.Knows(frame.Str(creds, "username"), frame.Str(creds, "password")) {
		return unauthorized()
	}
	r := frame.Answer(http.StatusOK, object{"access": s.access(s.Issue(tenant, c.Now))})
	r.Header.Set("Vary", "X-Auth-Token")
	return r
}

// access is the answer to a login of v2.0.
func (s *Service) access(tok *Token) object {
	t := tok.tenant
	body := object{
		"id": t.id, "name": t.name, "groupId": t.groupID, "description": "",
		"enabled": true, "project_domain": "NORMAL",
	}
	if t.swift {
		body["swift"] = true
	}
	// What the catalog calls the user; not what it logs in with.
	name := frame.FixedID("user name")
	return object{
		"token": object{
			"id": tok.ID, "expires": frame.Seconds(tok.Expires), "issued_at": frame.Micros(tok.Issued), "tenant": body,
		},
		"serviceCatalog": s.catalog(t),
		"user": object{
			"id": UserID, "username": name, "name": name,
			"roles": []object{{"name": RoleName}}, "roles_links": []any{},
		},
		"metadata": object{"roles": []string{frame.FixedHexID("role")}, "is_admin": 0},
	}
}

// catalog lists the endpoints that a tenant can use. They are as uneven as the
// real ones: some have version and tenant in them, some are bare. The tenant
// of object storage sees nothing else.
func (s *Service) catalog(t *tenant) []object {
	list := []object{}
	for _, api := range s.frame.APIs {
		entry := api.Catalog
		if entry.Type == "" || t.swift && entry.Type != "object-store" {
			continue
		}
		var endpoints []object
		for i, rg := range s.frame.Regions {
			if i == 0 || !entry.Everywhere {
				endpoints = append(endpoints, object{
					"region": rg.Name, "publicURL": s.frame.URL + rg.Prefix + strings.ReplaceAll(entry.Path, "{tenantId}", t.id),
				})
			}
		}
		o := object{"type": entry.Type, "name": entry.Name, "endpoints": endpoints}
		if entry.Links {
			o["endpoints_links"] = []any{}
		}
		list = append(list, o)
	}
	return list
}
