package benchmarks

import (
	"bytes"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// cloud is as much of NHN Cloud as the peers need. It answers with bytes that
// were made beforehand and allocates nothing for a request, so that what is
// measured in this process is the work of the client.
type cloud struct {
	url        string
	answers    map[string][]byte // whole answers by the beginning of the request line, "GET /v2/…"
	latency    time.Duration     // of every answer; set before the first request
	loginDelay time.Duration     // set before the first request
	created    atomic.Pointer[[]byte]
	keepBody   bool // keep the body of a create call in created

	listener net.Listener
	accepted atomic.Int64 // connections
	logins   atomic.Int64
	token    atomic.Pointer[string] // the only one that is accepted
	lifetime atomic.Int64           // of the next token, a time.Duration

	mu    sync.Mutex
	conns map[net.Conn]struct{}
	done  sync.WaitGroup
}

// newCloud starts a cloud that stops at the end of the test or benchmark.
func newCloud(tb testing.TB) *cloud {
	tb.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(tb, err)
	c := &cloud{
		url:      "http://" + listener.Addr().String(),
		answers:  cannedAnswers(tb),
		listener: listener,
		conns:    map[net.Conn]struct{}{},
	}
	c.lifetime.Store(int64(12 * time.Hour))
	c.done.Go(c.accept)
	tb.Cleanup(c.close)
	return c
}

func (c *cloud) close() {
	_ = c.listener.Close()
	c.mu.Lock()
	for conn := range c.conns {
		_ = conn.Close()
	}
	c.mu.Unlock()
	c.done.Wait()
}

func (c *cloud) accept() {
	for {
		conn, err := c.listener.Accept()
		if err != nil {
			return
		}
		c.accepted.Add(1)
		c.mu.Lock()
		c.conns[conn] = struct{}{}
		c.mu.Unlock()
		c.done.Go(func() {
			c.serve(conn)
			_ = conn.Close()
			c.mu.Lock()
			delete(c.conns, conn)
			c.mu.Unlock()
		})
	}
}

var endOfHead = []byte("\r\n\r\n")

// serve answers the requests of a connection one after the other.
func (c *cloud) serve(conn net.Conn) {
	buf := make([]byte, 16<<10) // more than any request here
	n := 0
	for {
		end := -1 // of the request, once its length is known
		var head, body []byte
		for {
			if i := bytes.Index(buf[:n], endOfHead); i >= 0 {
				head = buf[:i+2]
				end = i + len(endOfHead) + contentLength(head)
				if end <= n {
					body = buf[i+len(endOfHead) : end]
					break
				}
			}
			m, err := conn.Read(buf[n:])
			if err != nil {
				return
			}
			n += m
		}
		answer := c.answer(head, body)
		if c.latency > 0 {
			time.Sleep(c.latency)
		}
		if _, err := conn.Write(answer); err != nil {
			return
		}
		n = copy(buf, buf[end:n])
	}
}

var (
	requestEnd    = []byte(" HTTP/1.1\r\n")
	tokenField    = []byte("\r\nX-Auth-Token: ")
	lengthField   = []byte("\r\nContent-Length: ")
	lineEnd       = []byte("\r\n")
	notFound      = answerOf("404 Not Found", `{"itemNotFound":{"code":404,"message":"Not found"}}`)
	unauthorized  = answerOf("401 Unauthorized", `{"error":{"code":401,"title":"Unauthorized","message":"The request you have made requires authentication."}}`)
	createRequest = "POST /v2/" + tenant + "/servers"
)

func (c *cloud) answer(head, body []byte) []byte {
	line, _, _ := bytes.Cut(head, requestEnd)
	if string(line) == "POST /v2.0/tokens" {
		return c.login()
	}
	if token := c.token.Load(); token == nil || string(field(head, tokenField)) != *token {
		return unauthorized
	}
	answer, ok := c.answers[string(line)]
	if !ok {
		return notFound
	}
	if c.keepBody && string(line) == createRequest {
		kept := bytes.Clone(body)
		c.created.Store(&kept)
	}
	return answer
}

// login issues a new token, which is the only one that is accepted from then on.
func (c *cloud) login() []byte {
	time.Sleep(c.loginDelay)
	id := c.issue()
	expires := time.Now().UTC().Truncate(time.Second).Add(24 * time.Hour)
	issued := expires.Add(-time.Duration(c.lifetime.Load()))
	return answerOf("200 OK", strings.NewReplacer(
		"e42a092ed6ee4d99949bf25f5f6ecc60", id,
		"2020-04-29T15:31:21Z", expires.Format("2006-01-02T15:04:05Z"),
		"2020-04-29T03:32:28.000405", issued.Format("2006-01-02T15:04:05.000000"),
		"https://kr1-api-instance-infrastructure.nhncloudservice.com", c.url,
		"f5073eaa26b64cffbee89411df94ce01", tenant,
	).Replace(documented("identity-v2-create-token")))
}

// issue makes a token, as by a login.
func (c *cloud) issue() string {
	id := fmt.Sprintf("%032x", c.logins.Add(1))
	c.token.Store(&id)
	return id
}

// revoke makes the token that is in use a refused one.
func (c *cloud) revoke() { c.token.Store(nil) }

func answerOf(status, body string) []byte {
	return []byte("HTTP/1.1 " + status + "\r\n" +
		"Content-Length: " + strconv.Itoa(len(body)) + "\r\n" +
		"Content-Type: application/json\r\n" +
		"X-Compute-Request-Id: req-57d9c2f5-0a29-4f6a-8a70-3c0f1f0f6f3e\r\n" +
		"Date: Tue, 25 Feb 2020 01:22:24 GMT\r\n" +
		"\r\n" + body)
}

// field returns the value of a header field, or nil. The peers all write the
// names as net/http does.
func field(head, name []byte) []byte {
	_, after, ok := bytes.Cut(head, name)
	if !ok {
		return nil
	}
	value, _, _ := bytes.Cut(after, lineEnd)
	return value
}

func contentLength(head []byte) int {
	n := 0
	for _, digit := range field(head, lengthField) {
		n = n*10 + int(digit-'0')
	}
	return n
}
