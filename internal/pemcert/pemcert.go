package pemcert

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"time"
)

// Input is what is read, in PEM.
type Input struct {
	Certificate   string // the chain may follow it
	Intermediates string // the rest of the chain; "" for none
	PrivateKey    string
	Passphrase    string // of the private key; "" for none
}

// Pair is a certificate and what belongs to it, in PEM.
type Pair struct {
	Certificate   string
	Intermediates string // "" for none
	PrivateKey    string // PKCS#8, without a passphrase
	// Fingerprint tells certificates and their chains apart. It is taken of them
	// alone, so that it tells nothing of the key.
	Fingerprint string
	NotAfter    time.Time
}

// Refuse is told what is wrong with a field of the [Input].
type Refuse func(field, problem string)

// Read reads the input, and tells what is wrong with it. Where something is, the
// pair is of no use.
func Read(in Input, now time.Time, refuse Refuse) Pair {
	var pair Pair
	var leaf *x509.Certificate
	chain := certificates("Certificate", in.Certificate, refuse)
	if len(chain) > 0 {
		leaf = chain[0]
		if pair.NotAfter = leaf.NotAfter; now.After(leaf.NotAfter) {
			refuse("Certificate", fmt.Sprintf("has ended on %s", leaf.NotAfter.UTC().Format(time.DateTime)))
		}
		chain = chain[1:]
		pair.Certificate = encode("CERTIFICATE", leaf.Raw)
	}
	if in.Intermediates != "" {
		chain = append(chain, certificates("Intermediates", in.Intermediates, refuse)...)
	}
	for _, c := range chain {
		pair.Intermediates += encode("CERTIFICATE", c.Raw)
	}
	if key := privateKey(in.PrivateKey, in.Passphrase, refuse); key != nil {
		if leaf != nil && !fits(key, leaf) {
			refuse("PrivateKey", "must be that of the certificate")
		}
		if der, err := x509.MarshalPKCS8PrivateKey(key); err != nil {
			refuse("PrivateKey", "must be an RSA, ECDSA or Ed25519 key")
		} else {
			pair.PrivateKey = encode("PRIVATE KEY", der)
		}
	}
	sum := sha256.Sum256([]byte(pair.Certificate + pair.Intermediates))
	pair.Fingerprint = hex.EncodeToString(sum[:8])
	return pair
}

func encode(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// certificates reads all certificates of a text, of which there is one at least.
func certificates(field, text string, refuse Refuse) []*x509.Certificate {
	if text == "" {
		refuse(field, "must not be empty")
		return nil
	}
	var all []*x509.Certificate
	rest := []byte(text)
	for len(bytes.TrimSpace(rest)) > 0 {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			refuse(field, "must have nothing but certificates in it")
			return nil
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			refuse(field, "must have certificates of X.509 in it")
			return nil
		}
		all = append(all, c)
	}
	if len(all) == 0 || len(bytes.TrimSpace(rest)) > 0 {
		refuse(field, "must be certificates in PEM")
		return nil
	}
	return all
}

// fits reports whether a key is that of a certificate.
func fits(key crypto.PrivateKey, leaf *x509.Certificate) bool {
	signer, ok := key.(crypto.Signer)
	if !ok {
		return false
	}
	public, ok := signer.Public().(interface{ Equal(crypto.PublicKey) bool })
	return ok && public.Equal(leaf.PublicKey)
}
