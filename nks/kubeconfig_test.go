package nks_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io/fs"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/nks"
)

// documentedKubeconfig is the one of the guide, which has no real keys.
const documentedKubeconfig = "apiVersion: v1\nclusters:\n- cluster:\n    certificate-authority-data: LS0tLS1CRU... \n" +
	"    server: https://96742ac4-kr2-k8s.container.cloud.toast.com:6443\n  name: \"toast-robot-e2e-1-18\"\ncontexts:\n- context:\n" +
	"    cluster: \"toast-robot-e2e-1-18\"\n    user: admin\n  name: default\ncurrent-context: default\nkind: Config\npreferences: {}\nusers:\n" +
	"- name: admin\n  user:\n    client-certificate-data: LS0tLS1CRU...\n    client-key-data: LS0tLS1CRU...\n"

func TestClustersGetKubeconfig(t *testing.T) {
	t.Parallel()
	const operation = "nks-get-kubeconfig"
	w := want(operation, http.MethodGet, "/clusters/web/config", "")
	get := func(ctx context.Context, k *nks.Client) (nks.Kubeconfig, error) {
		return k.Clusters.GetKubeconfig(ctx, "web")
	}
	apitest.Check(t, w, documented(operation), nks.Kubeconfig(documentedKubeconfig), on(get))
	apitest.Check(t, w, apitest.Reply{Body: "@nks-get-kubeconfig.gateway.response.json"}, nks.Kubeconfig("apiVersion: v1\nclusters:\n- cluster:..."), on(get))
	refusesIDs(t, operation, clusterArg, func(ctx context.Context, k *nks.Client, id string) error {
		_, err := k.Clusters.GetKubeconfig(ctx, id)
		return err
	})
	t.Run("a broken answer is not quoted", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(w, apitest.Reply{Body: `{"config": {"client-key-data": "LS0tLS1CRU"}}`})
		_, err := get(t.Context(), nks.New(m.Client))
		require.Error(t, err)
		assert.NotContains(t, err.Error(), "LS0tLS1CRU")
	})
}

func TestKubeconfigHidden(t *testing.T) {
	t.Parallel()
	apitest.Hidden(t, documentedKubeconfig, nks.Kubeconfig(documentedKubeconfig))
	assert.Equal(t, "", nks.Kubeconfig("").String())
	assert.Equal(t, `nks.Kubeconfig("[REDACTED]")`, fmt.Sprintf("%#v", nks.Kubeconfig("x")))
}

// withCertificate is the documented kubeconfig with a real certificate in it.
func withCertificate(t *testing.T, until time.Time) nks.Kubeconfig {
	t.Helper()
	public, key, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: until}
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, key)
	require.NoError(t, err)
	encoded := base64.StdEncoding.EncodeToString(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	return nks.Kubeconfig(strings.Replace(documentedKubeconfig, "client-certificate-data: LS0tLS1CRU...", "client-certificate-data: "+encoded, 1))
}

func TestKubeconfigRead(t *testing.T) {
	t.Parallel()
	until := time.Date(2031, 3, 4, 5, 6, 7, 0, time.UTC)
	config := withCertificate(t, until)
	server, err := config.Server()
	require.NoError(t, err)
	assert.Equal(t, "https://96742ac4-kr2-k8s.container.cloud.toast.com:6443", server)
	expiry, err := config.ClientCertificateExpiry()
	require.NoError(t, err)
	assert.Equal(t, until, expiry)

	server, err = nks.Kubeconfig(documentedKubeconfig).Server()
	require.NoError(t, err)
	assert.NotEmpty(t, server, "without a certificate that can be read")
	for _, bad := range []nks.Kubeconfig{"", "no kubeconfig", "apiVersion: v1\nclusters:\n- cluster:..."} {
		_, err := bad.Server()
		assert.ErrorIs(t, err, nhncloud.ErrBadAnswer, string(bad))
		_, err = bad.ClientCertificateExpiry()
		assert.ErrorIs(t, err, nhncloud.ErrBadAnswer, string(bad))
	}
	_, err = nks.Kubeconfig(documentedKubeconfig).ClientCertificateExpiry()
	assert.ErrorIs(t, err, nhncloud.ErrBadAnswer)
	assert.NotContains(t, err.Error(), "LS0tLS1CRU")
}

func TestKubeconfigSave(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "web.kubeconfig")
	m := apitest.New(t)
	k := nks.New(m.Client)
	w := want("nks-get-kubeconfig", http.MethodGet, "/clusters/web/config", "")
	saved := func(text string) {
		info, err := os.Stat(path)
		require.NoError(t, err)
		assert.Equal(t, fs.FileMode(0o600), info.Mode())
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.Equal(t, text, string(content))
	}
	m.Expect(w, documented("nks-get-kubeconfig"))
	require.NoError(t, k.Clusters.SaveKubeconfig(t.Context(), "web", path, nil))
	saved(documentedKubeconfig)
	assert.ErrorIs(t, k.Clusters.SaveKubeconfig(t.Context(), "web", path, nil), os.ErrExist, "and nothing is sent")
	assert.ErrorIs(t, nks.Kubeconfig("other").Save(path, &nks.KubeconfigSaveOptions{}), os.ErrExist)
	saved(documentedKubeconfig)
	m.Expect(w, apitest.Reply{Status: http.StatusForbidden})
	assert.ErrorIs(t, k.Clusters.SaveKubeconfig(t.Context(), "web", path, &nks.KubeconfigSaveOptions{Overwrite: true}), nhncloud.ErrForbidden)
	saved(documentedKubeconfig)
	require.NoError(t, os.Chmod(path, 0o644))
	require.NoError(t, nks.Kubeconfig("other").Save(path, &nks.KubeconfigSaveOptions{Overwrite: true}))
	saved("other")
	for _, bad := range []string{"", dir + "/"} {
		assert.ErrorIs(t, nks.Kubeconfig("x").Save(bad, nil), nhncloud.ErrInvalidArgument)
	}
	assert.ErrorIs(t, nks.Kubeconfig("").Save(filepath.Join(dir, "empty"), nil), nhncloud.ErrInvalidArgument)
	assert.ErrorIs(t, nks.Kubeconfig("x").Save(filepath.Join(dir, "absent", "x"), nil), os.ErrNotExist)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, entries, 1)
}
