package v1

import (
	"net/http"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/identity"
)

func createToken(c *call) (object, *frame.Reply) {
	auth := frame.Sub(c.Body, "auth")
	for _, key := range []string{"username", "password"} {
		if frame.Str(auth, key) == "" {
			return nil, badParameters("auth.%s", key)
		}
	}
	if !c.service.Identity.Knows(frame.Str(auth, "username"), frame.Str(auth, "password")) {
		return nil, areaToken.refused(http.StatusUnauthorized, "The request you have made requires authentication.")
	}
	return object{"access": access(c.service.Identity.Issue(c.service.Identity.Tenant(), c.Now))}, nil
}

func getToken(c *call) (object, *frame.Reply) {
	id, r := c.queried("id")
	if r != nil {
		return nil, r
	}
	tok := c.service.Identity.Token(id, c.Now)
	if tok == nil {
		return nil, areaToken.refused(http.StatusNotFound, "Could not find token.")
	}
	return object{"access": access(tok)}, nil
}

func access(tok *identity.Token) object {
	return object{
		"token": object{"expires": frame.Seconds(tok.Expires), "id": tok.ID, "issued_at": frame.Micros(tok.Issued)},
		"user":  object{"id": identity.UserID, "roles": []object{{"name": identity.RoleName}}},
	}
}
