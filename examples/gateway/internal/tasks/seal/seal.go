// Package seal encrypts what must not lie in a database in the clear.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// KeySize is the size of a key in bytes.
const KeySize = 32

// ErrOpen means that a value was not sealed with this key for this purpose, or
// was changed since.
var ErrOpen = errors.New("the value was sealed with another key, for something else, or was changed")

// Sealer encrypts with AES-256-GCM. Its key does not show in any form.
type Sealer struct {
	aead  cipher.AEAD
	keyID string
}

// New returns a sealer with a key of [KeySize] bytes.
func New(key []byte) (*Sealer, error) {
	if len(key) != KeySize {
		return nil, fmt.Errorf("the key has %d bytes, and must have %d", len(key), KeySize)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("key id"))
	return &Sealer{aead, hex.EncodeToString(mac.Sum(nil)[:8])}, nil
}

// Parse returns a sealer with a key in base64, as `openssl rand -base64 32`
// prints it. Errors don't quote the key.
func Parse(text string) (*Sealer, error) {
	text = strings.TrimRight(strings.TrimSpace(text), "=")
	encoding := base64.RawStdEncoding
	if strings.ContainsAny(text, "-_") {
		encoding = base64.RawURLEncoding
	}
	key, err := encoding.Strict().DecodeString(text)
	if err != nil {
		return nil, errors.New("the key is no base64")
	}
	return New(key)
}

// Random returns a sealer with a key that nobody knows: what it seals is lost
// with it.
func Random() *Sealer {
	key := make([]byte, KeySize)
	_, _ = rand.Read(key) // never fails
	s, err := New(key)
	if err != nil {
		panic(err) // the size is right
	}
	return s
}

// KeyID tells keys apart. The key can't be found from it.
func (s *Sealer) KeyID() string { return s.keyID }

// Seal encrypts a value. It opens for the same purpose alone, which is not
// secret itself: such as the id of the row that has the value.
func (s *Sealer) Seal(purpose string, value []byte) []byte {
	return s.aead.Seal(nil, nil, value, []byte(purpose))
}

// Open decrypts a value, or fails with [ErrOpen].
func (s *Sealer) Open(purpose string, sealed []byte) ([]byte, error) {
	value, err := s.aead.Open(nil, nil, sealed, []byte(purpose))
	if err != nil {
		return nil, ErrOpen
	}
	return value, nil
}

// Format hides the key from every verb of package fmt.
func (s *Sealer) Format(f fmt.State, _ rune) { _, _ = fmt.Fprintf(f, "sealer %s", s.keyID) }
