package pemcert

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"hash"
)

// errUnknownEncryption is for a key that is encrypted in another way than those
// that openssl and Java use.
var errUnknownEncryption = errors.New("unknown encryption")

// errWrongPassphrase is for what does not become a key.
var errWrongPassphrase = errors.New("wrong passphrase")

// maxIterations bounds the work for a key that asks for too much: ten times what
// is recommended.
const maxIterations = 10_000_000

// The object identifiers of PKCS #5.
var (
	oidPBES2      = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}
	oidPBKDF2     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 12}
	oidHMACSHA1   = asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 7}
	oidHMACSHA256 = asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 9}
	oidHMACSHA512 = asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 11}
	oidAES128CBC  = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 1, 2}
	oidAES192CBC  = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 1, 22}
	oidAES256CBC  = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 1, 42}
	oidDESEDE3CBC = asn1.ObjectIdentifier{1, 2, 840, 113549, 3, 7}
)

type encryptedKey struct {
	Algorithm pkix.AlgorithmIdentifier
	Data      []byte
}

type pbes2 struct{ Derivation, Encryption pkix.AlgorithmIdentifier }

type pbkdf2Parameters struct {
	Salt       []byte
	Iterations int
	KeyLength  int                      `asn1:"optional"`
	Function   pkix.AlgorithmIdentifier `asn1:"optional"`
}

// decryptPKCS8 decrypts an EncryptedPrivateKeyInfo of PBES2 (RFC 8018).
func decryptPKCS8(der []byte, passphrase string) ([]byte, error) {
	var key encryptedKey
	var scheme pbes2
	var derivation pbkdf2Parameters
	var iv []byte
	if rest, err := asn1.Unmarshal(der, &key); err != nil || len(rest) > 0 || !key.Algorithm.Algorithm.Equal(oidPBES2) {
		return nil, errUnknownEncryption
	}
	if _, err := asn1.Unmarshal(key.Algorithm.Parameters.FullBytes, &scheme); err != nil || !scheme.Derivation.Algorithm.Equal(oidPBKDF2) {
		return nil, errUnknownEncryption
	}
	if _, err := asn1.Unmarshal(scheme.Derivation.Parameters.FullBytes, &derivation); err != nil || derivation.Iterations < 1 || derivation.Iterations > maxIterations {
		return nil, errUnknownEncryption
	}
	if _, err := asn1.Unmarshal(scheme.Encryption.Parameters.FullBytes, &iv); err != nil {
		return nil, errUnknownEncryption
	}
	function, ok := hashOf(derivation.Function.Algorithm)
	newBlock, length := cipherOf(scheme.Encryption.Algorithm)
	if !ok || newBlock == nil {
		return nil, errUnknownEncryption
	}
	derived, err := pbkdf2.Key(function, passphrase, derivation.Salt, derivation.Iterations, length)
	if err != nil {
		return nil, errUnknownEncryption
	}
	block, err := newBlock(derived)
	if err != nil || len(iv) != block.BlockSize() || len(key.Data) == 0 || len(key.Data)%block.BlockSize() != 0 {
		return nil, errUnknownEncryption
	}
	plain := make([]byte, len(key.Data))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(plain, key.Data)
	return unpad(plain, block.BlockSize())
}

// unpad takes the padding off, and sees that a whole structure is left.
func unpad(plain []byte, size int) ([]byte, error) {
	padding := int(plain[len(plain)-1])
	if padding < 1 || padding > size {
		return nil, errWrongPassphrase
	}
	plain = plain[:len(plain)-padding]
	if rest, err := asn1.Unmarshal(plain, new(asn1.RawValue)); err != nil || len(rest) > 0 {
		return nil, errWrongPassphrase
	}
	return plain, nil
}

func hashOf(oid asn1.ObjectIdentifier) (func() hash.Hash, bool) {
	switch {
	case len(oid) == 0, oid.Equal(oidHMACSHA1):
		return sha1.New, true
	case oid.Equal(oidHMACSHA256):
		return sha256.New, true
	case oid.Equal(oidHMACSHA512):
		return sha512.New, true
	}
	return nil, false
}

func cipherOf(oid asn1.ObjectIdentifier) (func(key []byte) (cipher.Block, error), int) {
	switch {
	case oid.Equal(oidAES128CBC):
		return aes.NewCipher, 16
	case oid.Equal(oidAES192CBC):
		return aes.NewCipher, 24
	case oid.Equal(oidAES256CBC):
		return aes.NewCipher, 32
	case oid.Equal(oidDESEDE3CBC):
		return des.NewTripleDESCipher, 24
	}
	return nil, 0
}
