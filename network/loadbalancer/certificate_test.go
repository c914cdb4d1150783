package loadbalancer_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/network/loadbalancer"
)

// TestCreateCertificate stores a certificate, and not again.
func TestCreateCertificate(t *testing.T) {
	t.Parallel()
	m := newModel()
	l := m.client(t)
	c := certificate(t, "shop", nextYear())
	c.Intermediates = certificate(t, "authority", nextYear()).Certificate
	ref, err := l.SecretContainers.CreateCertificate(t.Context(), *c)
	require.NoError(t, err)
	assert.Equal(t, []string{"POST secrets", "POST secrets", "POST secrets", "POST containers"}, m.sent)
	container, secrets := m.objects["containers"][0], m.objects["secrets"]
	assert.Equal(t, string(ref), container["container_ref"])
	assert.Regexp(t, "^shop-[0-9a-f]{16}$", container["name"])
	assert.Equal(t, "certificate", container["type"])
	for i, want := range []struct{ is, kind, payload string }{
		{"certificate", "certificate", c.Certificate}, {"private_key", "private", string(c.PrivateKey)}, {"intermediates", "opaque", c.Intermediates},
	} {
		assert.Equal(t, object{"name": want.is, "secret_ref": secrets[i]["secret_ref"]}, container["secret_refs"].([]any)[i])
		assert.Equal(t, container["name"].(string)+" "+want.is, secrets[i]["name"])
		assert.Equal(t, want.kind, secrets[i]["secret_type"])
		assert.Equal(t, want.payload, secrets[i]["payload"])
		assert.Equal(t, "text/plain", secrets[i]["payload_content_type"])
	}

	m.sent = nil
	again, err := l.SecretContainers.CreateCertificate(t.Context(), *c)
	require.NoError(t, err)
	assert.Equal(t, ref, again)
	assert.Empty(t, m.sent)

	// Another of the name is another one, and both go at once.
	_, err = l.SecretContainers.CreateCertificate(t.Context(), *certificate(t, "shop", nextYear()))
	require.NoError(t, err)
	_, err = l.SecretContainers.CreateCertificate(t.Context(), *certificate(t, "shop-2", nextYear()))
	require.NoError(t, err)
	require.NoError(t, l.SecretContainers.DeleteCertificate(t.Context(), "shop"))
	assert.Len(t, m.objects["containers"], 1)
	assert.Len(t, m.objects["secrets"], 2)
	require.NoError(t, l.SecretContainers.DeleteCertificate(t.Context(), "shop"))
	require.NoError(t, l.SecretContainers.DeleteCertificate(t.Context(), "shop-2"))
	assert.Empty(t, m.objects["secrets"])
	refuses(t, "", "name", func(ctx context.Context, l *loadbalancer.Client) error {
		return l.SecretContainers.DeleteCertificate(ctx, "")
	})
}

// TestCreateCertificateRefused sends nothing.
func TestCreateCertificateRefused(t *testing.T) {
	t.Parallel()
	for field, change := range map[string]func(c *loadbalancer.Certificate){
		"Name":        func(c *loadbalancer.Certificate) { c.Name = "" },
		"PrivateKey":  func(c *loadbalancer.Certificate) { c.PrivateKey = certificate(t, "other", nextYear()).PrivateKey },
		"Certificate": func(c *loadbalancer.Certificate) { *c = *certificate(t, "shop", time.Now().Add(-time.Hour)) },
		"Certificate, PrivateKey": func(c *loadbalancer.Certificate) {
			c.Certificate, c.PrivateKey = "", ""
		},
	} {
		c := certificate(t, "shop", nextYear())
		change(c)
		refuses(t, "", field, func(ctx context.Context, l *loadbalancer.Client) error {
			_, err := l.SecretContainers.CreateCertificate(ctx, *c)
			return err
		})
	}
}

// troubles are the ways in which a request goes wrong.
var troubles = map[string]struct {
	lost   bool // it is done all the same
	status int  // of the answer; 0 for none
}{
	"broken": {false, 0}, "lost": {true, 0}, "500": {false, 500}, "500 and done": {true, 500}, "503": {false, 503},
}

// TestCreateCertificateFaults has one request after the other go wrong. Nothing
// is left then.
func TestCreateCertificateFaults(t *testing.T) {
	t.Parallel()
	c := certificate(t, "shop", nextYear())
	for name, trouble := range troubles {
		for n := 1; n <= 5; n++ {
			m := newModel()
			m.broken, m.lost, m.status = n, trouble.lost, trouble.status
			l := m.client(t)
			ctx, cancel := context.WithCancel(t.Context())
			_, err := l.SecretContainers.CreateCertificate(ctx, *c)
			cancel()
			at := fmt.Sprintf("%s, request %d", name, n)
			require.Error(t, err, at)
			require.Empty(t, inventoryOf(t, l), at)
			if n < 3 {
				continue // the listings before
			}
			var failed *loadbalancer.CertificateError
			require.ErrorAs(t, err, &failed, at)
			assert.NoError(t, failed.CleanUp)
			assert.Equal(t, "shop", failed.Name)
			assert.True(t, strings.HasPrefix(err.Error(), "certificate shop was not stored: nhncloud: loadbalancer-v1-create-secret"), err)
		}
	}
}

// TestCreateCertificateLeft names what could not be deleted again.
func TestCreateCertificateLeft(t *testing.T) {
	t.Parallel()
	m := newModel()
	m.refuse = func(r *http.Request) int {
		switch {
		case r.Method == http.MethodDelete:
			return http.StatusForbidden
		case r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/containers"):
			return http.StatusConflict
		}
		return 0
	}
	l := m.client(t)
	_, err := l.SecretContainers.CreateCertificate(t.Context(), *certificate(t, "shop", nextYear()))
	require.ErrorIs(t, err, nhncloud.ErrConflict)
	var failed *loadbalancer.CertificateError
	require.ErrorAs(t, err, &failed)
	require.ErrorIs(t, failed.CleanUp, nhncloud.ErrForbidden)
	for i, left := range failed.Left {
		assert.Equal(t, m.objects["secrets"][i]["secret_ref"], string(left))
		assert.Contains(t, err.Error(), string(left)+" is left: ")
	}
	assert.Len(t, failed.Left, 2)

	posted := false
	m.refuse = func(r *http.Request) int {
		posted = posted || r.Method == http.MethodPost
		if posted {
			return http.StatusForbidden
		}
		return 0
	}
	_, err = l.SecretContainers.CreateCertificate(t.Context(), *certificate(t, "shop", nextYear()))
	require.ErrorAs(t, err, &failed)
	assert.ErrorContains(t, failed.CleanUp, "nobody knows what is left of shop-")
}

// TestDeleteCertificateKeeps keeps what a listener uses, and a secret that another
// container has.
func TestDeleteCertificateKeeps(t *testing.T) {
	t.Parallel()
	l := newModel().client(t)
	s := wholeSpec(t, "subnet", "10.0.0.4")
	_, err := l.Apply(t.Context(), s, nil)
	require.NoError(t, err)
	before := inventoryOf(t, l)
	require.NoError(t, l.SecretContainers.DeleteCertificate(t.Context(), s.Listeners[0].Certificate.Name))
	assert.Equal(t, before, inventoryOf(t, l))

	secrets := collected(t, l.Secrets.All(t.Context(), nil))
	_, err = l.SecretContainers.Create(t.Context(), loadbalancer.SecretContainerCreateRequest{
		Name: "mine", Type: loadbalancer.ContainerGeneric, Secrets: []loadbalancer.ContainerSecret{{Name: "certificate", Ref: secrets[0].Ref}},
	})
	require.NoError(t, err)
	_, err = l.DeleteAll(t.Context(), s, &loadbalancer.ApplyOptions{IPACLGroups: true})
	require.NoError(t, err)
	left := collected(t, l.Secrets.All(t.Context(), nil))
	require.Len(t, left, 1)
	assert.Equal(t, secrets[0].Ref, left[0].Ref)
}

// TestCertificateHidden shows a private key nowhere.
func TestCertificateHidden(t *testing.T) {
	t.Parallel()
	s := wholeSpec(t, "subnet", "10.0.0.4")
	s.Listeners[0].Certificate.Passphrase = "a passphrase"
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("spec", "spec", s, "certificate", s.Listeners[0].Certificate)
	key := strings.Split(string(s.Listeners[0].Certificate.PrivateKey), "\n")[1]
	for _, text := range []string{fmt.Sprintf("%+v", *s.Listeners[0].Certificate), fmt.Sprintf("%#v", *s.Listeners[0].Certificate), log.String()} {
		assert.NotContains(t, text, key)
		assert.NotContains(t, text, "a passphrase")
	}
}
