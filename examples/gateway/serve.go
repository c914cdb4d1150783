package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/api"
)

const (
	headerTime   = 5 * time.Second  // for the headers of a request to come
	readTime     = 30 * time.Second // for all of it
	idleTime     = 2 * time.Minute  // for a connection without requests
	shutdownTime = 20 * time.Second // for requests to end that are under way at the end
)

// serve serves the API until the context ends, and lets the requests end that are
// under way then.
func serve(ctx context.Context, o options, cloud *cloud, stdout, stderr io.Writer) error {
	gateway, err := api.New(cloud)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", o.listen)
	if err != nil {
		return err
	}
	logger := slog.New(slog.NewJSONHandler(stderr, nil))
	server := &http.Server{
		Handler:           gateway.Mux(),
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       readTime,
		IdleTimeout:       idleTime,
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}
	fmt.Fprintf(stdout, "The gateway listens on http://%s.\n", listener.Addr())
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	logger.Info("shutting down")
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer cancel()
	if err := server.Shutdown(last); err != nil {
		return errors.Join(err, server.Close())
	}
	return nil
}
