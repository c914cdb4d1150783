package nks

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"

	"github.com/nhncloud-go/nhncloud"
)

// Kubeconfig is the text that kubectl and client-go need to reach a cluster. The
// private key of its administrator is in it, so it does not print itself; convert
// it with string(k), or []byte(k) for clientcmd.RESTConfigFromKubeConfig.
type Kubeconfig string

// String returns "[REDACTED]", or "" for none.
func (k Kubeconfig) String() string { return nhncloud.Secret(k).String() }

// GoString keeps the kubeconfig out of %#v.
func (k Kubeconfig) GoString() string { return fmt.Sprintf("nks.Kubeconfig(%q)", k.String()) }

// Format keeps the kubeconfig out of every verb.
func (k Kubeconfig) Format(f fmt.State, verb rune) {
	if verb == 'v' && f.Flag('#') {
		_, _ = io.WriteString(f, k.GoString())
		return
	}
	nhncloud.Secret(k).Format(f, verb)
}

// LogValue keeps the kubeconfig out of structured logs.
func (k Kubeconfig) LogValue() slog.Value { return nhncloud.Secret(k).LogValue() }

// MarshalText keeps the kubeconfig out of JSON and other encodings. A program that
// stores it converts it with string(k) first, or uses [Kubeconfig.Save].
func (k Kubeconfig) MarshalText() ([]byte, error) { return nhncloud.Secret(k).MarshalText() }

const getKubeconfig = "nks-get-kubeconfig"

// GetKubeconfig returns the kubeconfig of a cluster.
//
// API: GET /v1/clusters/{CLUSTER_ID_OR_NAME}/config (nks-get-kubeconfig; Container-Kubernetes en/public-api.md)
func (s *ClustersService) GetKubeconfig(ctx context.Context, cluster string) (Kubeconfig, error) {
	config, err := nhncloud.Fetch[Kubeconfig](ctx, s.client, nhncloud.Request{
		Operation:   getKubeconfig,
		Service:     nhncloud.ServiceKubernetes,
		Method:      http.MethodGet,
		Path:        "/v1/clusters/{CLUSTER_ID_OR_NAME}/config",
		Args:        []string{cluster},
		ResponseKey: "config",
		Sensitive:   true,
	})
	if err != nil {
		return "", err
	}
	return *config, nil
}
