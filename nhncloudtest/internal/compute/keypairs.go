package compute

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/identity"
)

// KeyPair is the public half of an SSH key; the private one is given out once
// and not kept.
type KeyPair struct {
	Name, Public, Fingerprint string
	Created                   time.Time

	id int
}

func listKeyPairs(c *call) frame.Reply {
	keys := []object{}
	for _, name := range slices.Sorted(maps.Keys(c.region.Keys)) {
		k := c.region.Keys[name]
		keys = append(keys, object{"keypair": object{
			"name": k.Name, "public_key": k.Public, "fingerprint": k.Fingerprint,
		}})
	}
	return frame.Answer(http.StatusOK, object{"keypairs": keys})
}

// keyPair finds the key pair that the path names.
func (c *call) keyPair() (*KeyPair, *frame.Reply) {
	name := c.Value("keypairName")
	if k := c.region.Keys[name]; k != nil {
		return k, nil
	}
	return nil, frame.NotFound("Keypair %s not found for user %s", name, identity.UserID)
}

func getKeyPair(c *call) frame.Reply {
	k, r := c.keyPair()
	if r != nil {
		return *r
	}
	return frame.Answer(http.StatusOK, object{"keypair": object{
		"id": k.id, "name": k.Name, "public_key": k.Public, "fingerprint": k.Fingerprint, "user_id": identity.UserID,
		"created_at": frame.Micros(k.Created), "updated_at": nil, "deleted_at": nil, "deleted": false,
	}})
}

func deleteKeyPair(c *call) frame.Reply {
	k, r := c.keyPair()
	if r != nil {
		return *r
	}
	delete(c.region.Keys, k.Name)
	return frame.Answer(http.StatusAccepted, nil)
}

var keyPairName = regexp.MustCompile(`^[A-Za-z0-9 ._@-]+$`)

func createKeyPair(c *call) frame.Reply {
	request := frame.Sub(c.Body, "keypair")
	if request == nil {
		return *frame.Required("", c.Body, "keypair")
	}
	if _, ok := request["name"]; !ok {
		return *frame.Required("keypair", request, "name")
	}
	if r := checkName(request["name"]); r != nil {
		return *r
	}
	name := frame.Str(request, "name")
	public := frame.Str(request, "public_key")
	if v, ok := request["public_key"]; ok && v != nil && public == "" {
		return *frame.Invalid("public_key", v, frame.PyRepr(v)+" is too short")
	}
	k, private, r := c.region.AddKeyPair(name, public, c.Now)
	if r != nil {
		return *r
	}
	answered := object{"name": k.Name, "public_key": k.Public, "fingerprint": k.Fingerprint, "user_id": identity.UserID}
	if private != "" {
		answered["private_key"] = private
	}
	return frame.Answer(http.StatusOK, object{"keypair": answered})
}

// AddKeyPair takes over a public key, or makes a key pair where that is empty
// and returns its private half too.
func (rg *Region) AddKeyPair(name, public string, now time.Time) (k *KeyPair, private string, r *frame.Reply) {
	if !keyPairName.MatchString(name) {
		return nil, "", frame.BadRequest("Keypair data is invalid: Keypair name contains unsafe characters")
	}
	if public == "" {
		// Making a key takes a while: let others in meanwhile.
		rg.service.frame.Outside(func() { public, private = generateKey(rg.service.Config.Ed25519) })
	}
	parsed, _, _, _, err := ssh.ParseAuthorizedKey([]byte(public))
	if err != nil {
		return nil, "", frame.BadRequest("Keypair data is invalid: failed to generate fingerprint")
	}
	if rg.Keys[name] != nil {
		return nil, "", frame.Conflict("Key pair '%s' already exists.", name)
	}
	if most := rg.service.Config.Quota.KeyPairs; most > 0 && len(rg.Keys) >= most {
		return nil, "", frame.Refused(http.StatusForbidden, "Quota exceeded, too many key pairs.")
	}
	rg.keySeq++
	k = &KeyPair{id: rg.keySeq, Name: name, Public: public, Fingerprint: ssh.FingerprintSHA256(parsed), Created: now}
	rg.Keys[name] = k
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
		frame.Must(err)
		block, err = ssh.MarshalPrivateKey(priv, comment)
		frame.Must(err)
		half = pub
	} else {
		priv, err := rsa.GenerateKey(rand.Reader, 2048)
		frame.Must(err)
		block = &pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(priv)}
		half = &priv.PublicKey
	}
	pub, err := ssh.NewPublicKey(half)
	frame.Must(err)
	public = strings.TrimSpace(string(ssh.MarshalAuthorizedKey(pub))) + " " + comment
	return public, string(pem.EncodeToMemory(block))
}
