package faultmatrix

import (
	"io"
	"log"
	"testing"

	"go.uber.org/goleak"
)

// TestMain looks for goroutines that are left. What net/http has to say about
// answers that nobody waits for goes to nobody.
func TestMain(m *testing.M) {
	log.SetOutput(io.Discard)
	goleak.VerifyTestMain(m)
}
