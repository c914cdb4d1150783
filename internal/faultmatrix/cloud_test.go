package faultmatrix

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// answer is what a service says to a request.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func plain(status int, header ...string) answer {
	a := answer{status: status, header: http.Header{}}
	for i := 0; i < len(header); i += 2 {
		a.header.Set(header[i], header[i+1])
	}
	return a
}

func text(status int, contentType, body string) answer {
	a := plain(status, "Content-Type", contentType)
	a.body = []byte(body)
	return a
}

func jsonText(status int, body string) answer { return text(status, "application/json", body) }

// What is there from the start.
const (
	tenantID = "6cdebe3eb0094910bc41f1d42ebe4cb7"
	serverID = "3a005d5b-63cf-4493-bfc6-49db990b5b50"
	madeID   = "7a37d8ec-b1dd-4f1f-8ba1-7f7b3ed1c9d4"
)

// cloud is a service that does what it is asked to. It knows how often it was.
type cloud struct {
	*secrets
	store *store

	mu      sync.Mutex
	logins  int
	made    int // servers, instances, VPCs and key pairs
	gone    bool
	started bool
}

func newCloud(s *secrets) *cloud { return &cloud{secrets: s, store: newStore()} }

// created returns how many things were made.
func (c *cloud) created() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.made
}

// isGone reports whether what there was is deleted.
func (c *cloud) isGone() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.gone
}

// isStarted reports whether the server, or instance, was started.
func (c *cloud) isStarted() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.started
}

// answer does what a request wants.
func (c *cloud) answer(r *http.Request, body []byte) answer {
	path := r.URL.Path
	if strings.HasSuffix(path, "/tokens") {
		return c.logIn(strings.HasPrefix(path, "/v1.0/"))
	}
	if token := r.Header.Get("X-Auth-Token"); !strings.HasPrefix(token, c.token) {
		return jsonText(http.StatusUnauthorized, `{"error": {"code": 401, "title": "Unauthorized", "message": "who is this?"}}`)
	}
	switch {
	case strings.HasPrefix(path, "/v1/AUTH_"):
		return c.store.answer(r, body)
	case strings.HasPrefix(path, "/v1.0/"):
		return c.appkey(r)
	}
	return c.tenant(r)
}

// logIn hands out a token; each is another one.
func (c *cloud) logIn(envelope bool) answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.logins++
	header := ""
	if envelope {
		header = header10 + ", "
	}
	return jsonText(http.StatusOK, fmt.Sprintf(`{%s"access": {"token": {"id": "%s-%d", "expires": "2099-01-01T00:00:00Z", "issued_at": "2026-01-01T00:00:00Z",
		"tenant": {"id": %q}}, "user": {"id": "u", "roles": [{"name": "admin"}]}, "serviceCatalog": []}}`, header, c.token, c.logins, tenantID))
}

func server(id, status string) string {
	return fmt.Sprintf(`{"id": %q, "name": "web-1", "status": %q, "tenant_id": %q, "metadata": {}, "addresses": {}}`, id, status, tenantID)
}

// pages of the listing of servers, each with the marker that it comes after.
var pages = map[string]string{"": "s1", "s1": "s2", "s2": ""}

// tenant is the v2 API.
func (c *cloud) tenant(r *http.Request) answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	notFound := jsonText(http.StatusNotFound, `{"itemNotFound": {"code": 404, "message": "it could not be found"}}`)
	_, resource, _ := strings.Cut(r.URL.Path, "/"+tenantID)
	switch where := r.Method + " " + resource; {
	case r.Method == http.MethodPost && (resource == "/servers" || resource == "/os-keypairs" || r.URL.Path == "/v2.0/vpcs"):
		c.made++
		switch resource {
		case "/servers":
			return jsonText(http.StatusAccepted, fmt.Sprintf(`{"server": {"id": %q, "security_groups": [{"name": "default"}]}}`, madeID))
		case "/os-keypairs":
			return jsonText(http.StatusOK, fmt.Sprintf(`{"keypair": {"name": "key", "fingerprint": "35:9d", "private_key": %q, "public_key": "ssh-rsa AAAA", "user_id": "u"}}`, c.privateKey))
		}
		return jsonText(http.StatusOK, fmt.Sprintf(`{"vpc": {"id": %q, "name": "net", "cidrv4": "10.0.0.0/16", "state": "available"}}`, madeID))
	case where == "GET /servers/detail":
		items := ""
		if id := pages[r.URL.Query().Get("marker")]; id != "" {
			items = server(id, "ACTIVE")
		}
		return jsonText(http.StatusOK, `{"servers": [`+items+`]}`)
	case c.gone:
		return notFound
	case where == "GET /servers/"+serverID:
		return jsonText(http.StatusOK, `{"server": `+server(serverID, "ACTIVE")+`}`)
	case where == "DELETE /servers/"+serverID, r.Method == http.MethodDelete && r.URL.Path == "/v2.0/vpcs/"+serverID:
		c.gone = true
		return plain(http.StatusNoContent)
	case where == "POST /servers/"+serverID+"/action":
		c.started = true
		return plain(http.StatusAccepted)
	}
	return notFound
}

// header10 is the envelope of a success of the v1.0 API.
const header10 = `"header": {"isSuccessful": true, "resultCode": 0, "resultMessage": "SUCCESS"}`

// appkey is the v1.0 API.
func (c *cloud) appkey(r *http.Request) answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	instance := fmt.Sprintf(`{"id": %q, "name": "web-1", "status": "ACTIVE"}`, serverID)
	if c.gone {
		instance = ""
	}
	_, resource, _ := strings.Cut(r.URL.Path, c.appKey)
	switch r.Method + " " + resource {
	case "GET /instances-detail", "GET /instances":
		return jsonText(http.StatusOK, `{`+header10+`, "instances": [`+instance+`]}`)
	case "POST /instances":
		c.made++
		return jsonText(http.StatusOK, fmt.Sprintf(`{%s, "instance": {"id": %q, "name": "web-1", "status": "BUILD"}}`, header10, madeID))
	case "DELETE /instances":
		c.gone = true
		return jsonText(http.StatusOK, `{`+header10+`}`)
	case "POST /instances/" + serverID + "/action":
		c.started = true
		return jsonText(http.StatusOK, `{`+header10+`}`)
	}
	return jsonText(http.StatusOK, `{"header": {"isSuccessful": false, "resultCode": 10404, "resultMessage": "not found"}}`)
}

// secrets are what no text may tell. Each has what the escapings change.
type secrets struct {
	password, token, userData, privateKey, urlKey string
	appKey                                        string
}

func newSecrets(cell int) *secrets {
	of := func(name, odd string) string { return fmt.Sprintf("%s%s-%d-sEcReT", name, odd, cell) }
	return &secrets{
		password: of("pass", `"w<&+/\ß'`), token: of("token", "/+="), userData: of("data", "#!/bin/sh\n\"<&>"),
		privateKey: of("key", ""), urlKey: of("temp", `"&<+`), appKey: fmt.Sprintf("wZbYtXaQkLmN%05d", cell),
	}
}

// toldIn returns one of the secrets that a text has in it, in whatever form, or
// "".
func toldIn(text []byte, secrets []string) string {
	for _, secret := range secrets {
		for _, form := range formsOf(secret) {
			if bytes.Contains(text, []byte(form)) {
				return form
			}
		}
	}
	return ""
}

// marshaled is a value as JSON.
func marshaled(value any) string {
	b, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func decimal(n int) string { return strconv.Itoa(n) }
