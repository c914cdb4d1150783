//go:build !unix

package transfer

// NonBlocking keeps the opening of a named pipe from waiting for a writer, where
// there are such.
const NonBlocking = 0
