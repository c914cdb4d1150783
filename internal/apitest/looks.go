package apitest

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nhncloud-go/nhncloud"
)

// Look is what a waiter gets to see, and what it has to tell of it.
type Look struct {
	Reply  Reply
	Status string // "" where the look failed
	Failed bool
}

// WaitThrough lets a waiter look until it has seen all looks, and returns its
// error. It is called in a bubble of synctest, where time does not pass for real.
func WaitThrough(t *testing.T, want Want, looks []Look, wait func(ctx context.Context, client *nhncloud.Client, options *nhncloud.WaitOptions) error) error {
	t.Helper()
	m := New(t)
	for _, l := range looks {
		m.Expect(want, l.Reply)
	}
	n := 0
	err := wait(t.Context(), m.Client, &nhncloud.WaitOptions{Progress: func(p nhncloud.WaitProgress) {
		assert.Equal(t, looks[n].Status, p.Status)
		assert.Equal(t, looks[n].Failed, p.Err != nil)
		n++
		assert.Equal(t, n, p.Look)
	}})
	assert.Len(t, looks, n, "looks")
	return err
}

// LookV1 is what a waiter of the v1.0 API gets to see.
type LookV1 struct {
	Status string
	Fails  int  // the resultCode of the failure that it sees instead
	Gone   bool // not on the list, or with Fails: not found, where that is no failure
}

// WaitThroughV1 is [WaitThrough] for a resource of the v1.0 API, which is looked
// up in the list of the key.
func WaitThroughV1(t *testing.T, want Want, key, id string, looks []LookV1, wait func(ctx context.Context, client *nhncloud.Client, options *nhncloud.WaitOptions) error) error {
	t.Helper()
	var seen []Look
	for _, l := range looks {
		look := Look{Status: l.Status, Reply: Success(fmt.Sprintf(`"%s": [{"id": %q, "status": %q}]`, key, id, l.Status))}
		switch {
		case l.Fails != 0:
			look.Failed, look.Reply = true, Failure(l.Fails, "FAIL")
		case l.Gone:
			look.Reply = Success(`"` + key + `": []`)
		}
		if l.Gone {
			look.Failed, look.Status = false, "gone"
		}
		seen = append(seen, look)
	}
	return WaitThrough(t, want, seen, wait)
}
