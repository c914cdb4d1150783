package nhncloud

import "fmt"

// TransferProgress tells how far an upload or a download is.
type TransferProgress struct {
	Done  int64 // bytes that were sent or received; what has to be sent again counts once
	Total int64 // bytes, or -1 when that is not known
	Parts int   // parts that are done; a transfer in one piece has one
	Count int   // parts in all, or -1 when that is not known
}

// ChecksumError is the cause of an [ErrChecksumMismatch].
type ChecksumError struct {
	Algorithm string // "MD5", or the name that the service has for another, in capitals
	Want      string // checksum that the content should have, in hexadecimal form
	Got       string // checksum that it has; "" where the service did not say
}

// Error tells the two values.
func (e *ChecksumError) Error() string {
	if e.Got == "" {
		return fmt.Sprintf("checksum mismatch: %s is not %s", e.Algorithm, e.Want)
	}
	return fmt.Sprintf("checksum mismatch: %s is %s, not %s", e.Algorithm, e.Got, e.Want)
}

// Is makes it an [ErrChecksumMismatch].
func (e *ChecksumError) Is(target error) bool { return target == ErrChecksumMismatch }
