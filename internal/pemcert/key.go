package pemcert

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
)

const notAKey = "must be a private key in PEM"

// privateKey reads a private key. The messages tell nothing of what is in it.
func privateKey(text, passphrase string, refuse Refuse) crypto.PrivateKey {
	if text == "" {
		refuse("PrivateKey", "must not be empty")
		return nil
	}
	block := keyBlock(text)
	if block == nil {
		refuse("PrivateKey", notAKey)
		return nil
	}
	der := block.Bytes
	//lint:ignore SA1019 the format is weak, but openssl has written it for decades
	legacy := x509.IsEncryptedPEMBlock(block)
	if legacy || block.Type == "ENCRYPTED PRIVATE KEY" {
		if passphrase == "" {
			refuse("Passphrase", "must not be empty, because the private key has one")
			return nil
		}
		var err error
		if legacy {
			//lint:ignore SA1019 as above
			der, err = x509.DecryptPEMBlock(block, []byte(passphrase))
		} else {
			der, err = decryptPKCS8(block.Bytes, passphrase)
		}
		if err == errUnknownEncryption {
			refuse("PrivateKey", "must be encrypted with AES or 3DES and PBKDF2, or not at all")
			return nil
		}
		if err != nil {
			refuse("Passphrase", "must be that of the private key")
			return nil
		}
	} else if passphrase != "" {
		refuse("Passphrase", "must be empty, because the private key has none")
		return nil
	}
	if key := parseKey(der); key != nil {
		return key
	}
	if legacy { // a wrong passphrase may make something that looks whole
		refuse("Passphrase", "must be that of the private key")
	} else {
		refuse("PrivateKey", notAKey)
	}
	return nil
}

// keyBlock returns the block of the key, which may follow others, such as the
// parameters of its curve.
func keyBlock(text string) *pem.Block {
	for rest := []byte(text); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return nil
		}
		switch block.Type {
		case "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY":
			return block
		}
	}
}

func parseKey(der []byte) crypto.PrivateKey {
	if key, err := x509.ParsePKCS8PrivateKey(der); err == nil {
		return key
	}
	if key, err := x509.ParsePKCS1PrivateKey(der); err == nil {
		return key
	}
	if key, err := x509.ParseECPrivateKey(der); err == nil {
		return key
	}
	return nil
}
