package identity_test

import (
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestS3Credentials(t *testing.T) {
	w := cloudtest.New(t)
	user := cloudtest.At(w.Login(w.ObjectStorageTenantID), "access", "user", "id").(string)
	path := "/identity/v2.0/users/" + user + "/credentials/OS-EC2"
	assert.Empty(t, cloudtest.At(w.Call("GET", path, nil).Body, "credentials"))
	var keys []string
	for range 3 {
		res := w.Call("POST", path, object{"tenant_id": w.ObjectStorageTenantID})
		require.Equal(t, 200, res.Status, res.Text)
		key := res.Body["credential"].(object)
		for _, field := range []string{"access", "secret"} {
			assert.Regexp(t, "^[0-9a-f]{32}$", key[field])
		}
		assert.Equal(t, w.ObjectStorageTenantID, key["tenant_id"])
		assert.Equal(t, user, key["user_id"])
		assert.Equal(t, "2026-03-01T12:00:00.000000Z", key["created_at"])
		assert.Equal(t, key["created_at"], key["accessed_at"])
		cloudtest.SameShape(t, "s3credential-create-credential.response", res.Body)
		keys = append(keys, key["access"].(string))
	}
	res := w.Call("POST", path, object{"tenant_id": w.ObjectStorageTenantID})
	assert.Equal(t, 403, res.Status)
	assert.EqualValues(t, 403, cloudtest.At(res.Body, "error", "code"))
	// Another tenant has its own three.
	assert.Equal(t, 200, w.Call("POST", path, object{"tenant_id": w.TenantID}).Status)
	res = w.Call("GET", path, nil)
	cloudtest.SameShape(t, "s3credential-list-credentials.response", res.Body)
	list := cloudtest.At(res.Body, "credentials").([]any)
	assert.Len(t, list, 4)
	assert.Equal(t, keys[0], cloudtest.At(list, 0, "access"))

	res = w.Call("DELETE", path+"/"+keys[1], nil)
	assert.Equal(t, 204, res.Status)
	assert.Empty(t, res.Text)
	assert.Equal(t, 404, w.Call("DELETE", path+"/"+keys[1], nil).Status)
	assert.Equal(t, 200, w.Call("POST", path, object{"tenant_id": w.ObjectStorageTenantID}).Status)

	assert.Equal(t, 400, w.Call("POST", path, object{}).Status)
	assert.Equal(t, 400, w.Call("POST", path, "nonsense").Status)
	assert.Equal(t, 404, w.Call("POST", path, object{"tenant_id": "nobody"}).Status)
	assert.Equal(t, 403, w.Call("GET", "/identity/v2.0/users/somebody/credentials/OS-EC2", nil).Status)
	for _, operation := range []string{"create", "list", "delete"} {
		assert.NotZero(t, w.Count("s3credential-"+operation+"-credential"+map[bool]string{true: "s"}[operation == "list"]))
	}
	w.ExpireTokens()
	assert.Equal(t, 401, w.Call("GET", path, nil).Status)
	w.Token = ""
	assert.Equal(t, 401, w.Call("DELETE", path+"/x", nil).Status)
}
