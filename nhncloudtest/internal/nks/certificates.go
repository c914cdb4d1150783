package nks

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// authority signs the certificates of a cluster.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	serial      int64
}

// credentials are a certificate with its key, as PEM.
type credentials struct {
	certificate, key []byte
	expires          time.Time
}

// newAuthority makes the authority of a new cluster. It is good by the clock of
// the cloud and by that of the machine, which its clients look at.
func newAuthority(cluster string, now time.Time) *authority {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	frame.Must(err)
	a := &authority{key: key}
	from, to := span(now)
	template := &x509.Certificate{
		SerialNumber: a.next(), Subject: pkix.Name{CommonName: cluster}, NotBefore: from, NotAfter: to,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	frame.Must(err)
	a.certificate, err = x509.ParseCertificate(der)
	frame.Must(err)
	return a
}

// span covers the time of the cloud and that of the machine.
func span(now time.Time) (from, to time.Time) {
	from, to = now, time.Now()
	if to.Before(from) {
		from, to = to, from
	}
	return from.Add(-24 * time.Hour), to.AddDate(30, 0, 0)
}

func (a *authority) next() *big.Int {
	a.serial++
	return big.NewInt(a.serial)
}

// issue signs a certificate for a new key.
func (a *authority) issue(template *x509.Certificate) credentials {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	frame.Must(err)
	template.SerialNumber, template.KeyUsage = a.next(), x509.KeyUsageDigitalSignature
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, &key.PublicKey, a.key)
	frame.Must(err)
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	frame.Must(err)
	return credentials{
		certificate: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		key:         pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}),
		expires:     template.NotAfter,
	}
}

// pem is the certificate of the authority.
func (a *authority) pem() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.certificate.Raw})
}

// admin makes the credentials that a kubeconfig holds, good for some years.
func (a *authority) admin(now time.Time, years int) credentials {
	return a.issue(&x509.Certificate{
		Subject: pkix.Name{CommonName: "admin", Organization: []string{"system:masters"}}, NotBefore: now.Add(-time.Minute),
		NotAfter: now.AddDate(years, 0, 0).Truncate(time.Second), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	})
}

// server makes the certificate of the Kubernetes API at an address.
func (a *authority) server(ip net.IP, now time.Time) credentials {
	from, to := span(now)
	return a.issue(&x509.Certificate{
		Subject: pkix.Name{CommonName: "kube-apiserver"}, NotBefore: from, NotAfter: to, IPAddresses: []net.IP{ip},
		DNSNames: []string{"localhost", "kubernetes", "kubernetes.default"}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	})
}

// knows tells whether a certificate is one of a client of the cluster, and good
// by the clock of the cloud.
func (a *authority) knows(certificate *x509.Certificate, now time.Time) bool {
	roots := x509.NewCertPool()
	roots.AddCert(a.certificate)
	_, err := certificate.Verify(x509.VerifyOptions{
		Roots: roots, CurrentTime: now, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	})
	return err == nil
}
