package nks

import (
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// kubernetesAPI is the Kubernetes API of a cluster, as far as it goes: it tells
// its version and lists the nodes, to those who have a certificate of the cluster.
type kubernetesAPI struct {
	url     string
	cluster *cluster
	ip      net.IP
	http    *http.Server `state:"-"`
}

// listen starts the Kubernetes API of a cluster where the cloud itself listens, on
// a port, or a free one where that is 0 or in use.
func (s *Service) listen(cl *cluster, port string) (*kubernetesAPI, error) {
	host := "127.0.0.1"
	if u, err := url.Parse(s.frame.URL); err == nil && u.Hostname() != "" {
		host = u.Hostname()
	}
	listener, err := net.Listen("tcp", net.JoinHostPort(host, port))
	if err != nil && port != "0" {
		listener, err = net.Listen("tcp", net.JoinHostPort(host, "0"))
	}
	if err != nil {
		return nil, err
	}
	k := &kubernetesAPI{url: "https://" + listener.Addr().String(), cluster: cl, ip: net.ParseIP(host)}
	k.http = &http.Server{
		Handler: http.HandlerFunc(k.serve), ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
		ReadHeaderTimeout: time.Minute, ConnState: k.connState,
	}
	s.running.Go(func() {
		_ = k.http.Serve(tls.NewListener(listener, &tls.Config{
			MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}, ClientAuth: tls.RequestClientCert,
			SessionTicketsDisabled: true, // each connection shows its certificate
			GetConfigForClient:     k.admit, GetCertificate: k.certificate,
		}))
	})
	return k, nil
}

func (k *kubernetesAPI) connState(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		k.cluster.project.service.running.Add(1)
	case http.StateClosed, http.StateHijacked:
		k.cluster.project.service.running.Done()
	}
}

// close cuts all connections. It does not wait: who calls may hold the lock.
func (k *kubernetesAPI) close() {
	if k != nil && k.http != nil {
		_ = k.http.Close()
	}
}

// admit breaks connections off that the access list does not let through.
func (k *kubernetesAPI) admit(hello *tls.ClientHelloInfo) (*tls.Config, error) {
	f := k.cluster.project.service.frame
	f.Lock()
	defer f.Unlock()
	f.Settle()
	from, err := netip.ParseAddrPort(hello.Conn.RemoteAddr().String())
	if err != nil || !k.cluster.acl.lets(from.Addr()) {
		return nil, errors.New("not on the access list")
	}
	return nil, nil //nolint:nilnil // the configuration stays as it is
}

func (k *kubernetesAPI) certificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	f := k.cluster.project.service.frame
	f.Lock()
	defer f.Unlock()
	c := k.cluster.serving
	pair, err := tls.X509KeyPair(c.certificate, c.key)
	return &pair, err
}

// serve answers a request.
func (k *kubernetesAPI) serve(w http.ResponseWriter, r *http.Request) {
	f := k.cluster.project.service.frame
	f.Lock()
	now := f.Settle()
	status, body := k.answer(r, now)
	f.Unlock()
	w.Header().Set("Content-Type", frame.JSONType)
	w.WriteHeader(status)
	_, _ = w.Write(frame.Encode(body))
}

func (k *kubernetesAPI) answer(r *http.Request, now time.Time) (int, object) {
	if r.TLS == nil || len(r.TLS.PeerCertificates) == 0 || !k.cluster.authority.knows(r.TLS.PeerCertificates[0], now) {
		return kubernetesStatus(http.StatusUnauthorized, "Unauthorized", "Unauthorized")
	}
	if path := strings.TrimSuffix(r.URL.Path, "/"); path != "/version" && path != "/api/v1/nodes" {
		return kubernetesStatus(http.StatusNotFound, "NotFound",
			"the Kubernetes API of nhncloudtest has nothing but /version and /api/v1/nodes")
	} else if r.Method != http.MethodGet {
		return kubernetesStatus(http.StatusMethodNotAllowed, "MethodNotAllowed", "the Kubernetes API of nhncloudtest can only be read")
	} else if path == "/version" {
		return http.StatusOK, k.cluster.versionInfo()
	}
	query := r.URL.Query()
	for _, name := range []string{"watch", "labelSelector", "fieldSelector", "continue"} {
		if v := query.Get(name); v != "" && v != "false" {
			return kubernetesStatus(http.StatusBadRequest, "BadRequest", "the Kubernetes API of nhncloudtest lists all nodes at once, without "+name)
		}
	}
	return http.StatusOK, k.cluster.nodeList(now)
}

// kubernetesStatus is an error of Kubernetes.
func kubernetesStatus(code int, reason, message string) (int, object) {
	return code, object{
		"kind": "Status", "apiVersion": "v1", "metadata": object{}, "status": "Failure", "reason": reason, "message": message, "code": code,
	}
}
