package frame

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

// Serve lets the services answer whoever connects to a listener, until
// [Frame.Close].
func (f *Frame) Serve(listener net.Listener) {
	f.http = &http.Server{
		Handler:           f.handler(),
		ErrorLog:          slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
		ReadHeaderTimeout: time.Minute,
		ConnState:         f.connState,
	}
	go func() {
		defer close(f.served)
		_ = f.http.Serve(listener)
	}()
}

func (f *Frame) connState(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		f.conns.Add(1)
		f.Records.connected()
	case http.StateClosed, http.StateHijacked:
		f.conns.Done()
	}
}

// Close cuts all connections, ends delays, and returns when nothing runs any
// more. It is called once, after Serve.
func (f *Frame) Close() {
	close(f.closing)
	_ = f.http.Close()
	<-f.served
	f.conns.Wait()
	f.inFlight.Wait()
	for _, api := range f.APIs {
		if api.Close != nil {
			api.Close()
		}
	}
}

// handler leads requests to the services of all regions.
func (f *Frame) handler() http.Handler {
	mux := http.NewServeMux()
	for _, rg := range f.Regions {
		for _, api := range f.APIs {
			f.register(mux, rg, api)
		}
	}
	mux.HandleFunc("/", f.elsewhere())
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// The mux would redirect paths with empty or dot segments. Most services
		// do not know such paths; one that resolves its paths itself takes them.
		p := r.URL.Path
		clean := p == path.Clean(p) || p == path.Clean(p)+"/"
		for _, rg := range f.Regions {
			for _, api := range f.APIs {
				rest, ok := strings.CutPrefix(p, rg.Prefix+"/"+api.Name)
				if root, here := strings.CutPrefix(p, rg.Prefix); here && api.AtRoot != nil && api.AtRoot(root) {
					rest, ok = root, true
				}
				switch {
				case !ok || api.Name == "" || rest != "" && rest[0] != '/':
				case api.Resolve != nil:
					c := f.newCall(r, rg, api, Route{})
					c.Path = rest
					c.Route = api.Resolve(c)
					f.serve(w, c)
					return
				case !clean && rest != "":
					f.unknown(rg, api)(w, r)
					return
				}
			}
		}
		if !clean {
			f.unknown(f.Regions[0], nowhere)(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// register puts the calls of a service into the mux, for one region.
func (f *Frame) register(mux *http.ServeMux, rg *Region, api *API) {
	if api.Name == "" || api.Resolve != nil {
		return
	}
	prefix := rg.Prefix + "/" + api.Name
	if api.Home != nil {
		if rg != f.Regions[0] {
			return
		}
		rg = api.Home
	}
	for _, rt := range api.Routes {
		mux.HandleFunc(rt.Method+" "+prefix+rt.Path, func(w http.ResponseWriter, r *http.Request) {
			f.serve(w, f.newCall(r, rg, api, rt))
		})
	}
	mux.HandleFunc(prefix+"/", f.unknown(rg, api))
	mux.HandleFunc(prefix, f.unknown(rg, api))
}

// elsewhere serves the paths that belong to no service. What the handler of the
// configuration answers is neither recorded nor hit by faults.
func (f *Frame) elsewhere() http.HandlerFunc {
	if f.Elsewhere != nil {
		return f.Elsewhere.ServeHTTP
	}
	return f.unknown(f.Regions[0], nowhere)
}

// nowhere stands for the service of paths that belong to none.
var nowhere = &API{Dialect: Keystone{}}

// unknown serves the paths that a service does not have.
func (f *Frame) unknown(rg *Region, api *API) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f.serve(w, f.newCall(r, rg, api, Route{Handle: api.Dialect.Unknown, unknown: true}))
	}
}

// serve takes a request from its first byte to the last byte of its answer.
func (f *Frame) serve(w http.ResponseWriter, c *Call) {
	f.inFlight.Add(1)
	defer f.inFlight.Done()

	r := c.Request
	if !c.Route.Streams && c.fill() != nil {
		cut(w) // the client broke off
		return
	}
	c.pickAction()
	entry := f.Records.begin(r, c.Stream.kept, c.Route.Operation)
	fault := f.Faults.hit(r, c.Route.Operation)
	// Who waits for a 100 Continue gets it when the body is wanted.
	waits := c.Route.Streams && r.Header.Get("Expect") != ""
	if c.Route.Streams && !waits && fault.harms() && c.fill() != nil {
		cut(w)
		return
	}
	if delay := fault.Delay + f.latency(); delay > 0 && !f.pause(r.Context(), delay) || fault.Reset {
		cut(w)
		return
	}
	var rep Reply
	if fault.Status != 0 {
		rep = fault.answer(c)
	} else {
		rep = f.handle(c)
	}
	f.Records.body(entry, c.Stream.kept)
	if rep.Content != nil {
		defer rep.Content.Close()
	}
	if rep.Status == 0 || fault.ResetAfter {
		cut(w) // the client broke off, or is to think so
		return
	}
	// A client that still sends may not look for an answer before it is done. What
	// a stream is refused for is told while it comes: who looks need not send it.
	early := c.Route.Streams && !fault.harms() && rep.Status >= http.StatusBadRequest
	if !waits && !early {
		c.drain()
	}
	f.writeHeaders(w.Header(), c, rep)
	fault.decorate(w.Header())
	f.Records.end(entry, rep.Status)
	if early && !waits {
		control := http.NewResponseController(w)
		_ = control.EnableFullDuplex() // or net/http would read the body first
		defer func() {
			_ = control.Flush()
			c.drain()
			f.Records.body(entry, c.Stream.kept)
		}()
	}
	w.WriteHeader(rep.Status)
	if r.Method == http.MethodHead {
		return
	}
	if fault.Truncate {
		_, _ = io.CopyN(w, rep.reader(), rep.Size()/2)
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	if _, err := io.Copy(w, rep.reader()); err != nil && !errors.Is(err, http.ErrBodyNotAllowed) {
		_ = http.NewResponseController(w).Flush() // what was to be read is gone, or the client
		panic(http.ErrAbortHandler)
	}
}

// writeHeaders writes those that every answer has, and those of this one.
func (f *Frame) writeHeaders(h http.Header, c *Call, rep Reply) {
	for k, v := range rep.Header {
		h[k] = v
	}
	now := f.Now()
	c.dialect().Sign(c, rep, h, now)
	if rep.Status != http.StatusNoContent && rep.Status != http.StatusNotModified {
		h.Set("Content-Length", strconv.FormatInt(rep.Size(), 10))
	}
	if rep.Size() == 0 && h.Get("Content-Type") == "" {
		h["Content-Type"] = nil // keep net/http from guessing one
	}
	h.Set("Date", now.Format(http.TimeFormat))
}

// handle checks what every call needs, and runs the handler.
func (f *Frame) handle(c *Call) Reply {
	f.mu.Lock()
	defer f.mu.Unlock()
	c.Now = f.Settle()
	if r := c.check(); r != nil {
		return *r
	}
	if c.Route.Streams {
		f.mu.Unlock()
		defer f.mu.Lock()
	}
	return c.Route.Handle(c)
}

// latency is how long a request takes even where nothing is wrong.
func (f *Frame) latency() time.Duration {
	least, most := f.Latency[0], f.Latency[1]
	if most <= least {
		return least
	}
	return least + rand.N(most-least+1)
}

// pause waits, and says whether the time really passed.
func (f *Frame) pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
	case <-f.closing:
	}
	return false
}

// cut ends the connection of a request with a TCP reset.
func cut(w http.ResponseWriter) {
	if h, ok := w.(http.Hijacker); ok {
		if conn, _, err := h.Hijack(); err == nil {
			if tcp, ok := conn.(*net.TCPConn); ok {
				_ = tcp.SetLinger(0) // close with RST, not FIN
			}
			_ = conn.Close()
			return
		}
	}
	panic(http.ErrAbortHandler)
}
