package nhncloudtest

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"
)

// keyPair is the public half of an SSH key; the private one is given out once
// and not kept.
type keyPair struct {
	id                        int
	name, public, fingerprint string
	created                   time.Time
}

func listKeyPairs(c *call) reply {
	keys := []object{}
	for _, name := range slices.Sorted(maps.Keys(c.region.keys)) {
		k := c.region.keys[name]
		keys = append(keys, object{"keypair": object{
			"name": k.name, "public_key": k.public, "fingerprint": k.fingerprint,
		}})
	}
	return answer(http.StatusOK, object{"keypairs": keys})
}

// keyPair finds the key pair that the path names.
func (c *call) keyPair() (*keyPair, *reply) {
	name := c.value("keypairName")
	if k := c.region.keys[name]; k != nil {
		return k, nil
	}
	return nil, notFound("Keypair %s not found for user %s", name, c.srv.userID)
}

func getKeyPair(c *call) reply {
	k, r := c.keyPair()
	if r != nil {
		return *r
	}
	return answer(http.StatusOK, object{"keypair": object{
		"id": k.id, "name": k.name, "public_key": k.public, "fingerprint": k.fingerprint, "user_id": c.srv.userID,
		"created_at": micros(k.created), "updated_at": nil, "deleted_at": nil, "deleted": false,
	}})
}

func deleteKeyPair(c *call) reply {
	k, r := c.keyPair()
	if r != nil {
		return *r
	}
	delete(c.region.keys, k.name)
	return accepted
}

var keyPairName = regexp.MustCompile(`^[A-Za-z0-9 ._@-]+$`)

func createKeyPair(c *call) reply {
	request := sub(c.body, "keypair")
	if request == nil {
		return *required("", c.body, "keypair")
	}
	if _, ok := request["name"]; !ok {
		return *required("keypair", request, "name")
	}
	if r := checkName(request["name"]); r != nil {
		return *r
	}
	name := str(request, "name")
	public := str(request, "public_key")
	if v, ok := request["public_key"]; ok && v != nil && public == "" {
		return *invalid("public_key", v, pyRepr(v)+" is too short")
	}
	k, private, r := c.addKeyPair(name, public)
	if r != nil {
		return *r
	}
	answered := object{"name": k.name, "public_key": k.public, "fingerprint": k.fingerprint, "user_id": c.srv.userID}
	if private != "" {
		answered["private_key"] = private
	}
	return answer(http.StatusOK, object{"keypair": answered})
}

// addKeyPair takes over a public key, or makes a key pair where that is empty
// and returns its private half too.
func (c *call) addKeyPair(name, public string) (k *keyPair, private string, r *reply) {
	if !keyPairName.MatchString(name) {
		return nil, "", badRequest("Keypair data is invalid: Keypair name contains unsafe characters")
	}
	if public == "" {
		// Making a key takes a while: let others in meanwhile.
		c.srv.mu.Unlock()
		public, private = generateKey(c.srv.config.ed25519)
		c.srv.mu.Lock()
	}
	parsed, _, _, _, err := ssh.ParseAuthorizedKey([]byte(public))
	if err != nil {
		return nil, "", badRequest("Keypair data is invalid: failed to generate fingerprint")
	}
	if c.region.keys[name] != nil {
		return nil, "", conflict("Key pair '%s' already exists.", name)
	}
	if most := c.srv.config.quota.KeyPairs; most > 0 && len(c.region.keys) >= most {
		return nil, "", refused(http.StatusForbidden, "Quota exceeded, too many key pairs.")
	}
	c.region.keySeq++
	k = &keyPair{id: c.region.keySeq, name: name, public: public, fingerprint: ssh.FingerprintSHA256(parsed), created: c.now}
	c.region.keys[name] = k
	return k, private, nil
}

// generateKey makes a key pair: the public half in the form of
// authorized_keys, the private one as PEM.
func generateKey(short bool) (public, private string) {
	const comment = "Generated-by-Nova"
	var half any
	var block *pem.Block
	if short {
		pub, priv, err := ed25519.GenerateKey(rand.Reader)
		must(err)
		block, err = ssh.MarshalPrivateKey(priv, comment)
		must(err)
		half = pub
	} else {
		priv, err := rsa.GenerateKey(rand.Reader, 2048)
		must(err)
		block = &pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(priv)}
		half = &priv.PublicKey
	}
	pub, err := ssh.NewPublicKey(half)
	must(err)
	public = strings.TrimSpace(string(ssh.MarshalAuthorizedKey(pub))) + " " + comment
	return public, string(pem.EncodeToMemory(block))
}

// must is for errors that only broken code could bring about.
func must(err error) {
	if err != nil {
		panic(fmt.Sprintf("nhncloudtest: %v", err))
	}
}
