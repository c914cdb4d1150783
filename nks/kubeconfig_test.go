package nks_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

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
