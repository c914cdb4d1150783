package service

import (
	"net"
	"sync"
	"time"
)

// slowListener limits each connection it accepts, in both directions.
type slowListener struct {
	net.Listener
	rate int64
}

func (l *slowListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &slowConn{Conn: conn, in: throttle{rate: l.rate}, out: throttle{rate: l.rate}}, nil
}

type slowConn struct {
	net.Conn
	in, out throttle
}

func (c *slowConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.in.wait(n)
	return n, err
}

func (c *slowConn) Write(p []byte) (int, error) {
	c.out.wait(len(p))
	return c.Conn.Write(p)
}

// throttle lets so many bytes through a second.
type throttle struct {
	mu   sync.Mutex
	rate int64
	free time.Time
}

func (t *throttle) wait(n int) {
	t.mu.Lock()
	now := time.Now()
	if t.free.Before(now.Add(-20 * time.Millisecond)) {
		t.free = now.Add(-20 * time.Millisecond)
	}
	t.free = t.free.Add(time.Duration(int64(n) * int64(time.Second) / t.rate))
	pause := time.Until(t.free)
	t.mu.Unlock()
	if pause > 0 {
		time.Sleep(pause)
	}
}
