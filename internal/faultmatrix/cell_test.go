package faultmatrix

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

const (
	// patience is how long a call may take by its context where the fault, or
	// the call, does not end by itself.
	patience = 400 * time.Millisecond
	// plenty is that of the others, which no busy machine makes fail for it.
	plenty = 20 * time.Second
	// slack is how much later than that and the time that it is documented to
	// take for its cleaning up a call may end: a machine may be busy.
	slack = 2 * time.Second
)

// quiet logs nothing: the servers expect what goes wrong.
var quiet = log.New(io.Discard, "", 0)

// service is a server of either protocol.
type service interface {
	url() string
	refuse()
	connections() int
	close()
}

// protocol is what a cell speaks.
type protocol string

const (
	http1 protocol = "HTTP/1.1"
	http2 protocol = "HTTP/2"
)

// cell is a call that meets a fault.
type cell struct {
	fault    *fault
	call     *call
	protocol protocol
	once     bool // the fault passes; else it stays
	number   int
	diagonal int // of the matrix, by which some cells are chosen

	*secrets
	cloud   *cloud
	service service
	client  *nhncloud.Client
	log     syncBuffer
	base    string // of URLs of the other host
	file    string // with the large content

	armed atomic.Bool
	met   atomic.Int64 // requests, or connections, that met the fault

	mu        sync.Mutex
	arrivals  int      // of the request of a create
	permitted bool     // to send it again, by the last answer
	twice     bool     // it came again without
	sent      []string // secrets
}

func (c *cell) String() string {
	times := "always"
	if c.once {
		times = "once"
	}
	return fmt.Sprintf("%s × %s (%s, %s)", c.fault.name, c.call.name, times, c.protocol)
}

// patience is how long the call may take.
func (c *cell) patience() time.Duration {
	if c.fault.hangs || c.call.endless {
		return patience
	}
	return plenty
}

// loginTimeout is how long a login may take. What waits for one is to see it end
// where it meets the fault; others have what they need.
func (c *cell) loginTimeout() time.Duration {
	if c.call.generation == neither {
		return c.patience()
	}
	return plenty
}

// meet lets a new connection meet the fault, and reports whether that is all
// there is to it.
func (c *cell) meet(conn net.Conn) bool {
	if c.fault.connect == nil || !c.armed.Load() || c.met.Add(1) > 1 && c.once {
		return false
	}
	c.fault.connect(conn)
	return true
}

// serve answers a request.
func (c *cell) serve(l line, r *http.Request) {
	x := &exchange{r: r, cell: c, line: l}
	if c.armed.Load() && c.call.creates && r.Method == http.MethodPost && !strings.HasSuffix(r.URL.Path, "/tokens") {
		c.mu.Lock()
		c.twice = c.twice || c.arrivals > 0 && !c.permitted
		c.arrivals++
		c.permitted = false
		c.mu.Unlock()
	}
	if c.fault.do == nil || !c.armed.Load() || !c.call.aims(r) || c.met.Add(1) > 1 && c.once {
		x.pass()
		return
	}
	c.fault.do(x)
}

// sentWith notes and returns the secrets that came with a request. It is the
// password alone that a client looks for in answers to what it was not sent with.
func (c *cell) sentWith(r *http.Request) []string {
	sent := []string{c.password}
	for _, secret := range []string{r.Header.Get("X-Auth-Token"), r.Header.Get("X-Container-Meta-Temp-Url-Key"), r.URL.Query().Get("id")} {
		if strings.HasSuffix(secret, "sEcReT") || strings.HasPrefix(secret, c.token) {
			sent = append(sent, secret)
		}
	}
	if strings.Contains(r.URL.Path, c.appKey) {
		sent = append(sent, c.appKey)
	}
	if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/servers") {
		sent = append(sent, c.userData)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent = append(c.sent, sent...)
	return sent
}

// said notes an answer, some of which permit a create to be sent again.
func (c *cell) said(status int, header http.Header) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch status {
	case http.StatusUnauthorized, http.StatusTooManyRequests, 498:
		c.permitted = true
	case http.StatusServiceUnavailable:
		c.permitted = header.Get("Retry-After") != ""
	}
}

// outcome is what is known of a cell when it is over.
type outcome struct {
	err     error
	wrong   string // what is not true of a success
	left    string // what is left behind
	panics  string
	late    time.Duration // beyond what is documented
	open    int           // connections
	answers nhncloud.Response
}

// run makes the call.
func (c *cell) run(t testing.TB, elsewhere *elsewhere) (o outcome) {
	c.secrets = newSecrets(c.number)
	c.cloud = newCloud(c.secrets)
	c.base = fmt.Sprintf("%s/%d", elsewhere.URL, c.number)
	transport := &http.Transport{MaxIdleConnsPerHost: 8, MaxResponseHeaderBytes: 256 << 10}
	if c.protocol == http1 {
		c.service = serve1(t, c)
	} else {
		c.service = serve2(c)
		transport.TLSClientConfig = &tls.Config{InsecureSkipVerify: true}
		transport.ForceAttemptHTTP2 = true
	}
	defer c.service.close()
	var err error
	c.client, err = nhncloud.NewClient(nhncloud.Config{
		Region: nhncloud.KR1, TenantID: tenantID, AppKey: c.appKey, Username: "user@example.com", Password: nhncloud.Secret(c.password),
		AuthURL: c.service.url(), WaitInterval: 10 * time.Millisecond,
		Endpoints: map[nhncloud.Service]string{
			nhncloud.ServiceAppKey: c.service.url(), nhncloud.ServiceCompute: c.service.url(), nhncloud.ServiceNetwork: c.service.url(),
			nhncloud.ServiceObjectStorage: c.service.url(),
		},
	},
		nhncloud.WithHTTPClient(&http.Client{Transport: transport}),
		nhncloud.WithLogger(slog.New(slog.NewJSONHandler(&c.log, &slog.HandlerOptions{Level: slog.LevelDebug}))),
		nhncloud.WithRetry(nhncloud.RetryPolicy{BaseDelay: time.Millisecond, MaxDelay: 5 * time.Millisecond}),
		nhncloud.WithLoginTimeout(c.loginTimeout()), nhncloud.WithMaxResponse(2<<20))
	require.NoError(t, err)
	require.NoError(t, c.logIn(t.Context()))
	if c.fault.connect != nil || c.fault.refuse {
		transport.CloseIdleConnections()
	}
	if c.fault.refuse {
		c.service.refuse()
	}
	c.armed.Store(true)

	patience := c.patience()
	ctx, cancel := context.WithTimeout(nhncloud.CaptureResponse(t.Context(), &o.answers), patience)
	defer cancel()
	start := time.Now()
	o.wrong, o.panics, o.err = c.make(ctx)
	o.late = time.Since(start) - patience - c.call.grace - slack
	transport.CloseIdleConnections()
	for wait := time.Now().Add(5 * time.Second); c.service.connections() > 0 && time.Now().Before(wait); {
		transport.CloseIdleConnections() // a stream that has ended goes a little later
		time.Sleep(5 * time.Millisecond)
	}
	o.open = c.service.connections()
	if o.err != nil && c.call.left != nil {
		o.left = c.call.left(c, o.err)
	}
	return o
}

// logIn gets the tokens before the fault, but where that is what is tried.
func (c *cell) logIn(ctx context.Context) (err error) {
	switch c.call.generation {
	case v1:
		_, err = c.client.AppKeyToken(ctx)
	case v2:
		_, err = c.client.Token(ctx)
	}
	return err
}

// make makes the call, and bears its panics.
func (c *cell) make(ctx context.Context) (wrong, panics string, err error) {
	defer func() {
		if value := recover(); value != nil {
			panics = fmt.Sprintf("%v\n%s", value, debug.Stack())
		}
	}()
	wrong, err = c.call.do(ctx, c)
	return wrong, "", err
}

// texts are all that the cell tells people.
func (c *cell) texts(o *outcome) []byte {
	var b bytes.Buffer
	_, _ = b.Write(c.log.bytes())
	if err := o.err; err != nil {
		_, _ = fmt.Fprintf(&b, "%s\n%v\n%+v\n%#v\n%q\n", err.Error(), err, err, err, err)
		for e := new(nhncloud.Error); errors.As(err, &e); err = e.Err {
			_, _ = fmt.Fprintf(&b, "%s\n%s\n%v\n%+v\n%#v\n", marshaled(e), e.Body, e.Header, *e, *e)
			if e.Err == nil {
				break
			}
		}
	}
	_, _ = fmt.Fprintf(&b, "%+v", o.answers)
	return b.Bytes()
}

// syncBuffer is a buffer that many write to.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write adds to the buffer.
func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) bytes() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return bytes.Clone(s.b.Bytes())
}

// elsewhere is a host that is none of the cloud's. It knows which cells came.
type elsewhere struct {
	*httptest.Server
	visited sync.Map // by the first element of the path
}

func newElsewhere() *elsewhere {
	e := new(elsewhere)
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		number, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		e.visited.Store(number, true)
		w.Header().Set("ETag", md5Of([]byte("forged")))
		_, _ = io.WriteString(w, "forged")
	}))
	return e
}
