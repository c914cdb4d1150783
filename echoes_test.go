package nhncloud_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

// A service may repeat what it was sent, in the form in which it has it.
var echoes = map[string]string{
	"user data":          userData,
	"user data as sent":  base64.StdEncoding.EncodeToString([]byte(userData)),
	"beginning of it":    base64.StdEncoding.EncodeToString([]byte(userData))[:100],
	"JSON":               jsonText(userData),
	"HTML":               html.EscapeString(userData),
	"query":              url.QueryEscape(userData),
	"path":               url.PathEscape(userData),
	"temp URL key":       tempURLKey,
	"temp URL key, JSON": jsonText(tempURLKey),
	"signature":          "sig-" + marker,
	"token":              "token-" + marker,
	"password":           apiPassword,
	"password, query":    url.QueryEscape(apiPassword),
	"Basic":              "Proxy-Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte("user:"+marker)),
}

var (
	userData    = "#!/bin/sh\n" + strings.Repeat("echo <"+marker+"> \"&\" "+marker+"\n", 200)
	tempURLKey  = `key/"` + marker + `"+`
	apiPassword = `pass<word>&"` + marker
)

func jsonText(s string) string {
	b, _ := json.Marshal(s)
	return string(b[1 : len(b)-1])
}

// secretRequest is a call that sends secrets in every place.
func secretRequest() nhncloud.Request {
	encoded := base64.StdEncoding.EncodeToString([]byte(userData))
	r := createRequest()
	r.Body = map[string]string{"user_data": encoded}
	r.Secrets = []nhncloud.Secret{nhncloud.Secret(userData)}
	r.Header = http.Header{"X-Container-Meta-Temp-Url-Key": {tempURLKey}}
	r.Query = url.Values{"temp_url_sig": {"sig-" + marker}}
	return r
}

// secretClient returns a client with secrets and a log.
func secretClient(t *testing.T, endpoint string, options ...nhncloud.Option) (*nhncloud.Client, *bytes.Buffer) {
	t.Helper()
	log := new(bytes.Buffer)
	config := goodConfig()
	config.Password = nhncloud.Secret(apiPassword)
	config.Endpoints = map[nhncloud.Service]string{nhncloud.ServiceCompute: endpoint}
	client, err := nhncloud.NewClient(config, append([]nhncloud.Option{
		nhncloud.WithTokenSource(nhncloud.StaticToken("token-" + marker)), nhncloud.WithRetry(nhncloud.NoRetry),
		nhncloud.WithLogger(slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))),
	}, options...)...)
	require.NoError(t, err)
	return client, log
}

// assertNoEcho looks for what the call sent wherever a program could print it.
func assertNoEcho(t *testing.T, err error, captured nhncloud.Response, log *bytes.Buffer) {
	t.Helper()
	e := asError(t, err)
	shown := []string{err.Error(), log.String(), string(e.Body), fmt.Sprint(captured, e.Header, e.RequestID)}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		shown = append(shown, fmt.Sprintf(verb, err), fmt.Sprintf(verb, e), fmt.Sprintf(verb, *e), fmt.Sprintf(verb, e.Err), fmt.Sprintf(verb, e.LogValue()))
	}
	asJSON, jsonErr := json.Marshal(e)
	require.NoError(t, jsonErr)
	shown = append(shown, string(asJSON))
	for cause := error(e); cause != nil; cause = errors.Unwrap(cause) {
		shown = append(shown, cause.Error())
	}
	encoded := base64.StdEncoding.EncodeToString([]byte(userData))
	for _, text := range shown {
		assert.NotContains(t, strings.ToLower(text), strings.ToLower(marker))
		assert.NotContains(t, text, encoded[20:60])
	}
}

func TestEchoesInAnswers(t *testing.T) {
	t.Parallel()
	for name, echo := range echoes {
		for place, reply := range map[string]step{
			"message":           answer(400, `{"badRequest": {"code": 400, "message": "Invalid: `+jsonText(echo)+` is wrong"}}`),
			"page":              answer(502, "<html><h1>Bad Gateway</h1>"+echo+"</html>"),
			"beginning":         answer(200, echo),
			"value":             answer(200, `{"thing": {"id": ["`+jsonText(echo)+`"]}}`),
			"name":              answer(200, `{"thing": {"`+jsonText(echo)+`": x}}`),
			"cut off in it":     answer(400, `{"badRequest": {"code": 400, "message": "Invalid: `+jsonText(echo)),
			"beyond the bounds": answer(400, `{"badRequest": {"code": 400, "message": "`+strings.Repeat("x", 16<<10-30)+jsonText(echo)+`"}}`),
			"request id":        answer(404, "", "X-Openstack-Request-Id", strings.ReplaceAll(echo, "\n", " ")),
			"headers":           answer(401, "", "Www-Authenticate", strings.ReplaceAll(echo, "\n", " "), "X-Debug", strings.ReplaceAll(echo, "\n", " ")),
			"headers of a success": answer(200, "{", "X-Debug", strings.ReplaceAll(echo, "\n", " "), "X-Auth-Token", marker, "Set-Cookie", marker,
				"X-Container-Meta-Temp-Url-Key", marker, "X-Trans-Id", strings.ReplaceAll(echo, "\n", " ")),
			"no answer": fails(errors.New("malformed HTTP response " + fmt.Sprintf("%q", echo))),
		} {
			t.Run(name+", "+place, func(t *testing.T) {
				t.Parallel()
				client, log := secretClient(t, "https://compute.example.com/v2",
					nhncloud.WithHTTPClient(&http.Client{Transport: nhncloud.RoundTripperFunc(reply)}))
				var captured nhncloud.Response
				err := client.Do(nhncloud.CaptureResponse(t.Context(), &captured), secretRequest(), new(thing))
				assertNoEcho(t, err, captured, log)
				if strings.Contains(place, "message") {
					assert.ErrorContains(t, err, "Invalid: ")
					assert.Equal(t, "badRequest", asError(t, err).Code)
				}
			})
		}
	}
}

// What net/http fails with quotes lines of the answer.
func TestEchoesInBrokenAnswers(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string]string{
		"no HTTP":          "ECHO\r\n\r\n",
		"status":           "HTTP/1.1 ECHO\r\n\r\n",
		"version":          "HTTP/ECHO 200 OK\r\n\r\n",
		"header line":      "HTTP/1.1 200 OK\r\nECHO\r\n\r\n",
		"header name":      "HTTP/1.1 200 OK\r\n ECHO : x\r\n\r\n",
		"length":           "HTTP/1.1 200 OK\r\nContent-Length: ECHO\r\n\r\n",
		"transfer":         "HTTP/1.1 200 OK\r\nTransfer-Encoding: ECHO\r\n\r\n",
		"location":         "HTTP/1.1 302 Found\r\nLocation: http://%zz/ECHO\r\nContent-Length: 0\r\n\r\n",
		"location, here":   "HTTP/1.1 302 Found\r\nLocation: /ECHO\r\nContent-Length: 0\r\n\r\n",
		"location, scheme": "HTTP/1.1 302 Found\r\nLocation: x-ECHO://y\r\nContent-Length: 0\r\n\r\n",
		"status text":      "HTTP/1.1 418 ECHO\r\nContent-Length: 0\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, echo := range []string{"token-" + marker, url.QueryEscape(apiPassword), echoes["Basic"]} {
				address := rawServer(t, strings.ReplaceAll(raw, "ECHO", echo))
				transport := &http.Transport{}
				t.Cleanup(transport.CloseIdleConnections)
				client, log := secretClient(t, "http://"+address, nhncloud.WithHTTPClient(&http.Client{Transport: transport}))
				request := secretRequest()
				request.Method = http.MethodGet
				var captured nhncloud.Response
				err := client.Do(nhncloud.CaptureResponse(t.Context(), &captured), request, new(thing))
				assertNoEcho(t, err, captured, log)
			}
		})
	}
}

// rawServer answers each connection with the same bytes.
func rawServer(t *testing.T, reply string) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			if r, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
				_, _ = io.Copy(io.Discard, r.Body)
				_, _ = io.WriteString(conn, reply)
			}
			_ = conn.Close()
		}
	}()
	return listener.Addr().String()
}

// A proxy that refuses a CONNECT may repeat the header of it.
func TestEchoOfAProxy(t *testing.T) {
	t.Parallel()
	credential := base64.StdEncoding.EncodeToString([]byte("user:" + marker))
	address := rawServer(t, "HTTP/1.1 407 Refused: Proxy-Authorization: Basic "+credential+"\r\nContent-Length: 0\r\n\r\n")
	transport := &http.Transport{Proxy: http.ProxyURL(&url.URL{Scheme: "http", Host: address, User: url.UserPassword("user", marker)})}
	client, log := secretClient(t, "https://compute.example.com/v2", nhncloud.WithHTTPClient(&http.Client{Transport: transport}))
	err := client.Do(t.Context(), secretRequest(), new(thing))
	assert.ErrorContains(t, err, "Basic [REDACTED]")
	assert.NotContains(t, err.Error(), credential)
	assertNoEcho(t, err, nhncloud.Response{}, log)
}

// Middleware may print the request that it gets with any verb.
func TestPrintedRequests(t *testing.T) {
	t.Parallel()
	var printed strings.Builder
	middleware := func(next http.RoundTripper) http.RoundTripper {
		return nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
			r = r.Clone(context.WithValue(r.Context(), contextKey{}, "value"))
			r.Header = nil // where the token has to be
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
				fmt.Fprintf(&printed, verb, r)
				fmt.Fprintf(&printed, verb, *r)
				fmt.Fprintf(&printed, verb, r.Context())
				fmt.Fprintf(&printed, verb, struct{ ctx context.Context }{r.Context()})
				fmt.Fprintf(&printed, verb, []any{struct{ r http.Request }{*r}})
			}
			return next.RoundTrip(r)
		})
	}
	client, _ := secretClient(t, "https://compute.example.com/v2", nhncloud.WithMiddleware(middleware),
		nhncloud.WithHTTPClient(&http.Client{Transport: nhncloud.RoundTripperFunc(answer(200, thingAnswer))}))
	request := secretRequest()
	request.Query = nil
	request.Body = struct {
		Password string `json:"password"`
	}{marker}
	require.NoError(t, client.Do(t.Context(), request, new(thing)))
	assert.NotEmpty(t, printed.String())
	assert.NotContains(t, printed.String(), marker)
	assert.NotContains(t, printed.String(), fmt.Sprintf("%x", marker))
}
