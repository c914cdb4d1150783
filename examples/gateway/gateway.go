package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/api"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/middleware"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/web"
)

const (
	requestTime = 60 * time.Second // for a request, with all that the cloud is asked for it
	readyTime   = 5 * time.Second  // for the database to answer
)

// gateway is all that is served.
type gateway struct {
	handler http.Handler
	tasks   *taskEngine
	ready   atomic.Bool // false when it is about to end
}

func newGateway(cloud api.Cloud, tasks *taskEngine, o options, logger *slog.Logger) (*gateway, error) {
	g := &gateway{tasks: tasks}
	g.ready.Store(true)
	endpoints, err := api.New(cloud, tasks)
	if err != nil {
		return nil, err
	}
	cors, err := middleware.WithCORS(o.origins)
	if err != nil {
		return nil, err
	}
	mux := endpoints.Mux()
	if err := web.AddPage(mux, o.regions); err != nil {
		return nil, err
	}
	mux.Handle("GET "+web.SwaggerPath, web.Swagger("NHN Cloud gateway", "/openapi.json"))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok\n") })
	mux.HandleFunc("GET /readyz", g.answerReady)
	g.handler = middleware.Chain(endpoints,
		middleware.WithRequestID,
		middleware.WithLog(logger),
		middleware.WithRecover(logger, func(w http.ResponseWriter) {
			api.WriteError(w, http.StatusInternalServerError, "the gateway failed; its log says more")
		}),
		cors,
		middleware.WithTimeout(requestTime),
	)
	return g, nil
}

// answerReady says whether a balancer may send requests.
func (g *gateway) answerReady(w http.ResponseWriter, r *http.Request) {
	if !g.ready.Load() {
		http.Error(w, "shutting down", http.StatusServiceUnavailable)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), readyTime)
	defer cancel()
	if err := g.tasks.Ready(ctx); err != nil {
		http.Error(w, "the database of tasks does not answer", http.StatusServiceUnavailable)
		return
	}
	io.WriteString(w, "ready\n")
}
