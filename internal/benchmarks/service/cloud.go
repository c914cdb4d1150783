package service

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// Cloud is as much of NHN Cloud as the peers need, in another process. It
// answers with bytes that were made beforehand.
type Cloud struct {
	URL string
	process
}

// CloudOptions say how a [Cloud] is to be.
type CloudOptions struct {
	Latency    time.Duration // of every answer
	LoginDelay time.Duration // of a login, besides
	KeepBody   bool          // keep the body of a create call for [Cloud.Created]
}

// NewCloud starts a cloud that stops at the end of the test or benchmark.
func NewCloud(tb testing.TB, options CloudOptions) *Cloud {
	tb.Helper()
	p := start(tb)
	return &Cloud{call[string](p, "Cloud.Start", options), p}
}

// Issue makes a token, as by a login, and returns it.
func (c *Cloud) Issue() string { return call[string](c.process, "Cloud.Issue", nothing(0)) }

// Revoke makes the token that is in use a refused one.
func (c *Cloud) Revoke() { call[nothing](c.process, "Cloud.Revoke", nothing(0)) }

// SetLifetime sets that of the tokens that are issued from now on.
func (c *Cloud) SetLifetime(d time.Duration) { call[nothing](c.process, "Cloud.SetLifetime", d) }

// Logins returns how many tokens there were.
func (c *Cloud) Logins() int64 { return call[int64](c.process, "Cloud.Logins", nothing(0)) }

// Connections returns how many connections there were.
func (c *Cloud) Connections() int64 { return call[int64](c.process, "Cloud.Connections", nothing(0)) }

// Created returns the body of the newest create call.
func (c *Cloud) Created() []byte { return call[[]byte](c.process, "Cloud.Created", nothing(0)) }

// CloudCalls is what the process of a [Cloud] is called with.
type CloudCalls struct{ cloud *cloud }

// Start starts the cloud, and tells its URL.
func (c *CloudCalls) Start(options CloudOptions, url *string) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	answers, err := cannedAnswers()
	if err != nil {
		return err
	}
	c.cloud = &cloud{CloudOptions: options, url: "http://" + listener.Addr().String(), answers: answers}
	c.cloud.lifetime.Store(int64(Lifetime))
	*url = c.cloud.url
	go c.cloud.accept(listener)
	return nil
}

// Issue is [Cloud.Issue].
func (c *CloudCalls) Issue(_ nothing, token *string) error {
	*token = c.cloud.issue()
	return nil
}

// Revoke is [Cloud.Revoke].
func (c *CloudCalls) Revoke(nothing, *nothing) error {
	c.cloud.token.Store(nil)
	return nil
}

// SetLifetime is [Cloud.SetLifetime].
func (c *CloudCalls) SetLifetime(d time.Duration, _ *nothing) error {
	c.cloud.lifetime.Store(int64(d))
	return nil
}

// Logins is [Cloud.Logins].
func (c *CloudCalls) Logins(_ nothing, n *int64) error {
	*n = c.cloud.logins.Load()
	return nil
}

// Connections is [Cloud.Connections].
func (c *CloudCalls) Connections(_ nothing, n *int64) error {
	*n = c.cloud.accepted.Load()
	return nil
}

// Created is [Cloud.Created].
func (c *CloudCalls) Created(_ nothing, body *[]byte) error {
	kept := c.cloud.created.Load()
	if kept == nil {
		return errors.New("no server was created")
	}
	*body = *kept
	return nil
}

// Lifetime is that of tokens, unless it is set.
const Lifetime = 12 * time.Hour

// cloud allocates nothing for a request, and leaves the processor to its
// clients.
type cloud struct {
	CloudOptions
	url      string
	answers  map[string][]byte // whole answers by the beginning of the request line, "GET /v2/…"
	created  atomic.Pointer[[]byte]
	accepted atomic.Int64 // connections
	logins   atomic.Int64
	token    atomic.Pointer[string] // the only one that is accepted
	lifetime atomic.Int64           // of the next token, a time.Duration
}

// accept serves until the process ends.
func (c *cloud) accept(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			panic(err)
		}
		c.accepted.Add(1)
		go func() {
			defer conn.Close()
			c.serve(conn)
		}()
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
		if c.Latency > 0 {
			time.Sleep(c.Latency)
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
	createRequest = "POST /v2/" + Tenant + "/servers"
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
	if c.KeepBody && string(line) == createRequest {
		kept := bytes.Clone(body)
		c.created.Store(&kept)
	}
	return answer
}

// login answers with a new token.
func (c *cloud) login() []byte {
	time.Sleep(c.LoginDelay)
	id := c.issue()
	expires := time.Now().UTC().Truncate(time.Second).Add(24 * time.Hour)
	issued := expires.Add(-time.Duration(c.lifetime.Load()))
	return answerOf("200 OK", strings.NewReplacer(
		"e42a092ed6ee4d99949bf25f5f6ecc60", id,
		"2020-04-29T15:31:21Z", expires.Format("2006-01-02T15:04:05Z"),
		"2020-04-29T03:32:28.000405", issued.Format("2006-01-02T15:04:05.000000"),
		"https://kr1-api-instance-infrastructure.nhncloudservice.com", c.url,
		"https://kr1-api-block-storage-infrastructure.nhncloudservice.com", c.url,
		"f5073eaa26b64cffbee89411df94ce01", Tenant,
	).Replace(documented("identity-v2-create-token")))
}

// issue makes a token, which is the only one that is accepted from then on.
func (c *cloud) issue() string {
	id := fmt.Sprintf("%032x", c.logins.Add(1))
	c.token.Store(&id)
	return id
}

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
