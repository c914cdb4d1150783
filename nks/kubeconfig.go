package nks

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/transfer"
	"github.com/nhncloud-go/nhncloud/nks/internal/kubeconfig"
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
// stores it converts it with string(k) first, or calls [Kubeconfig.Save].
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

// Server returns the URL of the Kubernetes API that the current context leads to.
// A kubeconfig in a form that NKS does not give is an [nhncloud.ErrBadAnswer].
func (k Kubeconfig) Server() (string, error) {
	config, err := kubeconfig.Parse(string(k))
	if err != nil {
		return "", unreadable(err)
	}
	server, err := config.Server()
	if err != nil {
		return "", unreadable(err)
	}
	return server, nil
}

// ClientCertificateExpiry returns until when the certificate is valid that the
// current context logs in with. [ClustersService.RenewCertificate] makes a new one.
// A kubeconfig without one, or in a form that NKS does not give, is an
// [nhncloud.ErrBadAnswer].
func (k Kubeconfig) ClientCertificateExpiry() (time.Time, error) {
	config, err := kubeconfig.Parse(string(k))
	if err != nil {
		return time.Time{}, unreadable(err)
	}
	certificate, err := config.ClientCertificate()
	if err != nil {
		return time.Time{}, unreadable(err)
	}
	return certificate.NotAfter, nil
}

// unreadable is the error for a kubeconfig that says something else.
func unreadable(err error) error {
	e := &nhncloud.Error{Operation: getKubeconfig, Message: "the kubeconfig can't be read", Err: err}
	return e.WithKind(nhncloud.ErrBadAnswer)
}

// KubeconfigSaveOptions changes how a kubeconfig is saved. A nil pointer stands for
// the zero value.
type KubeconfigSaveOptions struct {
	// Overwrite allows to replace a file that is there. What it has is lost.
	Overwrite bool
}

// Save writes the kubeconfig to a file that only its owner may read (mode 0600),
// and that appears when it is whole. A file that is there already is an
// [os.ErrExist] unless Overwrite allows to replace it.
//
// It is not merged into a kubeconfig that is there: NKS gives all its contexts and
// users the same names. kubectl and client-go merge themselves, by
// KUBECONFIG=~/.kube/config:web.kubeconfig.
func (k Kubeconfig) Save(path string, options *KubeconfigSaveOptions) error {
	return saveKubeconfig(path, options, func() (Kubeconfig, error) { return k, nil })
}

// SaveKubeconfig gets the kubeconfig of a cluster and writes it to a file as
// [Kubeconfig.Save] does. Nothing is asked for where the file is there already.
func (s *ClustersService) SaveKubeconfig(ctx context.Context, cluster, path string, options *KubeconfigSaveOptions) error {
	return saveKubeconfig(path, options, func() (Kubeconfig, error) { return s.GetKubeconfig(ctx, cluster) })
}

func saveKubeconfig(path string, options *KubeconfigSaveOptions, get func() (Kubeconfig, error)) error {
	overwrite := options != nil && options.Overwrite
	return transfer.WritePrivateFile(getKubeconfig, path, overwrite, func(file *os.File) error {
		config, err := get()
		if err != nil {
			return err
		}
		if config == "" {
			return nhncloud.NewArgumentError(getKubeconfig, "kubeconfig", "must not be empty")
		}
		if _, err := file.WriteString(string(config)); err != nil {
			return transfer.FileError(getKubeconfig, "path", err)
		}
		return nil
	})
}
