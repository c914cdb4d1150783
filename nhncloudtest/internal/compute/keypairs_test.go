package compute_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

func key(w *cloudtest.World, pair object) cloudtest.Result {
	w.T.Helper()
	return w.Compute("POST", "/os-keypairs", object{"keypair": pair})
}

func TestKeyPairs(t *testing.T) {
	w := cloudtest.New(t)
	made := key(w, object{"name": "keypair"})
	require.Equal(t, 200, made.Status, "%s", made.Text)
	pair := made.Body["keypair"].(object)
	private := pair["private_key"].(string)
	delete(pair, "private_key") // the documented answer is that of an import
	cloudtest.SameShape(t, "keypair-v2-create-keypair.response", made.Body)
	signer, err := ssh.ParsePrivateKey([]byte(private))
	require.NoError(t, err)
	assert.Equal(t, ssh.FingerprintSHA256(signer.PublicKey()), pair["fingerprint"])
	public, comment, _, _, err := ssh.ParseAuthorizedKey([]byte(pair["public_key"].(string)))
	require.NoError(t, err)
	assert.Equal(t, "Generated-by-Nova", comment)
	assert.Equal(t, signer.PublicKey().Marshal(), public.Marshal())

	imported := key(w, object{"name": "a copy@home_1.2", "public_key": pair["public_key"]})
	require.Equal(t, 200, imported.Status, "%s", imported.Text)
	cloudtest.SameShape(t, "keypair-v2-create-keypair.response", imported.Body)
	assert.Equal(t, pair["fingerprint"], cloudtest.At(imported.Body, "keypair", "fingerprint"))

	list := w.Compute("GET", "/os-keypairs", nil)
	cloudtest.SameShape(t, "keypair-v2-list-keypairs.response", list.Body)
	assert.Equal(t, "a copy@home_1.2", cloudtest.At(list.Body, "keypairs", 0, "keypair", "name"))
	got := w.Compute("GET", "/os-keypairs/"+url.PathEscape("a copy@home_1.2"), nil)
	cloudtest.SameShape(t, "keypair-v2-get-keypair.response", got.Body)
	assert.EqualValues(t, 2, cloudtest.At(got.Body, "keypair", "id"))
	assert.Equal(t, "2026-03-01T12:00:00.000000", cloudtest.At(got.Body, "keypair", "created_at"))

	cloudtest.SameError(t, "compute_409_keypair_exists", func() cloudtest.Result {
		key(w, object{"name": "k-1"})
		return key(w, object{"name": "k-1"})
	}())
	cloudtest.SameError(t, "compute_404_keypair", w.Compute("GET", "/os-keypairs/nope", nil))
	assert.Equal(t, 404, w.Compute("DELETE", "/os-keypairs/nope", nil).Status)
	cloudtest.SameError(t, "compute_400_keypair_bad_key", key(w, object{"name": "x", "public_key": "zzz"}))
	for _, pair := range []object{
		{}, {"name": ""}, {"name": strings.Repeat("x", 256)}, {"name": "한글"}, {"name": "a/b"}, {"name": 1},
		{"name": "x", "public_key": ""}, {"name": "x", "public_key": 1},
	} {
		assert.Equal(t, 400, key(w, pair).Status, "%v", pair)
	}
	assert.Equal(t, 400, w.Compute("POST", "/os-keypairs", object{}).Status)

	// Deleting a key pair that a server uses is fine.
	body := w.U2Body("s")
	body["key_name"] = "keypair"
	require.Equal(t, 202, w.Compute("POST", "/servers", object{"server": body}).Status)
	res := w.Compute("DELETE", "/os-keypairs/keypair", nil)
	assert.Equal(t, 202, res.Status)
	assert.Empty(t, res.Text)
	assert.Equal(t, 404, w.Compute("GET", "/os-keypairs/keypair", nil).Status)
}

func TestRSAKeyPair(t *testing.T) {
	t.Parallel()
	srv := nhncloudtest.Start(t)
	w := &cloudtest.World{Server: srv, T: t, HTTP: &http.Client{Transport: &http.Transport{}}}
	t.Cleanup(w.HTTP.CloseIdleConnections)
	w.Login(w.TenantID)
	res := key(w, object{"name": "rsa"})
	assert.True(t, strings.HasPrefix(cloudtest.At(res.Body, "keypair", "public_key").(string), "ssh-rsa "))
	private := cloudtest.At(res.Body, "keypair", "private_key").(string)
	assert.True(t, strings.HasPrefix(private, "-----BEGIN RSA PRIVATE KEY-----"))
	_, err := ssh.ParsePrivateKey([]byte(private))
	require.NoError(t, err)
}
