package keymanager

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"slices"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// certificate reads the one in a container.
func (ct *container) certificate() (*x509.Certificate, bool) {
	s := ct.named(certificateType)
	if s == nil {
		return nil, false
	}
	data := s.payload
	if block, _ := pem.Decode(data); block != nil {
		data = block.Bytes
	}
	cert, err := x509.ParseCertificate(data)
	return cert, err == nil
}

// pemOf is a payload as PEM, which it may be already.
func pemOf(kind string, payload []byte) []byte {
	if block, _ := pem.Decode(payload); block != nil {
		return payload
	}
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: payload})
}

// Certificate looks into a container for a certificate with its key, and tells
// when it ends; false when there is none that can be used. A key with a passphrase
// is taken as it is.
func (s *Service) Certificate(place frame.Place, ref string) (expires time.Time, ok bool) {
	ct, r := s.projects[place].container(idOf(ref))
	if r != nil || ct.kind != certificateType {
		return time.Time{}, false
	}
	cert, ok := ct.certificate()
	key := ct.named("private_key")
	if !ok || key == nil {
		return time.Time{}, false
	}
	if ct.named("private_key_passphrase") == nil {
		_, err := tls.X509KeyPair(pemOf("CERTIFICATE", ct.named(certificateType).payload), pemOf("PRIVATE KEY", key.payload))
		if err != nil {
			return time.Time{}, false
		}
	}
	return cert.NotAfter, true
}

// Consume notes who uses a container.
func (s *Service) Consume(place frame.Place, ref, consumer string) {
	if ct, r := s.projects[place].container(idOf(ref)); r == nil {
		ct.consumers = append(ct.consumers, consumer)
	}
}

// Release notes that it does so no more.
func (s *Service) Release(place frame.Place, ref, consumer string) {
	if ct, r := s.projects[place].container(idOf(ref)); r == nil {
		if i := slices.Index(ct.consumers, consumer); i >= 0 {
			ct.consumers = slices.Delete(ct.consumers, i, i+1)
		}
	}
}
