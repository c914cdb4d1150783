package pemcert_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/internal/pemcert"
)

var now = time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)

// read reads the input, and returns what is refused.
func read(in pemcert.Input) (pemcert.Pair, []string) {
	var refused []string
	pair := pemcert.Read(in, now, func(field, problem string) { refused = append(refused, field+" "+problem) })
	return pair, refused
}

func file(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name+".pem"))
	require.NoError(t, err)
	return string(text)
}

func block(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// issue makes a certificate of a key.
func issue(t *testing.T, public, private any, until time.Time) string {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: now.AddDate(-1, 0, 0), NotAfter: until}
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, private)
	require.NoError(t, err)
	return block("CERTIFICATE", der)
}

// TestKeys has the keys in all forms; the certificate is that of each.
func TestKeys(t *testing.T) {
	t.Parallel()
	certificate, plain := file(t, "certificate"), file(t, "pkcs8.key")
	for name, passphrase := range map[string]string{
		"sec1": "", "pkcs8": "", "aes128": "changeit", "aes192": "changeit", "aes256": "changeit", "des3": "changeit", "legacy": "changeit",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			key := file(t, name+".key")
			pair, refused := read(pemcert.Input{Certificate: certificate, PrivateKey: key, Passphrase: passphrase})
			require.Empty(t, refused)
			assert.Equal(t, plain, pair.PrivateKey)
			assert.Equal(t, certificate, pair.Certificate)
			assert.Empty(t, pair.Intermediates)
			_, err := tls.X509KeyPair([]byte(pair.Certificate), []byte(pair.PrivateKey))
			require.NoError(t, err)
			if passphrase == "" {
				_, refused = read(pemcert.Input{Certificate: certificate, PrivateKey: key, Passphrase: "changeit"})
				assert.Equal(t, []string{"Passphrase must be empty, because the private key has none"}, refused)
				return
			}
			_, refused = read(pemcert.Input{Certificate: certificate, PrivateKey: key})
			assert.Equal(t, []string{"Passphrase must not be empty, because the private key has one"}, refused)
			_, refused = read(pemcert.Input{Certificate: certificate, PrivateKey: key, Passphrase: "another"})
			assert.Equal(t, []string{"Passphrase must be that of the private key"}, refused)
		})
	}
	for _, name := range []string{"scrypt", "camellia"} {
		_, refused := read(pemcert.Input{Certificate: certificate, PrivateKey: file(t, name+".key"), Passphrase: "changeit"})
		assert.Equal(t, []string{"PrivateKey must be encrypted with AES or 3DES and PBKDF2, or not at all"}, refused, name)
	}
}

// TestKinds has the kinds of keys.
func TestKinds(t *testing.T) {
	t.Parallel()
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	public, edKey, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	edDER, err := x509.MarshalPKCS8PrivateKey(edKey)
	require.NoError(t, err)
	for name, in := range map[string]pemcert.Input{
		"RSA, PKCS #1": {Certificate: issue(t, &rsaKey.PublicKey, rsaKey, now.AddDate(1, 0, 0)), PrivateKey: block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(rsaKey))},
		"Ed25519":      {Certificate: issue(t, public, edKey, now.AddDate(1, 0, 0)), PrivateKey: block("PRIVATE KEY", edDER)},
	} {
		pair, refused := read(in)
		require.Empty(t, refused, name)
		_, err := tls.X509KeyPair([]byte(pair.Certificate), []byte(pair.PrivateKey))
		require.NoError(t, err, name)
		assert.Equal(t, now.AddDate(1, 0, 0), pair.NotAfter)
	}
}

// TestChain has the chain in either place, which makes no difference.
func TestChain(t *testing.T) {
	t.Parallel()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	other := issue(t, &key.PublicKey, key, now.AddDate(5, 0, 0))
	leaf, private := file(t, "certificate"), file(t, "sec1.key")
	behind, refused := read(pemcert.Input{Certificate: "the leaf\n" + leaf + "\n" + other + "\n", PrivateKey: private})
	require.Empty(t, refused)
	assert.Equal(t, leaf, behind.Certificate)
	assert.Equal(t, other, behind.Intermediates)
	apart, refused := read(pemcert.Input{Certificate: leaf, Intermediates: other, PrivateKey: private})
	require.Empty(t, refused)
	assert.Equal(t, behind, apart)
	alone, refused := read(pemcert.Input{Certificate: leaf, PrivateKey: private})
	require.Empty(t, refused)
	assert.Len(t, alone.Fingerprint, 16)
	assert.NotEqual(t, behind.Fingerprint, alone.Fingerprint)
}

func TestRefused(t *testing.T) {
	t.Parallel()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	ecdhKey, err := key.ECDH()
	require.NoError(t, err)
	noSigner, err := x509.MarshalPKCS8PrivateKey(ecdhKey)
	require.NoError(t, err)
	valid := pemcert.Input{Certificate: file(t, "certificate"), PrivateKey: file(t, "sec1.key")}
	for name, test := range map[string]struct {
		change func(in *pemcert.Input)
		want   []string
	}{
		"nothing": {func(in *pemcert.Input) { *in = pemcert.Input{} }, []string{"Certificate must not be empty", "PrivateKey must not be empty"}},
		"ended": {func(in *pemcert.Input) {
			in.Certificate = issue(t, &key.PublicKey, key, now.Add(-time.Second))
			in.PrivateKey = ""
		}, []string{"Certificate has ended on 2026-11-30 23:59:59", "PrivateKey must not be empty"}},
		"another's":           {func(in *pemcert.Input) { in.Certificate = issue(t, &key.PublicKey, key, now.AddDate(1, 0, 0)) }, []string{"PrivateKey must be that of the certificate"}},
		"no PEM":              {func(in *pemcert.Input) { in.Certificate, in.PrivateKey = "certificate", "key" }, []string{"Certificate must be certificates in PEM", "PrivateKey must be a private key in PEM"}},
		"cut off":             {func(in *pemcert.Input) { in.Certificate += in.Certificate[:100] }, []string{"Certificate must be certificates in PEM"}},
		"no X.509":            {func(in *pemcert.Input) { in.Certificate = block("CERTIFICATE", []byte("x")) }, []string{"Certificate must have certificates of X.509 in it"}},
		"key for certificate": {func(in *pemcert.Input) { in.Certificate = in.PrivateKey }, []string{"Certificate must have nothing but certificates in it"}},
		"key with it":         {func(in *pemcert.Input) { in.Certificate += file(t, "pkcs8.key") }, []string{"Certificate must have nothing but certificates in it"}},
		"certificate for key": {func(in *pemcert.Input) { in.PrivateKey = in.Certificate }, []string{"PrivateKey must be a private key in PEM"}},
		"broken key":          {func(in *pemcert.Input) { in.PrivateKey = block("PRIVATE KEY", []byte("x")) }, []string{"PrivateKey must be a private key in PEM"}},
		"broken encrypted": {func(in *pemcert.Input) {
			in.PrivateKey, in.Passphrase = block("ENCRYPTED PRIVATE KEY", []byte("x")), "p"
		}, []string{"PrivateKey must be encrypted with AES or 3DES and PBKDF2, or not at all"}},
		"key for agreement": {func(in *pemcert.Input) { in.PrivateKey = block("PRIVATE KEY", noSigner) }, []string{"PrivateKey must be that of the certificate"}},
		"broken chain":      {func(in *pemcert.Input) { in.Intermediates = "chain" }, []string{"Intermediates must be certificates in PEM"}},
	} {
		in := valid
		test.change(&in)
		_, refused := read(in)
		assert.Equal(t, test.want, refused, name)
	}
}

// FuzzRead holds that whatever is read neither panics nor tells of the key.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"certificate", "sec1.key", "aes256.key", "legacy.key", "scrypt.key"} {
		text, err := os.ReadFile(filepath.Join("testdata", name+".pem"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text), string(text), "changeit")
	}
	f.Fuzz(func(t *testing.T, certificate, key, passphrase string) {
		_, refused := read(pemcert.Input{Certificate: certificate, Intermediates: certificate, PrivateKey: key, Passphrase: passphrase})
		if len(passphrase) > 20 {
			assert.NotContains(t, strings.Join(refused, ""), passphrase)
		}
	})
}
