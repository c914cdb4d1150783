package nhncloudtest_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

func (w *world) key(pair object) result {
	w.t.Helper()
	return w.compute("POST", "/os-keypairs", object{"keypair": pair})
}

func TestKeyPairs(t *testing.T) {
	w := newWorld(t)
	made := w.key(object{"name": "keypair"})
	require.Equal(t, 200, made.status, "%s", made.text)
	pair := made.body["keypair"].(object)
	private := pair["private_key"].(string)
	delete(pair, "private_key") // the documented answer is that of an import
	sameShape(t, "keypair-v2-create-keypair.response", made.body)
	signer, err := ssh.ParsePrivateKey([]byte(private))
	require.NoError(t, err)
	assert.Equal(t, ssh.FingerprintSHA256(signer.PublicKey()), pair["fingerprint"])
	public, comment, _, _, err := ssh.ParseAuthorizedKey([]byte(pair["public_key"].(string)))
	require.NoError(t, err)
	assert.Equal(t, "Generated-by-Nova", comment)
	assert.Equal(t, signer.PublicKey().Marshal(), public.Marshal())

	imported := w.key(object{"name": "a copy@home_1.2", "public_key": pair["public_key"]})
	require.Equal(t, 200, imported.status, "%s", imported.text)
	sameShape(t, "keypair-v2-create-keypair.response", imported.body)
	assert.Equal(t, pair["fingerprint"], at(imported.body, "keypair", "fingerprint"))

	list := w.compute("GET", "/os-keypairs", nil)
	sameShape(t, "keypair-v2-list-keypairs.response", list.body)
	assert.Equal(t, "a copy@home_1.2", at(list.body, "keypairs", 0, "keypair", "name"))
	got := w.compute("GET", "/os-keypairs/"+url.PathEscape("a copy@home_1.2"), nil)
	sameShape(t, "keypair-v2-get-keypair.response", got.body)
	assert.EqualValues(t, 2, at(got.body, "keypair", "id"))
	assert.Equal(t, "2026-03-01T12:00:00.000000", at(got.body, "keypair", "created_at"))

	sameError(t, "compute_409_keypair_exists", func() result {
		w.key(object{"name": "k-1"})
		return w.key(object{"name": "k-1"})
	}())
	sameError(t, "compute_404_keypair", w.compute("GET", "/os-keypairs/nope", nil))
	assert.Equal(t, 404, w.compute("DELETE", "/os-keypairs/nope", nil).status)
	sameError(t, "compute_400_keypair_bad_key", w.key(object{"name": "x", "public_key": "zzz"}))
	for _, pair := range []object{
		{}, {"name": ""}, {"name": strings.Repeat("x", 256)}, {"name": "한글"}, {"name": "a/b"}, {"name": 1},
		{"name": "x", "public_key": ""}, {"name": "x", "public_key": 1},
	} {
		assert.Equal(t, 400, w.key(pair).status, "%v", pair)
	}
	assert.Equal(t, 400, w.compute("POST", "/os-keypairs", object{}).status)

	// Deleting a key pair that a server uses is fine.
	body := w.u2Body("s")
	body["key_name"] = "keypair"
	require.Equal(t, 202, w.compute("POST", "/servers", object{"server": body}).status)
	res := w.compute("DELETE", "/os-keypairs/keypair", nil)
	assert.Equal(t, 202, res.status)
	assert.Empty(t, res.text)
	assert.Equal(t, 404, w.compute("GET", "/os-keypairs/keypair", nil).status)
}

func TestRSAKeyPair(t *testing.T) {
	t.Parallel()
	srv := nhncloudtest.Start(t)
	w := &world{Server: srv, t: t, http: &http.Client{Transport: &http.Transport{}}}
	t.Cleanup(w.http.CloseIdleConnections)
	w.login(w.TenantID)
	res := w.key(object{"name": "rsa"})
	assert.True(t, strings.HasPrefix(at(res.body, "keypair", "public_key").(string), "ssh-rsa "))
	private := at(res.body, "keypair", "private_key").(string)
	assert.True(t, strings.HasPrefix(private, "-----BEGIN RSA PRIVATE KEY-----"))
	_, err := ssh.ParsePrivateKey([]byte(private))
	require.NoError(t, err)
}
