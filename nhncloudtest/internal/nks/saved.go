package nks

import (
	"crypto/x509"
	"encoding/json"
	"net/url"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// State is what is saved.
func (s *Service) State() frame.State {
	anchors := map[string]any{"": s}
	for _, o := range offers {
		anchors["offer "+o.name+" "+o.version] = o
	}
	return frame.State{
		Name: "nks", Roots: map[string]any{"projects": &s.projects, "seq": &s.seq, "failures": &s.failures},
		Anchors: anchors, Kinds: deeds(), Leave: s.leave, Loaded: s.loaded,
	}
}

// leave stops the Kubernetes APIs that are to be replaced.
func (s *Service) leave() {
	for _, p := range s.projects {
		for _, cl := range p.clusters {
			cl.api.close()
		}
	}
}

// loaded starts the Kubernetes APIs of the clusters that have one, where they were
// if nobody else is there by now.
func (s *Service) loaded(now time.Time) {
	for _, p := range s.projects {
		for _, cl := range p.clusters {
			if cl.api == nil {
				continue
			}
			port := "0"
			if u, err := url.Parse(cl.api.url); err == nil {
				port = u.Port()
			}
			before := cl.api.ip
			api, err := s.listen(cl, port)
			if err != nil {
				cl.api = nil // no port is left: the control plane is down
				continue
			}
			cl.api = api
			if !before.Equal(api.ip) {
				cl.serving = cl.authority.server(api.ip, now)
			}
		}
	}
}

// savedAuthority is an authority as it is saved.
type savedAuthority struct {
	Certificate, Key []byte // DER
	Serial           int64
}

// MarshalText is the authority with its key, for the state.
func (a *authority) MarshalText() ([]byte, error) {
	key, err := x509.MarshalECPrivateKey(a.key)
	if err != nil {
		return nil, err
	}
	return json.Marshal(savedAuthority{a.certificate.Raw, key, a.serial})
}

// UnmarshalText is the way back.
func (a *authority) UnmarshalText(text []byte) (err error) {
	var s savedAuthority
	if err = json.Unmarshal(text, &s); err != nil {
		return err
	}
	if a.certificate, err = x509.ParseCertificate(s.Certificate); err != nil {
		return err
	}
	a.serial = s.Serial
	a.key, err = x509.ParseECPrivateKey(s.Key)
	return err
}
