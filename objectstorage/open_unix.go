//go:build unix

package objectstorage

import "syscall"

// nonblocking keeps the opening of a named pipe from waiting for a writer.
const nonblocking = syscall.O_NONBLOCK
