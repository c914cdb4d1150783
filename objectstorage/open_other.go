//go:build !unix

package objectstorage

// nonblocking keeps the opening of a named pipe from waiting for a writer, where
// there are such.
const nonblocking = 0
