package objectstorage_test

import (
	"context"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// connections counts those that a transport has.
type connections struct {
	event func() // is called before and after each read and write

	mu    sync.Mutex
	dials int
	open  int
	most  int
	gone  chan struct{} // closed when there are none; nil while nobody waits
}

func newConnections() *connections { return &connections{event: func() {}} }

func (c *connections) transport() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.Proxy = nil
	t.MaxIdleConnsPerHost = 64
	t.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.dials++
		c.open++
		c.most = max(c.most, c.open)
		return &countedConn{Conn: conn, count: c}, nil
	}
	return t
}

// counts returns how many were made, and how many there were at once.
func (c *connections) counts() (dials, most int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.dials, c.most
}

// none waits until there are none.
func (c *connections) none(t *testing.T) {
	t.Helper()
	c.mu.Lock()
	if c.open == 0 {
		c.mu.Unlock()
		return
	}
	gone := make(chan struct{})
	c.gone = gone
	c.mu.Unlock()
	select {
	case <-gone:
	case <-time.After(10 * time.Second):
		c.mu.Lock()
		defer c.mu.Unlock()
		assert.Zero(t, c.open, "connections that are left")
	}
}

func (c *connections) closed() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open--; c.open == 0 && c.gone != nil {
		close(c.gone)
		c.gone = nil
	}
}

type countedConn struct {
	net.Conn
	count *connections
	once  sync.Once
}

func (c *countedConn) Read(p []byte) (int, error) {
	c.count.event()
	defer c.count.event()
	return c.Conn.Read(p)
}

func (c *countedConn) Write(p []byte) (int, error) {
	c.count.event()
	defer c.count.event()
	return c.Conn.Write(p)
}

func (c *countedConn) Close() error {
	c.once.Do(c.count.closed)
	return c.Conn.Close()
}
