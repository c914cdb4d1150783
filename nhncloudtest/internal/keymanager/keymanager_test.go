package keymanager_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type object = cloudtest.Object

// world is a cloud with words for its key manager.
type world struct{ *cloudtest.World }

func newWorld(t *testing.T, opts ...nhncloudtest.Option) *world {
	t.Helper()
	return &world{cloudtest.New(t, opts...)}
}

func (w *world) try(method, path string, body any, header ...string) cloudtest.Result {
	w.T.Helper()
	h := map[string][]string{}
	for i := 0; i < len(header); i += 2 {
		h[header[i]] = []string{header[i+1]}
	}
	if !strings.HasPrefix(path, "http") {
		path = "/key-manager/v1/" + path
	}
	res, err := w.Try(method, path, body, h)
	require.NoError(w.T, err)
	return res
}

func (w *world) get(path string) object {
	w.T.Helper()
	res := w.try("GET", path, nil)
	require.Equal(w.T, 200, res.Status, res.Text)
	return res.Body
}

// refused checks a call that is refused.
func (w *world) refused(status int, message, method, path string, body any, header ...string) {
	w.T.Helper()
	res := w.try(method, path, body, header...)
	assert.Equal(w.T, status, res.Status, "%s %s %v: %s", method, path, body, res.Text)
	assert.EqualValues(w.T, status, res.Body["code"])
	assert.Contains(w.T, res.Body["description"], message, "%s %s %v", method, path, body)
}

// secret makes a secret and returns its address.
func (w *world) secret(fields object) string {
	w.T.Helper()
	res := w.try("POST", "secrets", fields)
	require.Equal(w.T, 201, res.Status, res.Text)
	return res.Body["secret_ref"].(string)
}

// container makes one of the type certificate and returns its address.
func (w *world) container(secrets ...string) string {
	w.T.Helper()
	refs := []object{}
	for i := 0; i < len(secrets); i += 2 {
		refs = append(refs, object{"name": secrets[i], "secret_ref": secrets[i+1]})
	}
	res := w.try("POST", "containers", object{"type": "certificate", "name": "c", "secret_refs": refs})
	require.Equal(w.T, 201, res.Status, res.Text)
	return res.Body["container_ref"].(string)
}

// pair is a certificate that ends at a time, with its key, both in DER.
func pair(t *testing.T, end time.Time) (certificate, key []byte) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "example.com"}, NotBefore: end.AddDate(-1, 0, 0), NotAfter: end}
	certificate, err = x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	require.NoError(t, err)
	key, err = x509.MarshalPKCS8PrivateKey(private)
	require.NoError(t, err)
	return certificate, key
}

func text(payload string) object {
	return object{"payload": payload, "payload_content_type": "text/plain"}
}

func inPEM(kind string, der []byte) object {
	return text(string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})))
}

func inBase64(contentType string, data []byte) object {
	return object{"payload": base64.StdEncoding.EncodeToString(data), "payload_content_type": contentType, "payload_content_encoding": "base64"}
}

func TestSecrets(t *testing.T) {
	w := newWorld(t)
	later := w.secret(object{"name": "a", "algorithm": "aes", "mode": "cbc", "bit_length": 256, "expiration": "2026-03-01T12:05:00.000000Z"})
	s := w.get(later)
	assert.Equal(t, []any{"a", "opaque", "ACTIVE", "aes", "cbc", 256.0, "2026-03-01T12:00:00", "2026-03-01T12:05:00", nil},
		[]any{s["name"], s["secret_type"], s["status"], s["algorithm"], s["mode"], s["bit_length"], s["created"], s["expiration"], s["content_types"]})
	w.refused(404, "has no payload", "GET", later+"/payload", nil)
	w.refused(415, "Content-Type of 'application/json' is not supported for PUT.", "PUT", later, "x")
	w.refused(400, "No data supplied", "PUT", later, "", "Content-Type", "text/plain")
	w.refused(400, "Content-Encoding of 'gzip'", "PUT", later, "x", "Content-Type", "text/plain", "Content-Encoding", "gzip")
	w.refused(400, "Unable to decode", "PUT", later, "%", "Content-Type", "application/octet-stream", "Content-Encoding", "base64")
	assert.Equal(t, 204, w.try("PUT", later, "payload", "Content-Type", "").Status)
	w.refused(409, "Secret already has data, cannot modify it.", "PUT", later, "x", "Content-Type", "text/plain")
	assert.Equal(t, object{"default": "text/plain"}, w.get(later)["content_types"])
	assert.Equal(t, "payload", w.try("GET", later+"/payload", nil, "Accept", "text/plain").Text)
	w.refused(406, "text/plain", "GET", later+"/payload", nil)

	binary := w.secret(inBase64("application/octet-stream", []byte{0, 1}))
	assert.Equal(t, "\x00\x01", w.try("GET", binary+"/payload", nil, "Accept", "*/*").Text)
	assert.Len(t, w.get("secrets?name=a&alg=aes&mode=cbc&bits=256")["secrets"], 1)
	assert.Len(t, w.get("secrets?bits=128")["secrets"], 0)
	w.Advance(5 * time.Minute)
	w.refused(404, "Sorry but your secret is in another castle.", "GET", later, nil)
	assert.Equal(t, 204, w.try("DELETE", binary, nil).Status)
	w.refused(404, "castle", "DELETE", binary, nil)
	w.refused(404, "castle", "PUT", binary, "x")
	w.refused(404, "castle", "GET", binary+"/payload", nil)
	w.refused(404, "could not be found", "GET", "moons", nil)
}

func TestSecretRefusals(t *testing.T) {
	w := newWorld(t)
	for message, fields := range map[string]object{
		"('x' was unexpected)":                         {"x": 1},
		"Invalid property: 'name'":                     {"name": 1},
		"Invalid property: 'secret_type'":              {"secret_type": "x"},
		"Invalid property: 'bit_length'":               {"bit_length": -1},
		"Invalid date for 'expiration'":                {"expiration": "tomorrow"},
		"'expiration' is before current time":          {"expiration": "2020-01-01T00:00:00"},
		"when payload_content_type is supplied":        {"payload_content_type": "text/plain"},
		"when payload_content_encoding is supplied":    {"payload_content_encoding": "base64"},
		"must be non empty":                            text(""),
		"'payload_content_type' must also be supplied": {"payload": "x"},
		"payload_content_type is not one of":           {"payload": "x", "payload_content_type": "text/html"},
		"must not be specified when":                   {"payload": "x", "payload_content_type": "text/plain", "payload_content_encoding": "base64"},
		"must be base64 when payload_content_type":     {"payload": "x", "payload_content_type": "application/pkcs8"},
		"Unable to decode request data.":               {"payload": "%", "payload_content_type": "application/pkcs8", "payload_content_encoding": "base64"},
	} {
		w.refused(400, message, "POST", "secrets", fields)
	}
	w.refused(413, "too large", "POST", "secrets", text(strings.Repeat("x", 20001)))
	w.refused(400, "Failed to parse", "POST", "secrets", "[")
	w.refused(400, "by created", "GET", "secrets?created=x", nil)
	w.refused(400, "by x", "GET", "containers?x=y", nil)
}

func TestPaging(t *testing.T) {
	w := newWorld(t, nhncloudtest.WithTenants("other"))
	for range 12 {
		w.secret(object{})
	}
	first := w.get("secrets?limit=x&offset=-1")
	assert.Len(t, first["secrets"], 10)
	assert.EqualValues(t, 12, first["total"])
	assert.Nil(t, first["previous"])
	second := w.get(first["next"].(string))
	assert.Len(t, second["secrets"], 2)
	assert.Nil(t, second["next"])
	assert.Equal(t, w.get(second["previous"].(string)), w.get("secrets?limit=10&offset=0"))
	assert.Empty(t, w.get("secrets?offset=99")["secrets"])
	w.Login("other")
	assert.EqualValues(t, 0, w.get("secrets")["total"])
}

func TestContainers(t *testing.T) {
	w := newWorld(t)
	certificate, key := pair(t, time.Date(2027, 1, 2, 3, 4, 5, 0, time.UTC))
	cert, private := w.secret(inPEM("CERTIFICATE", certificate)), w.secret(inPEM("PRIVATE KEY", key))
	ref := w.container("certificate", cert, "private_key", private)
	c := w.get(ref)
	assert.Equal(t, []any{"c", "certificate", "example.com", "2027-01-02T03:04:05"}, []any{c["name"], c["type"], c["common_name"], c["expiration"]})
	assert.Equal(t, []any{object{"name": "certificate", "secret_ref": cert}, object{"name": "private_key", "secret_ref": private}}, c["secret_refs"])
	assert.Len(t, w.get("containers?name=c&type=certificate")["containers"], 1)
	assert.Empty(t, w.get("containers?type=rsa")["containers"])
	one := object{"name": "certificate", "secret_ref": cert}
	for message, fields := range map[string]object{
		"('x' was unexpected)":             {"type": "generic", "x": 1},
		"Invalid property: 'name'":         {"type": "generic", "name": 1},
		"Invalid property: 'type'":         {},
		"is not of type 'array'":           {"type": "generic", "secret_refs": "x"},
		"'secret_ref' is a required":       {"type": "generic", "secret_refs": []any{1}},
		"names are 'certificate'":          {"type": "certificate"},
		"reference names are allowed":      {"type": "certificate", "secret_refs": []object{{"name": "x", "secret_ref": cert}}},
		"Duplicate reference names":        {"type": "certificate", "secret_refs": []object{one, one}},
		"Duplicate secret refs":            {"type": "certificate", "secret_refs": []object{one, {"name": "private_key", "secret_ref": cert}}},
		"are 'public_key,private_key' for": {"type": "rsa", "secret_refs": []object{{"name": "public_key", "secret_ref": cert}}},
	} {
		w.refused(400, message, "POST", "containers", fields)
	}
	w.refused(404, "Secret provided for 'a' doesn't exist.", "POST", "containers", object{"type": "generic", "secret_refs": []object{{"name": "a", "secret_ref": "x"}}})
	assert.Equal(t, 204, w.try("DELETE", cert, nil).Status)
	c = w.get(ref)
	assert.Len(t, c["secret_refs"], 1, "a secret goes out of its containers")
	assert.Nil(t, c["common_name"])
	assert.Equal(t, 204, w.try("DELETE", ref, nil).Status)
	w.refused(404, "Sorry but your container is in another castle.", "GET", ref, nil)
	w.refused(404, "castle", "DELETE", ref, nil)
}

func TestCertificates(t *testing.T) {
	w := newWorld(t)
	res := w.Call("POST", "/network/v2.0/lbaas/loadbalancers", object{"loadbalancer": object{"vip_subnet_id": w.SubnetID()}})
	require.Equal(t, 201, res.Status, res.Text)
	balancer := cloudtest.At(res.Body, "loadbalancer", "id").(string)
	w.Done()
	listen := func(port int, ref string, more ...string) cloudtest.Result {
		return w.Call("POST", "/network/v2.0/lbaas/listeners", object{"listener": object{
			"loadbalancer_id": balancer, "protocol": "TERMINATED_HTTPS", "protocol_port": port, "default_tls_container_ref": ref, "sni_container_refs": more,
		}})
	}
	end := time.Date(2027, 1, 2, 3, 4, 5, 0, time.UTC)
	certificate, key := pair(t, end)
	_, otherKey := pair(t, end)
	cert := w.secret(inBase64("application/pkix-cert", certificate))
	good := w.container("certificate", cert, "private_key", w.secret(inBase64("application/pkcs8", key)))
	locked := w.container("certificate", cert, "private_key", w.secret(text("locked")), "private_key_passphrase", w.secret(text("p")))
	for name, bad := range map[string]string{
		"no key":    w.container("certificate", cert),
		"other key": w.container("certificate", cert, "private_key", w.secret(inPEM("PRIVATE KEY", otherKey))),
		"no text":   w.container("certificate", w.secret(text("x")), "private_key", w.secret(inPEM("PRIVATE KEY", key))),
		"nowhere":   "nothing",
	} {
		res := listen(443, bad)
		assert.Equal(t, 400, res.Status, name)
		assert.Contains(t, res.Text, "Could not retrieve certificate: ['"+bad+"']", name)
	}
	res = listen(443, good, locked)
	require.Equal(t, 201, res.Status, res.Text)
	l := res.Body["listener"].(object)
	assert.Equal(t, "2027-01-02T03:04:05+00:00", l["cert_expire_date"])
	assert.Equal(t, []any{locked[strings.LastIndex(locked, "/")+1:]}, l["sni_container_ids"])
	consumer := []any{object{"name": "lbaas", "URL": "lbaas://KR1/loadbalancer/" + balancer}}
	assert.Equal(t, consumer, w.get(good)["consumers"])
	assert.Equal(t, consumer, w.get(locked)["consumers"])
	w.Done()
	path := "/network/v2.0/lbaas/listeners/" + l["id"].(string)
	require.Equal(t, 200, w.Call("PUT", path, object{"listener": object{"sni_container_refs": []any{}}}).Status)
	assert.Empty(t, w.get(locked)["consumers"])
	w.Done()
	assert.Equal(t, 204, w.try("DELETE", good, nil).Status, "also while it is in use")
	require.Equal(t, 200, w.Call("PUT", path, object{"listener": object{"name": "x"}}).Status, "it keeps what it has")
	w.Done()
	require.Equal(t, 204, w.Call("DELETE", path, nil).Status)
	w.Done()
	assert.Equal(t, 404, w.Call("GET", path, nil).Status)
}
