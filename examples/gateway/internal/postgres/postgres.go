// Package postgres gives tests a database on a real PostgreSQL, which start.sh
// starts and an environment variable names:
//
//	internal/postgres/start.sh /tmp/postgres
//	env $(cat /tmp/postgres/env) go test ./...
//	internal/postgres/stop.sh /tmp/postgres
package postgres

import (
	"context"
	"crypto/rand"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Variable names the environment variable that has the URL of a database, on whose
// server others can be made.
const Variable = "NHNCLOUD_POSTGRES_URL"

// TB is what is needed of testing.TB.
type TB interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
	Skipf(format string, args ...any)
}

// New returns the URL of a new database, which is removed with the test. It skips
// the test where there is no PostgreSQL.
func New(tb TB) string {
	tb.Helper()
	server := os.Getenv(Variable)
	if server == "" {
		tb.Skipf("%s is not set; internal/postgres/start.sh starts a PostgreSQL and prints it", Variable)
		return ""
	}
	name := "test_" + strings.ToLower(rand.Text())
	run(tb, server, "CREATE DATABASE "+name)
	tb.Cleanup(func() { run(tb, server, "DROP DATABASE "+name+" WITH (FORCE)") })
	u, err := url.Parse(server)
	if err != nil {
		tb.Fatalf("%s is no URL", Variable)
		return ""
	}
	u.Path = "/" + name
	return u.String()
}

func run(tb TB, server, statement string) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		tb.Fatalf("PostgreSQL: %v", err)
		return
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, statement); err != nil {
		tb.Fatalf("PostgreSQL: %s: %v", statement, err)
	}
}
