// Package proof finds out whether a caller is of the tenant that he names.
//
// A token does not show its tenant, and a header can have any. The services that
// have the tenant in their paths refuse a token of another one; so the cloud is
// asked for something that only the tenant may see. Who could trick that could see
// all of the tenant's servers without a gateway.
package proof

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/clients"
)

// ErrForeign means that the token is not one of the tenant.
var ErrForeign = errors.New("the token is not one of the tenant")

// Prover asks the cloud, and remembers for a short time who was right.
type Prover struct {
	client func(clients.Caller) (*nhncloud.Client, error)
	keep   time.Duration
	max    int
	seed   []byte

	mu     sync.Mutex
	proven map[key]time.Time // until when
}

// refusals are how services refuse a token of another tenant: Nova says that the
// path is malformed, others that it is forbidden or not found.
var refusals = []error{nhncloud.ErrInvalidArgument, nhncloud.ErrForbidden, nhncloud.ErrNotFound}

// key stands for a token and a tenant; they can't be found from it.
type key [sha256.Size]byte

// New returns a prover that remembers for keep, up to max of them. Client returns
// the client of a caller.
func New(client func(clients.Caller) (*nhncloud.Client, error), keep time.Duration, max int) *Prover {
	seed := make([]byte, sha256.Size)
	_, _ = rand.Read(seed) // never fails
	return &Prover{client: client, keep: keep, max: max, seed: seed, proven: map[key]time.Time{}}
}

// Prove fails with [ErrForeign] where a caller's token is not one of his tenant, and
// as the cloud does where it can't be found out: with an [nhncloud.ErrUnauthorized]
// for a token that is none.
func (p *Prover) Prove(ctx context.Context, who clients.Caller) error {
	k := p.key(who)
	p.mu.Lock()
	until, ok := p.proven[k]
	p.mu.Unlock()
	asked := time.Now()
	if ok && asked.Before(until) {
		return nil
	}
	client, err := p.client(who)
	if err != nil {
		return err
	}
	if _, err := compute.New(client).Servers.ListSummaries(ctx, &compute.ServerListOptions{Limit: 1}); err != nil {
		for _, kind := range refusals {
			if errors.Is(err, kind) {
				return fmt.Errorf("%w: %w", ErrForeign, err)
			}
		}
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.proven) >= p.max {
		for other, until := range p.proven {
			if !asked.Before(until) {
				delete(p.proven, other)
			}
		}
		if len(p.proven) >= p.max { // rather forget all than keep more
			clear(p.proven)
		}
	}
	p.proven[k] = asked.Add(p.keep)
	return nil
}

func (p *Prover) key(who clients.Caller) (k key) {
	mac := hmac.New(sha256.New, p.seed)
	for _, part := range []string{who.TenantID, string(who.Token)} {
		length := len(part)
		mac.Write([]byte{byte(length >> 24), byte(length >> 16), byte(length >> 8), byte(length)})
		mac.Write([]byte(part))
	}
	return key(mac.Sum(nil))
}
