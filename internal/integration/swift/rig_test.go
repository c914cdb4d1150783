package swift_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A Rig is a running Swift, and a login to it.
type Rig struct {
	AuthURL    string // of the v1.0 login; empty where only a token is given
	StorageURL string // of the account, without a slash at its end
	User, Key  string
	Token      string
	Client     *http.Client // lasts as long as the test
}

// Start returns the Swift that the environment names, and skips the test where
// it names none. NHNCLOUD_SWIFT_URL is the URL of the account; it goes with
// NHNCLOUD_SWIFT_TOKEN, or with NHNCLOUD_SWIFT_AUTH_URL, _USER and _KEY for a
// login. start.sh prints all but the token.
func Start(t testing.TB) *Rig {
	t.Helper()
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = nil
	t.Cleanup(transport.CloseIdleConnections)
	r := &Rig{
		AuthURL:    os.Getenv("NHNCLOUD_SWIFT_AUTH_URL"),
		StorageURL: strings.TrimSuffix(os.Getenv("NHNCLOUD_SWIFT_URL"), "/"),
		User:       os.Getenv("NHNCLOUD_SWIFT_USER"),
		Key:        os.Getenv("NHNCLOUD_SWIFT_KEY"),
		Token:      os.Getenv("NHNCLOUD_SWIFT_TOKEN"),
		Client:     &http.Client{Transport: transport},
	}
	if r.StorageURL == "" || r.Token == "" && r.AuthURL == "" {
		t.Skip("no Swift: the environment has no NHNCLOUD_SWIFT_URL with a token or a login; internal/integration/swift/start.sh prints them")
	}
	if r.Token == "" {
		r.Token = r.Login(t, r.User, r.Key)
	}
	return r
}

// Login returns a token of a user; the test is skipped where there is no login.
// Of the users of start.sh, test:reader (key "reading") can do in the account
// only what its ACLs allow, and other:other (key "othering") owns another one.
func (r *Rig) Login(t testing.TB, user, key string) string {
	t.Helper()
	if r.AuthURL == "" {
		t.Skip("no login: the environment has no NHNCLOUD_SWIFT_AUTH_URL")
	}
	a := r.Send(t, http.MethodGet, r.AuthURL, nil, "X-Auth-User", user, "X-Auth-Key", key)
	require.Equal(t, http.StatusOK, a.status, "login of %s", user)
	return a.header.Get("X-Auth-Token")
}

// Info is what Swift tells of itself.
type Info struct {
	Swift struct {
		Version     string `json:"version"`
		MaxFileSize int64  `json:"max_file_size"`
	} `json:"swift"`
	SLO struct {
		MaxManifestSegments int `json:"max_manifest_segments"`
		MinSegmentSize      int `json:"min_segment_size"`
	} `json:"slo"`
	TempURL struct {
		Methods        []string `json:"methods"`
		AllowedDigests []string `json:"allowed_digests"`
	} `json:"tempurl"`
	BulkDelete *struct {
		MaxDeletesPerRequest int `json:"max_deletes_per_request"`
	} `json:"bulk_delete"` // nil where there is none
}

// Info asks Swift for what it can do.
func (r *Rig) Info(t testing.TB) Info {
	t.Helper()
	u, err := url.Parse(r.StorageURL)
	require.NoError(t, err)
	a := r.Send(t, http.MethodGet, u.Scheme+"://"+u.Host+"/info", nil)
	require.Equal(t, http.StatusOK, a.status)
	var info Info
	require.NoError(t, json.Unmarshal([]byte(a.body), &info))
	return info
}

// Path returns the path of a container or an object, escaped and below the URL
// of the account. Slashes in the name of an object stay.
func Path(container string, object ...string) string {
	path := "/" + url.PathEscape(container)
	for _, name := range object {
		for segment := range strings.SplitSeq(name, "/") {
			path += "/" + url.PathEscape(segment)
		}
	}
	return path
}

// Container creates a container with the headers given, in pairs of name and
// value. It removes the container, with all that is in it, after the test.
func (r *Rig) Container(t testing.TB, headers ...string) string {
	t.Helper()
	name := fmt.Sprintf("nhncloud-test-%08x", rand.Uint32())
	r.Want(t, http.StatusCreated, http.MethodPut, Path(name), nil, headers...)
	t.Cleanup(func() { r.remove(t, name) })
	return name
}

// remove empties a container and deletes it.
func (r *Rig) remove(t testing.TB, container string) {
	t.Helper()
	gone := []int{http.StatusNoContent, http.StatusNotFound}
	// With versioning on, old versions would come back, or go on to be kept.
	off := r.Do(t, http.MethodPost, Path(container), nil, "X-History-Location", "", "X-Versions-Location", "")
	if off.status == http.StatusNotFound {
		return
	}
	for _, object := range r.List(t, container, "") {
		a := r.Do(t, http.MethodDelete, Path(container, object.Name), nil)
		assert.Contains(t, gone, a.status, a.body)
	}
	a := r.Do(t, http.MethodDelete, Path(container), nil)
	assert.Contains(t, gone, a.status, a.body)
}

// An Entry is one of a listing: an object, or a prefix up to a delimiter.
type Entry struct {
	Name         string `json:"name"`
	Bytes        int64  `json:"bytes"`
	Hash         string `json:"hash"`
	SLOETag      string `json:"slo_etag"`
	ContentType  string `json:"content_type"`
	LastModified string `json:"last_modified"`
	Subdir       string `json:"subdir"`
}

// List returns a page of the objects of a container. The query begins with an
// ampersand.
func (r *Rig) List(t testing.TB, container, query string) []Entry {
	t.Helper()
	a := r.Want(t, http.StatusOK, http.MethodGet, Path(container)+"?format=json"+query, nil)
	var entries []Entry
	require.NoError(t, json.Unmarshal([]byte(a.body), &entries))
	return entries
}

// names are the names, and the prefixes, of a listing.
func names(entries []Entry) []string {
	names := []string{}
	for _, e := range entries {
		names = append(names, e.Name+e.Subdir)
	}
	return names
}

// An answer is a response that was read to its end.
type answer struct {
	status int
	header http.Header
	body   string
}

// etag is the ETag as it was sent, quoted or not.
func (a answer) etag() string { return a.header.Get("Etag") }

// Want is [Rig.Do] that expects a status.
func (r *Rig) Want(t testing.TB, status int, method, path string, body io.Reader, headers ...string) answer {
	t.Helper()
	a := r.Do(t, method, path, body, headers...)
	require.Equal(t, status, a.status, "%s %s: %s", method, clip(path), a.body)
	return a
}

// Do is [Rig.Send] with the token of the rig to a path below the URL of the
// account.
func (r *Rig) Do(t testing.TB, method, path string, body io.Reader, headers ...string) answer {
	t.Helper()
	return r.Send(t, method, r.StorageURL+path, body, append([]string{"X-Auth-Token", r.Token}, headers...)...)
}

// Send sends a request and returns the answer; the log of the test gets both.
// Headers are pairs of name and value, of which the last one of a name counts.
func (r *Rig) Send(t testing.TB, method, target string, body io.Reader, headers ...string) answer {
	t.Helper()
	// The end of a test sends requests too, when t.Context() is done.
	req, err := http.NewRequest(method, target, body)
	require.NoError(t, err)
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	a, err := r.roundTrip(t, req)
	require.NoError(t, err)
	return a
}

func (r *Rig) roundTrip(t testing.TB, req *http.Request) (answer, error) {
	t.Helper()
	resp, err := r.Client.Do(req)
	if err != nil {
		return answer{}, err
	}
	data, err := io.ReadAll(resp.Body)
	assert.NoError(t, resp.Body.Close())
	t.Logf("%s %s\n%s--> %s\n%s%s", req.Method, clip(req.URL.RequestURI()), dump(req.Header), resp.Status, dump(resp.Header), clip(string(data)))
	return answer{resp.StatusCode, resp.Header, string(data)}, err
}

// dump prints headers for the log.
func dump(header http.Header) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(header)) {
		for _, value := range header[name] {
			switch name {
			case "X-Auth-Token", "X-Storage-Token", "X-Auth-Key", "X-Container-Meta-Temp-Url-Key":
				value = "***"
			}
			fmt.Fprintf(&b, "    %s: %s\n", name, clip(value))
		}
	}
	return b.String()
}

// clip keeps the log readable.
func clip(s string) string {
	const most = 1000
	if len(s) > most {
		return fmt.Sprintf("%s… (%d bytes)", strings.ToValidUTF8(s[:most], ""), len(s))
	}
	return s
}
