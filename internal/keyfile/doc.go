// Package keyfile writes private keys where ssh accepts them.
package keyfile
