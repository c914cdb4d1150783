package nhncloudtest

import (
	"net/http"
	"slices"
	"time"
)

// s3Credential is a pair of keys for the S3 form of object storage.
type s3Credential struct {
	access, secret, tenant string
	created                time.Time
}

// maxS3Credentials is how many a user can have for a tenant.
const maxS3Credentials = 3

// credentialRoutes are the calls of identity for S3 credentials.
func credentialRoutes() []route {
	const path = "/v2.0/users/{user}/credentials/OS-EC2"
	return []route{
		{operation: "s3credential-create-credential", method: "POST", path: path, open: true, handle: ownUser(createS3Credential)},
		{operation: "s3credential-list-credentials", method: "GET", path: path, open: true, handle: ownUser(listS3Credentials)},
		{operation: "s3credential-delete-credential", method: "DELETE", path: path + "/{access}", open: true, handle: ownUser(deleteS3Credential)},
	}
}

// ownUser lets only calls through that have a token and name its user.
func ownUser(handle func(*call) reply) func(*call) reply {
	return func(c *call) reply {
		tok := c.srv.tokens[c.req.Header.Get("X-Auth-Token")]
		switch {
		case tok == nil || !c.now.Before(tok.expires):
			return c.unauthorized()
		case c.value("user") != c.srv.userID:
			return keystoneError(http.StatusForbidden, "You are not authorized to perform the requested action.")
		}
		return handle(c)
	}
}

func (k *s3Credential) body(userID string) object {
	at := micros(k.created) + "Z"
	return object{
		"access": k.access, "secret": k.secret, "tenant_id": k.tenant, "user_id": userID, "created_at": at, "accessed_at": at,
	}
}

func createS3Credential(c *call) reply {
	body, err := parseObject(c.raw)
	if err != nil || str(body, "tenant_id") == "" {
		return malformedAuth("tenant_id", "request body")
	}
	tenant := str(body, "tenant_id")
	if c.srv.tenants[tenant] == nil {
		return keystoneError(http.StatusNotFound, "Could not find project: "+tenant+".")
	}
	st := c.srv.storage
	have := 0
	for _, k := range st.credentials {
		if k.tenant == tenant {
			have++
		}
	}
	if have >= maxS3Credentials {
		return keystoneError(http.StatusForbidden, "The number of credentials of the user for the project is at its limit of 3.")
	}
	k := &s3Credential{access: newHexID(), secret: newHexID(), tenant: tenant, created: c.now}
	st.credentials = append(st.credentials, k)
	return answer(http.StatusOK, object{"credential": k.body(c.srv.userID)})
}

func listS3Credentials(c *call) reply {
	list := []object{}
	for _, k := range c.srv.storage.credentials {
		list = append(list, k.body(c.srv.userID))
	}
	return answer(http.StatusOK, object{"credentials": list})
}

func deleteS3Credential(c *call) reply {
	st := c.srv.storage
	i := slices.IndexFunc(st.credentials, func(k *s3Credential) bool { return k.access == c.value("access") })
	if i < 0 {
		return keystoneError(http.StatusNotFound, "Could not find credential: "+c.value("access")+".")
	}
	st.credentials = slices.Delete(st.credentials, i, i+1)
	return reply{status: http.StatusNoContent}
}
