package nhncloud

// WithKind returns the error as one of another kind than its status stands for:
// one of the Err… variables. It is for packages that know an answer better, such
// as a 422 that tells of a checksum.
func (e *Error) WithKind(kind error) *Error {
	own := *e
	own.kind = kind
	return &own
}
