//go:build unix

package transfer

import "syscall"

// NonBlocking keeps the opening of a named pipe from waiting for a writer.
const NonBlocking = syscall.O_NONBLOCK
