package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/backend"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

const (
	headerTime   = 5 * time.Second  // for the headers of a request to come
	readTime     = 30 * time.Second // for all of it
	idleTime     = 2 * time.Minute  // for a connection without requests
	shutdownTime = 20 * time.Second // for requests to end that are under way at the end
	maxHeader    = 64 << 10         // bytes; tokens have some hundred
)

// run serves until the context ends.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, err := parse(args, stderr)
	if err != nil {
		return err
	}
	logger := slog.New(slog.NewJSONHandler(stderr, &slog.HandlerOptions{Level: o.level}))
	cloud, memory, err := o.open(logger)
	if err != nil {
		return err
	}
	if memory != nil {
		defer memory.Close()
		if err := addKeyPairs(ctx, memory, o.regions); err != nil {
			return err
		}
	}
	defer cloud.Close()
	return o.serve(ctx, cloud, memory, logger, stdout)
}

// serve serves a cloud until the context ends. Memory is the one in memory, where it
// is that.
func (o options) serve(ctx context.Context, cloud *backend.Cloud, memory *nhncloudtest.Server, logger *slog.Logger, stdout io.Writer) (err error) {
	tasks, where, err := openTasks(ctx, o.db, os.Getenv(keyVariable), o.tasks, cloud, logger)
	if err != nil {
		return err
	}
	defer func() {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
		defer cancel()
		err = errors.Join(err, tasks.Close(last))
	}()
	gateway, err := newGateway(cloud, tasks, o, logger)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", o.listen)
	if err != nil {
		return err
	}
	greet(stdout, listener.Addr().String(), memory)
	fmt.Fprintln(stdout, where)
	return gateway.serve(ctx, listener, logger)
}

// serve serves until the context ends, and lets the requests end that are under way
// then.
func (g *gateway) serve(ctx context.Context, listener net.Listener, logger *slog.Logger) error {
	server := &http.Server{
		Handler:           g.handler,
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       readTime,
		WriteTimeout:      readTime + requestTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	g.ready.Store(false)
	logger.Info("shutting down", slog.Duration("at most", shutdownTime))
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer cancel()
	if err := server.Shutdown(last); err != nil {
		return errors.Join(fmt.Errorf("requests were cut off: %w", err), server.Close())
	}
	return nil
}

// greet says where the gateway is, and how to begin.
func greet(stdout io.Writer, address string, memory *nhncloudtest.Server) {
	fmt.Fprintf(stdout, "The gateway listens on http://%s, with a page to begin at; http://%[1]s/swagger/ shows what it can do.\n", address)
	tenant, username, password := "…", "…", "…"
	if memory != nil {
		fmt.Fprintf(stdout, "It stands in front of an NHN Cloud in memory, where object storage is tenant %s.\n", memory.ObjectStorageTenantID)
		tenant, username, password = memory.TenantID, memory.Username, memory.Password
	}
	fmt.Fprintf(stdout, "Get a token:\n\n  curl -s http://%s/api/nhn/token/ -H 'Content-Type: application/json' \\\n"+
		"    -d '{\"tenant_id\": %q, \"username\": %q, \"password\": %q}'\n\n", address, tenant, username, password)
}
