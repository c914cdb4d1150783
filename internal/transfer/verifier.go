package transfer

// Verifier compares what goes by with checksums. A nil one finds everything
// good.
type Verifier struct {
	Pieces []Piece // those still to come
	sum    *Sum
	left   int64 // of the first piece; negative for the last one, which has all that comes
}

// Piece is a piece of content with a known checksum.
type Piece struct {
	Size int64 // bytes, or -1 up to the end
	Sum  string
}

// NewVerifier returns a verifier of pieces that come one after the other, with
// checksums of an algorithm that [NewSum] knows.
func NewVerifier(algorithm string, pieces ...Piece) *Verifier {
	v := &Verifier{Pieces: pieces, sum: NewSum(algorithm)}
	v.begin()
	return v
}

// begin begins with the first piece.
func (v *Verifier) begin() {
	v.sum.Reset()
	v.left = -1
	if len(v.Pieces) > 1 {
		v.left = v.Pieces[0].Size
	}
}

// Write hashes what goes by. It fails with a *nhncloud.ChecksumError.
func (v *Verifier) Write(p []byte) (int, error) {
	if v == nil {
		return len(p), nil
	}
	for rest := p; len(rest) > 0; {
		n := len(rest)
		if v.left >= 0 {
			n = int(min(int64(n), v.left))
			v.left -= int64(n)
		}
		v.sum.Write(rest[:n])
		rest = rest[n:]
		if v.left == 0 {
			if err := v.next(); err != nil {
				return 0, err
			}
		}
	}
	return len(p), nil
}

// next compares the first piece and goes on to the one after it.
func (v *Verifier) next() error {
	err := v.sum.Check(v.Pieces[0].Sum)
	v.Pieces = v.Pieces[1:]
	v.begin()
	return err
}

// Close compares what is left when the content ends.
func (v *Verifier) Close() error {
	for v != nil && len(v.Pieces) > 0 {
		if err := v.next(); err != nil {
			return err
		}
	}
	return nil
}
