package objectstorage

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/nhncloud-go/nhncloud"
)

// TempURLHash is the hash of a signature. It is an open type.
type TempURLHash string

// The hashes of a signature.
const (
	TempURLSHA256 TempURLHash = "sha256"
	TempURLSHA512 TempURLHash = "sha512"
	TempURLSHA1   TempURLHash = "sha1" // for services that know no other
)

// TempURLOptions says what a temporary URL is good for.
type TempURLOptions struct {
	// Method is what may be done. It is GET when empty; what is good for GET,
	// PUT or POST is so for HEAD.
	Method    string
	Container string
	Name      string // of the object
	// Prefix makes the URL good for all objects of the container whose names
	// begin with it. It is then a URL of the object Name, or of one that has
	// the prefix for its name, and the others differ from it in their path.
	Prefix *string
	// Expires and Lifetime tell the end, of which exactly one is to be given.
	// Lifetime is counted from now by the clock of this machine.
	Expires  time.Time
	Lifetime time.Duration
	IPRange  netip.Prefix // addresses that may use it; all when it is zero
	Hash     TempURLHash  // TempURLSHA256 when empty
	Filename string       // that a browser proposes to save it under; the name of the object when empty
	Inline   bool         // lets a browser show it rather than save it
}

// SignTempURL returns a URL by which anyone can use an object without a token,
// until it ends or the key changes. It sends nothing. The key is that of
// [ContainersService.SetTempURLKey]; the storage URL is that of the account,
// such as
//
//	https://kr1-api-object-storage.nhncloudservice.com/v1/AUTH_6dbc368b94894416bec4cdfc65b5e067
//
// Whoever has the URL can use it, so it is as secret as what it opens.
func SignTempURL(storageURL string, key nhncloud.Secret, options TempURLOptions) (string, error) {
	base, account, err := storageAccount(storageURL)
	if err != nil {
		return "", err
	}
	if key == "" {
		return "", nhncloud.NewArgumentError("", "key", "must not be empty")
	}
	o := options
	if err := o.complete(); err != nil {
		return "", err
	}
	// The service signs the path as it reads it, without escapes and without
	// what may stand before the version.
	path := account + "/" + o.Container + "/" + o.Name
	query := url.Values{"temp_url_expires": {strconv.FormatInt(o.Expires.Unix(), 10)}}
	if o.Prefix != nil {
		path = "prefix:" + account + "/" + o.Container + "/" + *o.Prefix
		query.Set("temp_url_prefix", *o.Prefix)
	}
	message := o.Method + "\n" + query.Get("temp_url_expires") + "\n" + path
	if o.IPRange.IsValid() {
		network := networkText(o.IPRange.Masked())
		message = "ip=" + network + "\n" + message
		query.Set("temp_url_ip_range", network)
	}
	query.Set("temp_url_sig", o.Hash.sign(key, message))
	if o.Filename != "" {
		query.Set("filename", o.Filename)
	}
	if o.Inline {
		query.Set("inline", "")
	}
	object := strings.ReplaceAll(url.PathEscape(o.Name), "%2F", "/")
	return base + "/" + url.PathEscape(o.Container) + "/" + object + "?" + query.Encode(), nil
}

// TempURL is [SignTempURL] for the account of the client. It sends nothing, but
// for a login where there is no token yet.
func (s *ObjectsService) TempURL(ctx context.Context, key nhncloud.Secret, options TempURLOptions) (string, error) {
	account, err := s.client.URL(ctx, nhncloud.Request{Service: nhncloud.ServiceObjectStorage, Method: http.MethodGet, Path: "/v1/{Account}"})
	if err != nil {
		return "", err
	}
	return SignTempURL(account.String(), key, options)
}

// OpenTempURL opens an object by a temporary URL for reading, without a token.
// Close the body of the answer. A URL that has ended, or whose key has changed,
// is an [nhncloud.ErrUnauthorized]. No error shows the signature, not even of a
// URL that is not well formed.
//
// API: GET /v1/{Account}/{Container}/{Object} (objectstorage-temp-url; Storage-Object-Storage en/cli-guide.md)
func (s *ObjectsService) OpenTempURL(ctx context.Context, tempURL string) (*http.Response, error) {
	const operation = "objectstorage-temp-url"
	u, query, fault := parseTempURL(tempURL)
	if fault != "" {
		return nil, nhncloud.NewArgumentError(operation, "tempURL", fault)
	}
	base, path, found := strings.Cut(u.Path, "/v1/")
	segments := strings.SplitN(path, "/", 3)
	if !found || len(segments) < 3 {
		return nil, nhncloud.NewArgumentError(operation, "tempURL", "is not the URL of an object")
	}
	client, err := s.client.With(nhncloud.WithEndpoint(nhncloud.ServiceObjectStorage, u.Scheme+"://"+u.Host+base))
	if err != nil {
		return nil, err
	}
	return client.Open(ctx, nhncloud.Request{
		Operation:    operation,
		Service:      nhncloud.ServiceObjectStorage,
		Method:       http.MethodGet,
		Path:         "/v1/{Owner}/{Container}/{Object...}",
		Args:         segments,
		Query:        query,
		Header:       http.Header{"Accept": acceptAll, "Accept-Encoding": acceptStored},
		Anonymous:    true,
		SuccessCodes: codesOKOrPartial,
	})
}

// parseTempURL reads a temporary URL, or says what is wrong with it, without a
// word of it: what is not well formed has its signature anywhere.
func parseTempURL(tempURL string) (u *url.URL, query url.Values, fault string) {
	u, err := url.Parse(tempURL)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, nil, "is not the URL of an object"
	}
	if u.User != nil || strings.Contains(tempURL, "#") {
		return nil, nil, "must have neither a user nor a fragment"
	}
	query, err = url.ParseQuery(u.RawQuery)
	if err != nil || strings.ContainsFunc(u.RawQuery, func(c rune) bool { return c <= ' ' || c >= 0x7f }) {
		return nil, nil, "has a query that is not well formed"
	}
	for name := range query {
		if lower := strings.ToLower(name); lower != name && strings.HasPrefix(lower, "temp_url_") {
			return nil, nil, "has a parameter whose name is not in lower case"
		}
	}
	if len(query["temp_url_sig"]) != 1 || len(query["temp_url_expires"]) != 1 {
		return nil, nil, "must have one temp_url_sig and one temp_url_expires"
	}
	return u, query, ""
}

// storageAccount takes the slash off the end of a storage URL, and returns the
// part of it that is signed.
func storageAccount(storageURL string) (base, account string, err error) {
	base = strings.TrimSuffix(storageURL, "/")
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.User != nil || strings.ContainsAny(base, "?#") {
		return "", "", nhncloud.NewArgumentError("", "storageURL", "is not an https URL of an account")
	}
	segments := strings.Split(u.Path, "/")
	if n := len(segments); n >= 3 && segments[n-2] == "v1" && segments[n-1] != "" {
		return base, "/v1/" + segments[n-1], nil
	}
	return "", "", nhncloud.NewArgumentError("", "storageURL", "must end in /v1/ and the account")
}

// complete fills in what is left out and refuses what can't be signed.
func (o *TempURLOptions) complete() error {
	if o.Method == "" {
		o.Method = http.MethodGet
	}
	if o.Hash == "" {
		o.Hash = TempURLSHA256
	}
	if o.Name == "" && o.Prefix != nil {
		o.Name = *o.Prefix
	}
	switch {
	case o.Expires.IsZero() == (o.Lifetime == 0):
		return nhncloud.NewArgumentError("", "Expires", "must be set, or Lifetime, and not both")
	case o.Lifetime < 0:
		return nhncloud.NewArgumentError("", "Lifetime", "must not be negative")
	case o.Lifetime > 0:
		o.Expires = time.Now().Add(o.Lifetime)
	case o.Expires.Unix() <= 0:
		return nhncloud.NewArgumentError("", "Expires", "must be after 1970")
	}
	switch {
	case strings.Trim(o.Method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "":
		return nhncloud.NewArgumentError("", "Method", "is not one: "+strconv.Quote(o.Method))
	case o.Hash.new() == nil:
		return nhncloud.NewArgumentError("", "Hash", "is not one of sha256, sha512, sha1: "+strconv.Quote(string(o.Hash)))
	case o.Name == "" && o.Prefix == nil:
		return nhncloud.NewArgumentError("", "Name", "must not be empty without a Prefix")
	case o.Prefix != nil && !strings.HasPrefix(o.Name, *o.Prefix):
		return nhncloud.NewArgumentError("", "Name", "must begin with the Prefix")
	case !utf8.ValidString(o.Name):
		return nhncloud.NewArgumentError("", "Name", "must be UTF-8")
	}
	if dots := dotSegment(o.Name); dots != "" { // clients would take it for a way to another object
		return nhncloud.NewArgumentError("", "Name", "must not have "+strconv.Quote(dots)+" between slashes")
	}
	return checkContainer("", "Container", o.Container)
}

// new returns the constructor of the hash, or nil.
func (h TempURLHash) new() func() hash.Hash {
	switch h {
	case TempURLSHA1:
		return sha1.New
	case TempURLSHA256:
		return sha256.New
	case TempURLSHA512:
		return sha512.New
	}
	return nil
}

// sign signs a message in the form in which every service takes it.
func (h TempURLHash) sign(key nhncloud.Secret, message string) string {
	mac := hmac.New(h.new(), []byte(key))
	_, _ = mac.Write([]byte(message))
	if h == TempURLSHA512 {
		return "sha512:" + base64.URLEncoding.EncodeToString(mac.Sum(nil))
	}
	return hex.EncodeToString(mac.Sum(nil))
}
