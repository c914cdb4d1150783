package nhncloudtest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestS3Credentials(t *testing.T) {
	w := newWorld(t)
	user := at(w.login(w.ObjectStorageTenantID), "access", "user", "id").(string)
	path := "/identity/v2.0/users/" + user + "/credentials/OS-EC2"
	assert.Empty(t, at(w.call("GET", path, nil).body, "credentials"))
	var keys []string
	for range 3 {
		res := w.call("POST", path, object{"tenant_id": w.ObjectStorageTenantID})
		require.Equal(t, 200, res.status, res.text)
		key := res.body["credential"].(object)
		for _, field := range []string{"access", "secret"} {
			assert.Regexp(t, "^[0-9a-f]{32}$", key[field])
		}
		assert.Equal(t, w.ObjectStorageTenantID, key["tenant_id"])
		assert.Equal(t, user, key["user_id"])
		assert.Equal(t, "2026-03-01T12:00:00.000000Z", key["created_at"])
		assert.Equal(t, key["created_at"], key["accessed_at"])
		sameShape(t, "s3credential-create-credential.response", res.body)
		keys = append(keys, key["access"].(string))
	}
	res := w.call("POST", path, object{"tenant_id": w.ObjectStorageTenantID})
	assert.Equal(t, 403, res.status)
	assert.EqualValues(t, 403, at(res.body, "error", "code"))
	// Another tenant has its own three.
	assert.Equal(t, 200, w.call("POST", path, object{"tenant_id": w.TenantID}).status)
	res = w.call("GET", path, nil)
	sameShape(t, "s3credential-list-credentials.response", res.body)
	list := at(res.body, "credentials").([]any)
	assert.Len(t, list, 4)
	assert.Equal(t, keys[0], at(list, 0, "access"))

	res = w.call("DELETE", path+"/"+keys[1], nil)
	assert.Equal(t, 204, res.status)
	assert.Empty(t, res.text)
	assert.Equal(t, 404, w.call("DELETE", path+"/"+keys[1], nil).status)
	assert.Equal(t, 200, w.call("POST", path, object{"tenant_id": w.ObjectStorageTenantID}).status)

	assert.Equal(t, 400, w.call("POST", path, object{}).status)
	assert.Equal(t, 400, w.call("POST", path, "nonsense").status)
	assert.Equal(t, 404, w.call("POST", path, object{"tenant_id": "nobody"}).status)
	assert.Equal(t, 403, w.call("GET", "/identity/v2.0/users/somebody/credentials/OS-EC2", nil).status)
	for _, operation := range []string{"create", "list", "delete"} {
		assert.NotZero(t, w.Count("s3credential-"+operation+"-credential"+map[bool]string{true: "s"}[operation == "list"]))
	}
	w.ExpireTokens()
	assert.Equal(t, 401, w.call("GET", path, nil).status)
	w.token = ""
	assert.Equal(t, 401, w.call("DELETE", path+"/x", nil).status)
}
