package v1_test

import (
	"strings"
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
)

func TestKeyPairsV1(t *testing.T) {
	w := newWorld(t)
	assert.Equal(t, []any{}, w.v1("GET", "/keypairs", nil)["keypairs"])
	made := w.v1("POST", "/keypairs", object{"keypair": object{"name": "b"}})["keypair"].(object)
	sameShapeV1(t, "keypair-v1-create-keypair", "keypair", made)
	assert.Contains(t, made["privateKey"], "PRIVATE KEY")

	imported := w.v1("POST", "/keypairs", object{"keypair": object{"name": "a", "publicKey": made["publicKey"]}})["keypair"]
	sameShapeV1(t, "keypair-v1-create-keypair", "keypair", imported, "privateKey")
	assert.Equal(t, made["fingerprint"], cloudtest.At(imported, "fingerprint"))

	all := w.v1("GET", "/keypairs", nil)["keypairs"].([]any)
	assert.Len(t, all, 2)
	assert.Equal(t, "a", cloudtest.At(all, 0, "name"))
	sameShapeV1(t, "keypair-v1-list-keypairs", "keypairs", all[0], "createdAt")
	one := w.v1("GET", "/keypairs?name=b", nil)["keypairs"].([]any)
	assert.Len(t, one, 1)
	sameShapeV1(t, "keypair-v1-list-keypairs", "keypairs", one[0])
	assert.Equal(t, made["publicKey"], cloudtest.At(one, 0, "publicKey"))
	assert.Equal(t, "2026-03-01T12:00:00.000000", cloudtest.At(one, 0, "createdAt"))

	// the same key pairs as of v2
	assert.Len(t, w.Compute("GET", "/os-keypairs", nil).Body["keypairs"], 2)
	assert.Equal(t, 200, w.Compute("POST", "/os-keypairs", object{"keypair": object{"name": "c"}}).Status)
	w.v1("GET", "/keypairs?name=c", nil)
	w.v1Empty("DELETE", "/keypairs?name=c", nil)
	assert.Equal(t, 404, w.Compute("GET", "/os-keypairs/c", nil).Status)

	for name, c := range map[string]struct {
		body any
		code int
	}{
		"taken":        {object{"keypair": object{"name": "a"}}, 13409},
		"no key pair":  {object{}, -4},
		"no name":      {object{"keypair": object{}}, -4},
		"empty name":   {object{"keypair": object{"name": " "}}, -4},
		"number":       {object{"keypair": object{"name": 1}}, -4},
		"long name":    {object{"keypair": object{"name": strings.Repeat("x", 256)}}, -4},
		"unsafe name":  {object{"keypair": object{"name": "ä"}}, 13400},
		"no key":       {object{"keypair": object{"name": "x", "publicKey": "nope"}}, 13400},
		"key a number": {object{"keypair": object{"name": "x", "publicKey": 1}}, -4},
	} {
		assert.NotEmpty(t, w.v1Fails(c.code, "POST", "/keypairs", c.body), name)
	}
	assert.Equal(t, "Keypair nope could not be found.", w.v1Fails(13404, "GET", "/keypairs?name=nope", nil))
	w.v1Fails(13404, "DELETE", "/keypairs?name=nope", nil)
	w.v1Fails(-4, "DELETE", "/keypairs", nil)
}

func TestKeyPairQuotaV1(t *testing.T) {
	w := newWorld(t, nhncloudtest.WithQuota(nhncloudtest.Quota{KeyPairs: 1}))
	w.v1("POST", "/keypairs", object{"keypair": object{"name": "a"}})
	assert.Contains(t, w.v1Fails(13403, "POST", "/keypairs", object{"keypair": object{"name": "b"}}), "Quota exceeded")
}
