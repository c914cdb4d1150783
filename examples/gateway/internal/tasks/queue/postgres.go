package queue

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

const (
	// postgresPoll is how often PostgreSQL is asked for jobs that nobody told of.
	postgresPoll = time.Second
	// migrationLock is held while tables are changed, as gateways may start
	// together. The number is any.
	migrationLock = 0x6e686e676174
)

// postgresQueue works over a pool of connections.
type postgresQueue struct {
	pgxDB
	pool   *pgxpool.Pool
	driver *riverpgxv5.Driver
	client *river.Client[pgx.Tx]
	config Config
}

// postgresWords are the words of the dialect.
var postgresWords = strings.NewReplacer(
	"{now}", "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)",
	"{blob}", "BYTEA",
)

func openPostgres(ctx context.Context, url string, config Config) (Queue, error) {
	pool, err := pgxpool.New(ctx, url)
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL: %w", err) // pgx leaves the password out
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("PostgreSQL: %w", err)
	}
	q := &postgresQueue{pgxDB: pgxDB{pool}, pool: pool, driver: riverpgxv5.New(pool), config: config}
	if q.client, err = newClient(q.driver, config, postgresPoll); err != nil {
		pool.Close()
		return nil, err
	}
	return q, nil
}

func (q *postgresQueue) Migrate(ctx context.Context, statements ...string) error {
	conn, err := q.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", int64(migrationLock)); err != nil {
		return err
	}
	// Where it can't be unlocked, closing the connection does that.
	defer func() {
		if _, err := conn.Exec(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", int64(migrationLock)); err != nil {
			_ = conn.Conn().Close(context.WithoutCancel(ctx))
		}
	}()
	if err := migrateRiver(ctx, q.driver, q.config.Logger); err != nil {
		return err
	}
	return q.Tx(ctx, func(tx Tx) error { return execAll(ctx, tx, statements) })
}

func (q *postgresQueue) Tx(ctx context.Context, f func(Tx) error) error {
	return pgx.BeginFunc(ctx, q.pool, func(tx pgx.Tx) error {
		return f(struct {
			pgxDB
			jobs[pgx.Tx]
		}{pgxDB{tx}, jobs[pgx.Tx]{q.client, tx}})
	})
}

func (q *postgresQueue) Start(ctx context.Context) error { return q.client.Start(ctx) }
func (q *postgresQueue) Stop(ctx context.Context) error  { return q.client.StopAndCancel(ctx) }
func (q *postgresQueue) Shared() bool                    { return true }
func (q *postgresQueue) Close()                          { q.pool.Close() }

// Scrub has nothing to do: rows that are gone stay in the files until PostgreSQL
// vacuums, which is its own to decide. What they have is encrypted.
func (q *postgresQueue) Scrub(context.Context) error { return nil }

// pgxDB is a [DB] over pgx.
type pgxDB struct {
	of interface {
		Exec(ctx context.Context, query string, args ...any) (pgconn.CommandTag, error)
		Query(ctx context.Context, query string, args ...any) (pgx.Rows, error)
	}
}

func (d pgxDB) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	tag, err := d.of.Exec(ctx, postgresWords.Replace(query), args...)
	return tag.RowsAffected(), err
}

func (d pgxDB) Each(ctx context.Context, row func(scan func(...any) error) error, query string, args ...any) error {
	rows, err := d.of.Query(ctx, postgresWords.Replace(query), args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}
