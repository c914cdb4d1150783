package main

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/json"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

//go:embed page
var files embed.FS

// page is what the program serves besides the cloud: a page at / that shows what
// is there and what was asked of it, and below /_page/ what that needs. None of it
// is a path of the cloud.
//
// Names are made by clients, and may be HTML: the script puts them in as text only,
// and the policy of the page lets nothing run but that script. Headers, bodies and
// queries of requests are not shown, because tokens and passwords are in them.
type page struct {
	every time.Duration // looks for something new
	cloud atomic.Pointer[nhncloudtest.Server]

	mu     sync.Mutex // guards all below
	looked time.Time
	shown  []byte
}

// show sets the cloud that is shown.
func (p *page) show(cloud *nhncloudtest.Server) { p.cloud.Store(cloud) }

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// ServeHTTP serves the page to who reaches it by an address of this machine. Under
// any other name it might be a site that was made to lead here.
func (p *page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	switch {
	case !local(r.Host):
		http.Error(w, "The page is shown under a loopback address only.", http.StatusMisdirectedRequest)
	case r.URL.Path != "/" && !strings.HasPrefix(r.URL.Path, "/_page/"):
		notFound(w)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "The page can only be read.", http.StatusMethodNotAllowed)
	case p.cloud.Load() == nil:
		http.Error(w, "The cloud is not up yet.", http.StatusServiceUnavailable)
	case r.URL.Path == "/":
		http.ServeFileFS(w, r, files, "page/page.html")
	case r.URL.Path == "/_page/events":
		p.events(w, r)
	case r.URL.Path == "/_page/page.js" || r.URL.Path == "/_page/page.css":
		http.ServeFileFS(w, r, files, r.URL.Path[len("/_"):])
	default:
		notFound(w)
	}
}

// notFound answers as the cloud does without a page, for clients that look around.
func notFound(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusNotFound)
	_, _ = w.Write([]byte(`{"error":{"code":404,"message":"The resource could not be found.","title":"Not Found"}}`))
}

// local tells whether a host is one that no other site can have.
func local(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = strings.Trim(host, "[]")
	}
	ip := net.ParseIP(name)
	return name == "localhost" || ip != nil && ip.IsLoopback()
}

// events sends what is to be shown, each time that it is something else, as
// server-sent events.
func (p *page) events(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	if r.Method == http.MethodHead {
		return
	}
	control := http.NewResponseController(w)
	ticks := time.NewTicker(p.every)
	defer ticks.Stop()
	var last [sha256.Size]byte
	for {
		data := p.look()
		if sum := sha256.Sum256(data); sum != last {
			last = sum
			for _, part := range [][]byte{[]byte("data: "), data, []byte("\n\n")} {
				if _, err := w.Write(part); err != nil {
					return
				}
			}
			if control.Flush() != nil {
				return
			}
		}
		select {
		case <-r.Context().Done():
			return
		case <-ticks.C:
		}
	}
}

// view is what is shown.
type view struct {
	URL       string     `json:"url"`
	Resources []resource `json:"resources"`
	Requests  []request  `json:"requests"` // the last ones, in order
	Total     int        `json:"total"`    // how many requests there were
}

type resource struct {
	Service string `json:"service"`
	Kind    string `json:"kind"`
	Region  string `json:"region"`
	ID      string `json:"id"`
	Name    string `json:"name"`
	Status  string `json:"status"`
	Detail  string `json:"detail"`
}

type request struct {
	Time      string  `json:"time"`
	Method    string  `json:"method"`
	Path      string  `json:"path"`
	Operation string  `json:"operation"`
	Status    int     `json:"status"`
	Millis    float64 `json:"ms"`
}

// mostRequests is how many of the last requests are shown.
const mostRequests = 200

// look is what is to be shown now, as JSON in one line. All who look at the same
// time get the same.
func (p *page) look() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	if time.Since(p.looked) < p.every/2 {
		return p.shown
	}
	cloud := p.cloud.Load()
	v := view{URL: cloud.URL(), Resources: []resource{}, Requests: []request{}, Total: cloud.Count("")}
	for _, r := range cloud.Inventory() {
		v.Resources = append(v.Resources, resource{r.Service, r.Kind, r.Region, r.ID, r.Name, r.Status, r.Detail})
	}
	all := cloud.Requests()
	for _, r := range all[max(0, len(all)-mostRequests):] {
		v.Requests = append(v.Requests, request{
			r.Time.Format("15:04:05.000"), r.Method, redacted(r.Path), r.Operation, r.Status, float64(r.Duration.Microseconds()) / 1000,
		})
	}
	data, err := json.Marshal(v) // escapes <, > and &, and has no line breaks
	if err != nil {
		data = []byte("{}") // can't be: all of it is text and numbers
	}
	p.looked, p.shown = time.Now(), bytes.Clone(data)
	return p.shown
}

// secrets are the parts of paths that not everybody is to see: appkeys and the
// access keys of S3.
var secrets = regexp.MustCompile(`(/appkeys/|/credentials/OS-EC2/)[^/]+`)

func redacted(path string) string { return secrets.ReplaceAllString(path, "${1}***") }
