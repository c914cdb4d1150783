// Package clients keeps a client of the SDK for each caller of the gateway.
//
// A caller is a token in a region, for a tenant. Its client is made with the first
// request and used by all further ones, so that what the client knows (endpoints,
// whether a token is refused) is found out once. A client that nobody used for a
// while is dropped, and the token with it.
package clients

import (
	"container/list"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"sync"
	"time"

	"github.com/nhncloud-go/nhncloud"
)

// Caller is who makes a request, and where.
type Caller struct {
	Region         nhncloud.Region
	TenantID       string // "" where the service does not need it
	StorageAccount string // tenant of object storage, without AUTH_; "" elsewhere
	Token          nhncloud.Secret
}

// Cache keeps the clients. Its methods can be called from any number of
// goroutines.
type Cache struct {
	build func(Caller) (*nhncloud.Client, error)
	idle  time.Duration
	max   int
	seed  []byte

	mu     sync.Mutex
	known  map[key]*list.Element
	recent list.List // of *entry, the one that was used last in front
	sweep  *time.Timer
}

// key stands for a caller. It has no token in it, nor what a token could be
// tried against by somebody who sees the key.
type key [sha256.Size]byte

type entry struct {
	key    key
	client *nhncloud.Client
	used   time.Time
}

// New returns a cache of clients that build makes. It drops those that were not
// used for idle, and beyond max the one that was not used for the longest time.
func New(build func(Caller) (*nhncloud.Client, error), idle time.Duration, max int) *Cache {
	seed := make([]byte, sha256.Size)
	rand.Read(seed) // never fails
	return &Cache{build: build, idle: idle, max: max, seed: seed, known: map[key]*list.Element{}}
}

// Get returns the client of a caller.
func (c *Cache) Get(caller Caller) (*nhncloud.Client, error) {
	k := c.keyOf(caller)
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.known[k]; ok {
		e.Value.(*entry).used = time.Now()
		c.recent.MoveToFront(e)
		return e.Value.(*entry).client, nil
	}
	client, err := c.build(caller) // sends nothing
	if err != nil {
		return nil, err
	}
	c.known[k] = c.recent.PushFront(&entry{key: k, client: client, used: time.Now()})
	if len(c.known) > c.max {
		c.drop(c.recent.Back())
	}
	if c.sweep == nil {
		c.sweep = time.AfterFunc(c.idle, c.dropIdle)
	}
	return client, nil
}

// Len is how many clients there are.
func (c *Cache) Len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.known)
}

// Close drops all clients. The cache can be used again.
func (c *Cache) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.known)
	c.recent.Init()
	if c.sweep != nil {
		c.sweep.Stop()
		c.sweep = nil
	}
}

// dropIdle drops what is idle, and comes back when the next client may be.
func (c *Cache) dropIdle() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for e := c.recent.Back(); e != nil; e = c.recent.Back() {
		if left := c.idle - time.Since(e.Value.(*entry).used); left > 0 {
			c.sweep = time.AfterFunc(left, c.dropIdle)
			return
		}
		c.drop(e)
	}
	c.sweep = nil
}

func (c *Cache) drop(e *list.Element) {
	c.recent.Remove(e)
	delete(c.known, e.Value.(*entry).key)
}

func (c *Cache) keyOf(caller Caller) key {
	mac := hmac.New(sha256.New, c.seed)
	for _, part := range []string{string(caller.Region), caller.TenantID, caller.StorageAccount, string(caller.Token)} {
		mac.Write([]byte(part))
		mac.Write([]byte{0}) // a header field has none
	}
	return key(mac.Sum(nil))
}
