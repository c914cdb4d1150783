package queue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	sqlite "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// sqlitePoll is how often SQLite is asked for jobs: it has nobody who would tell.
const sqlitePoll = 200 * time.Millisecond

// sqliteQueue works over one connection, as SQLite has one writer. The file is
// locked as long as the process lives, so that no second gateway can work on it.
type sqliteQueue struct {
	sqlDB
	db     *sql.DB
	driver *riversqlite.Driver
	client *river.Client[*sql.Tx]
	config Config
	file   bool
}

// sqliteWords are the words of the dialect.
var sqliteWords = strings.NewReplacer(
	"{now}", "CAST(unixepoch('subsec') * 1000 AS INTEGER)",
	"{blob}", "BLOB",
)

func openSQLite(ctx context.Context, path string, config Config) (Queue, error) {
	name := "file::memory:"
	pragmas := url.Values{"_pragma": {
		"busy_timeout(5000)", // the gateway before may be about to end
		"foreign_keys(1)",
		"secure_delete(1)", // what is deleted is overwritten
		"temp_store(2)",    // in memory
	}}
	if path != "" {
		absolute, err := filepath.Abs(path)
		if err != nil {
			return nil, err
		}
		// SQLite gives the files beside it the mode of this one.
		file, err := os.OpenFile(absolute, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return nil, err
		}
		if err := file.Close(); err != nil {
			return nil, err
		}
		name = (&url.URL{Scheme: "file", Path: filepath.ToSlash(absolute)}).String()
		pragmas["_pragma"] = append(pragmas["_pragma"], "locking_mode(EXCLUSIVE)", "journal_mode(WAL)", "synchronous(FULL)")
	}
	db, err := sql.Open("sqlite", name+"?"+pragmas.Encode()+"&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	// One connection, that is never closed: a database in memory lives in it.
	db.SetMaxOpenConns(1)
	db.SetMaxIdleConns(1)
	db.SetConnMaxLifetime(0)
	db.SetConnMaxIdleTime(0)

	q := &sqliteQueue{sqlDB: sqlDB{db}, db: db, driver: riversqlite.New(db), config: config, file: path != ""}
	if err := q.lock(ctx, path); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if q.client, err = newClient(q.driver, config, sqlitePoll); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return q, nil
}

// lock takes the file for this process, which the first transaction does.
func (q *sqliteQueue) lock(ctx context.Context, path string) error {
	_, err := q.db.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS gateway_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
	var failure *sqlite.Error
	if errors.As(err, &failure) {
		switch failure.Code() & 0xff {
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL:
			return fmt.Errorf("%s is in use by another gateway; several of them need PostgreSQL", path)
		case sqlite3.SQLITE_NOTADB:
			return fmt.Errorf("%s is no database of SQLite", path)
		}
	}
	return err
}

func (q *sqliteQueue) Migrate(ctx context.Context, statements ...string) error {
	if err := migrateRiver(ctx, q.driver, q.config.Logger); err != nil {
		return err
	}
	return q.Tx(ctx, func(tx Tx) error { return execAll(ctx, tx, statements) })
}

func (q *sqliteQueue) Tx(ctx context.Context, f func(Tx) error) error {
	tx, err := q.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after a commit
	if err := f(struct {
		sqlDB
		jobs[*sql.Tx]
	}{sqlDB{tx}, jobs[*sql.Tx]{q.client, tx}}); err != nil {
		return err
	}
	return tx.Commit()
}

func (q *sqliteQueue) Start(ctx context.Context) error { return q.client.Start(ctx) }
func (q *sqliteQueue) Stop(ctx context.Context) error  { return q.client.StopAndCancel(ctx) }
func (q *sqliteQueue) Shared() bool                    { return false }
func (q *sqliteQueue) Close()                          { _ = q.db.Close() }

// Scrub moves the log into the database, where secure_delete has overwritten
// what was deleted, and empties it.
func (q *sqliteQueue) Scrub(ctx context.Context) error {
	if !q.file {
		return nil
	}
	var busy, log, moved int
	if err := q.db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &log, &moved); err != nil {
		return err
	}
	if busy != 0 {
		return errors.New("the log of the database is in use")
	}
	return nil
}

// sqlDB is a [DB] over package database/sql.
type sqlDB struct {
	of interface {
		ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
		QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	}
}

func (d sqlDB) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	result, err := d.of.ExecContext(ctx, sqliteWords.Replace(query), args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (d sqlDB) Each(ctx context.Context, row func(scan func(...any) error) error, query string, args ...any) (err error) {
	rows, err := d.of.QueryContext(ctx, sqliteWords.Replace(query), args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

func execAll(ctx context.Context, db DB, statements []string) error {
	for _, statement := range statements {
		if _, err := db.Exec(ctx, statement); err != nil {
			return fmt.Errorf("migrate the tables of tasks: %w", err)
		}
	}
	return nil
}
