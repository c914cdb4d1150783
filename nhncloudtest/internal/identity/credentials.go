package identity

import (
	"net/http"
	"slices"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// credential is a pair of keys for the S3 form of object storage.
type credential struct {
	access, secret, tenant string
	created                time.Time
}

// maxCredentials is how many a user can have for a tenant.
const maxCredentials = 3

func (s *Service) credentialRoutes() []frame.Route {
	const path = "/v2.0/users/{user}/credentials/OS-EC2"
	return []frame.Route{
		{Operation: "s3credential-create-credential", Method: "POST", Path: path, Open: true, Handle: s.ownUser(s.createCredential)},
		{Operation: "s3credential-list-credentials", Method: "GET", Path: path, Open: true, Handle: s.ownUser(s.listCredentials)},
		{Operation: "s3credential-delete-credential", Method: "DELETE", Path: path + "/{access}", Open: true, Handle: s.ownUser(s.deleteCredential)},
	}
}

// ownUser lets only calls through that have a token and name its user.
func (s *Service) ownUser(handle func(*frame.Call) frame.Reply) func(*frame.Call) frame.Reply {
	return func(c *frame.Call) frame.Reply {
		switch {
		case s.Token(c.Request.Header.Get("X-Auth-Token"), c.Now) == nil:
			return unauthorized()
		case c.Value("user") != UserID:
			return frame.KeystoneError(http.StatusForbidden, "You are not authorized to perform the requested action.")
		}
		return handle(c)
	}
}

func (k *credential) body() object {
	at := frame.Micros(k.created) + "Z"
	return object{
		"access": k.access, "secret": k.secret, "tenant_id": k.tenant, "user_id": UserID, "created_at": at, "accessed_at": at,
	}
}

func (s *Service) createCredential(c *frame.Call) frame.Reply {
	body, err := frame.ParseObject(c.Raw)
	if err != nil || frame.Str(body, "tenant_id") == "" {
		return malformed("tenant_id", "request body")
	}
	tenant := frame.Str(body, "tenant_id")
	if s.tenants[tenant] == nil {
		return frame.KeystoneError(http.StatusNotFound, "Could not find project: "+tenant+".")
	}
	have := 0
	for _, k := range s.credentials {
		if k.tenant == tenant {
			have++
		}
	}
	if have >= maxCredentials {
		return frame.KeystoneError(http.StatusForbidden, "The number of credentials of the user for the project is at its limit of 3.")
	}
	k := &credential{access: frame.NewHexID(), secret: frame.NewHexID(), tenant: tenant, created: c.Now}
	s.credentials = append(s.credentials, k)
	return frame.Answer(http.StatusOK, object{"credential": k.body()})
}

func (s *Service) listCredentials(c *frame.Call) frame.Reply {
	list := []object{}
	for _, k := range s.credentials {
		list = append(list, k.body())
	}
	return frame.Answer(http.StatusOK, object{"credentials": list})
}

func (s *Service) deleteCredential(c *frame.Call) frame.Reply {
	i := slices.IndexFunc(s.credentials, func(k *credential) bool { return k.access == c.Value("access") })
	if i < 0 {
		return frame.KeystoneError(http.StatusNotFound, "Could not find credential: "+c.Value("access")+".")
	}
	s.credentials = slices.Delete(s.credentials, i, i+1)
	return frame.Reply{Status: http.StatusNoContent}
}
