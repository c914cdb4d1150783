// Package pemcert reads a certificate with its chain and its private key from
// PEM, tells what is wrong with them, and writes them as the key manager takes
// them: one certificate, its chain, and the key without a passphrase.
package pemcert
