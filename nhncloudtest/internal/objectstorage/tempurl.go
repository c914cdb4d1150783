package objectstorage

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"
	"net/http"
	"net/netip"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// tempURL answers a call that shows a signature instead of a token.
func (c *call) tempURL(handler func(*call) *frame.Reply) *frame.Reply {
	invalid := textReply(http.StatusUnauthorized, htmlType, "401 Unauthorized: Temp URL invalid\n")
	invalid.Header["Www-Authenticate"] = challenge(c.Call, "unknown")
	newHash, signature := parseSignature(c.Query.Get("temp_url_sig"))
	expires := parseExpires(c.Query.Get("temp_url_expires"))
	// A prefix of nothing opens a container, for its pages as a website alone.
	home := c.container != "" && c.Query.Has("temp_url_prefix") && c.Query.Get("temp_url_prefix") == "" &&
		(c.Request.Method == http.MethodGet || c.Request.Method == http.MethodHead)
	if newHash == nil || c.object == "" && !home || c.Request.Method == "COPY" || expires < c.Now.Unix() || !c.inIPRange() {
		return invalid
	}
	scope, signed := "", c.object
	if c.Query.Has("temp_url_prefix") {
		scope, signed = "prefix:", c.Query.Get("temp_url_prefix")
		if !strings.HasPrefix(c.object, signed) {
			return invalid
		}
	}
	signed = "/v1/" + c.account.name + "/" + c.container + "/" + signed
	methods := []string{c.Request.Method}
	if c.Request.Method == http.MethodHead {
		methods = []string{"HEAD", "GET", "POST", "PUT"}
	}
	for _, method := range methods {
		// Elsewhere nothing stands before the version, so that clients may sign
		// the path with or without what does so here.
		for _, before := range []string{"", c.Region.Prefix + "/object-store"} {
			message := fmt.Sprintf("%s\n%d\n%s%s%s", method, expires, scope, before, signed)
			if c.Query.Has("temp_url_ip_range") {
				message = "ip=" + c.Query.Get("temp_url_ip_range") + "\n" + message
			}
			if pass := c.signedBy(newHash, []byte(message), signature); pass != nil {
				c.who = visitor{ip: c.who.ip, pass: pass, prefix: c.Query.Get("temp_url_prefix"), query: linkQuery(c.Query)}
			}
		}
	}
	if c.who.pass == nil {
		return invalid
	}
	if c.Request.Method == http.MethodPut || c.Request.Method == http.MethodPost {
		// What reaches beyond the object that was signed.
		for _, name := range []string{"X-Object-Manifest", "X-Symlink-Target"} {
			if c.Request.Header[name] != nil {
				return textReply(http.StatusBadRequest, htmlType, "The header '%s' is not allowed in this tempurl", name)
			}
		}
	}
	query := c.Query
	c.Query = url.Values{} // nothing else in it counts
	var rep *frame.Reply
	if c.wantsPage() {
		rep = c.page()
	} else {
		rep = c.withCORS(handler)
	}
	if c.object == "" && rep.Status < 300 && !c.listed {
		drop(rep)
		return invalid
	}
	if rep != nil {
		c.disguise(rep, query, expires)
	}
	return rep
}

// linkQuery is what makes a link to another object that a temporary URL with a
// prefix opens.
func linkQuery(query url.Values) string {
	if !query.Has("temp_url_prefix") {
		return ""
	}
	var parts []string
	for _, name := range []string{"temp_url_prefix", "temp_url_expires", "temp_url_sig", "temp_url_ip_range"} {
		if query.Has(name) {
			parts = append(parts, name+"="+quotePath(query.Get(name)))
		}
	}
	if query.Has("inline") {
		parts = append(parts, "inline")
	}
	return "?" + strings.Join(parts, "&")
}

// disguise takes the metadata out of an answer and says under which name to
// keep the object.
func (c *call) disguise(r *frame.Reply, query url.Values, expires int64) {
	for k := range r.Header {
		if strings.HasPrefix(k, "X-Object-Meta-") && !strings.HasPrefix(k, "X-Object-Meta-Public-") {
			r.Header.Del(k)
		}
	}
	if r.Status >= 300 || c.Request.Method != http.MethodGet && c.Request.Method != http.MethodHead {
		return
	}
	filename := query.Get("filename")
	kind := "attachment"
	if query.Has("inline") || c.listed {
		kind = "inline"
	}
	switch own := r.Header.Get("Content-Disposition"); {
	case filename != "":
		r.Header.Set("Content-Disposition", disposition(kind, filename))
	case kind == "inline":
		r.Header.Set("Content-Disposition", kind)
	case own == "":
		r.Header.Set("Content-Disposition", disposition(kind, path.Base(c.object)))
	}
	r.Header.Set("Expires", time.Unix(expires, 0).UTC().Format(http.TimeFormat))
}

func disposition(kind, filename string) string {
	quoted := quotePath(filename)
	return fmt.Sprintf(`%s; filename="%s"; filename*=UTF-8''%s`, kind, strings.ReplaceAll(quoted, "%20", " "), quoted)
}

// signedBy compares a signature with those of all keys, and gives what the
// fitting key opens: the account or the container.
func (c *call) signedBy(newHash func() hash.Hash, message, signature []byte) func(account, container string) bool {
	fits := func(key string) bool {
		mac := hmac.New(newHash, []byte(key))
		_, _ = mac.Write(message)
		return key != "" && hmac.Equal(mac.Sum(nil), signature)
	}
	account, container := c.account.name, c.container
	cont := c.account.containers[container]
	for _, suffix := range []string{"Temp-Url-Key", "Temp-Url-Key-2"} {
		if fits(c.account.meta["X-Account-Meta-"+suffix]) {
			return func(a, _ string) bool { return a == account }
		}
		if cont != nil && fits(cont.settings["X-Container-Meta-"+suffix]) {
			return func(a, other string) bool { return a == account && other == container }
		}
	}
	return nil
}

// parseSignature reads a signature in hexadecimal, whose length tells the
// hash, or in base64 after the name of the hash.
func parseSignature(text string) (func() hash.Hash, []byte) {
	hashes := map[string]func() hash.Hash{"sha1": sha1.New, "sha256": sha256.New, "sha512": sha512.New}
	if name, encoded, ok := strings.Cut(text, ":"); ok {
		encoded = strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(encoded, "="))
		signature, err := base64.RawStdEncoding.DecodeString(encoded)
		if err != nil {
			return nil, nil
		}
		return hashes[name], signature
	}
	signature, err := hex.DecodeString(text)
	if err != nil {
		return nil, nil
	}
	return hashes[map[int]string{20: "sha1", 32: "sha256", 64: "sha512"}[len(signature)]], signature
}

// parseExpires reads a Unix time or an ISO 8601 one in UTC; 0 for anything else.
func parseExpires(text string) int64 {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n
	}
	if t, err := time.Parse("2006-01-02T15:04:05Z", text); err == nil {
		return t.Unix()
	}
	return 0
}

func (c *call) inIPRange() bool {
	if !c.Query.Has("temp_url_ip_range") {
		return true
	}
	text := c.Query.Get("temp_url_ip_range")
	if ip, err := netip.ParseAddr(text); err == nil {
		return ip == c.who.ip
	}
	network, err := netip.ParsePrefix(text)
	return err == nil && network.Masked() == network && network.Contains(c.who.ip)
}
