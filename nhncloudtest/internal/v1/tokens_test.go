package v1_test

import (
	"testing"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
)

func TestTokenV1(t *testing.T) {
	w := newWorld(t)
	path := "/appkey/v1.0/appkeys/" + w.AppKey + "/tokens"
	creds := func(user, password string) object {
		return object{"auth": object{"username": user, "password": password}}
	}
	made := w.Call("POST", path, creds(w.Username, w.Password))
	cloudtest.SameShape(t, "identity-v1-create-token.response", made.Body)
	assert.Equal(t, true, cloudtest.At(made.Body, "header", "isSuccessful"))
	assert.Empty(t, made.Header.Get("X-Openstack-Request-Id"), "another gateway")
	id := cloudtest.At(made.Body, "access", "token", "id").(string)
	found := w.Call("GET", path+"?id="+id, nil)
	cloudtest.SameShape(t, "identity-v1-get-token.response", found.Body)
	assert.Equal(t, made.Body["access"], found.Body["access"])

	// The token is good for the v2 API of the same tenant.
	w.Token = id
	assert.Equal(t, 200, w.Compute("GET", "/servers", nil).Status)

	for name, c := range map[string]struct {
		res  cloudtest.Result
		code int
	}{
		"password":     {w.Call("POST", path, creds(w.Username, "wrong")), 50401},
		"no password":  {w.Call("POST", path, creds(w.Username, "")), -4},
		"no JSON":      {w.Call("POST", path, "{"), -8},
		"appkey":       {w.Call("POST", "/appkey/v1.0/appkeys/other/tokens", creds(w.Username, w.Password)), -3},
		"appkey, get":  {w.Call("GET", "/appkey/v1.0/appkeys/other/tokens?id="+id, nil), -3},
		"no id":        {w.Call("GET", path, nil), -4},
		"unknown id":   {w.Call("GET", path+"?id=nope", nil), 50404},
		"unknown path": {w.Call("GET", "/appkey/v1.0/nope", nil), -7},
	} {
		assert.Equal(t, 200, c.res.Status, name)
		assert.Equal(t, false, cloudtest.At(c.res.Body, "header", "isSuccessful"), name)
		assert.EqualValues(t, c.code, cloudtest.At(c.res.Body, "header", "resultCode"), name)
		assert.NotEmpty(t, cloudtest.At(c.res.Body, "header", "resultMessage"), name)
		assert.Len(t, c.res.Body, 1, name)
	}
	w.Advance(12 * time.Hour)
	assert.EqualValues(t, 50404, cloudtest.At(w.Call("GET", path+"?id="+id, nil).Body, "header", "resultCode"))
}
