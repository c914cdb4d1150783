package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/api"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/backend"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/tasks"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/tasks/kinds"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/tasks/proof"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/tasks/queue"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/tasks/seal"
)

const (
	keyVariable = "NHNCLOUD_GATEWAY_KEY"
	defaultDB   = "gateway.db"
	provenTime  = 30 * time.Second // how long a token is known to be one of its tenant
	maxProven   = 10_000
)

// taskEngine runs tasks, and knows whose they are.
type taskEngine struct {
	*tasks.Engine
	*proof.Prover
}

// taskTimes are how long tasks take to go on where a gateway has died. Zero stands
// for the defaults, which are for a cloud that is far away.
type taskTimes struct{ Lease, Grace time.Duration }

// openTasks opens the database of tasks, and says where they are.
func openTasks(ctx context.Context, db, key string, times taskTimes, cloud *backend.Cloud, logger *slog.Logger) (*taskEngine, string, error) {
	db, sealer, where, err := placeOfTasks(db, key)
	if err != nil {
		return nil, "", err
	}
	engine, err := tasks.Open(ctx, tasks.Config{
		URL: db, Sealer: sealer, Kinds: kinds.New(kinds.Config{Client: cloud.Client, Grace: times.Grace}),
		Final: kinds.Final, Describe: api.Describe, Logger: logger, Lease: times.Lease,
	})
	if err != nil {
		return nil, "", fmt.Errorf("tasks: %w", err)
	}
	return &taskEngine{engine, proof.New(cloud.Client, provenTime, maxProven)}, where, nil
}

// placeOfTasks decides where tasks are: not on a disk in the clear.
func placeOfTasks(db, key string) (url string, sealer *seal.Sealer, where string, err error) {
	if key == "" {
		if db != "" {
			return "", nil, "", errors.New("-db needs a key to encrypt tokens with: " + howToKey)
		}
		return "", seal.Random(), "Tasks are in memory, and lost with this process. To keep them: " + howToKey, nil
	}
	if sealer, err = seal.Parse(key); err != nil {
		return "", nil, "", fmt.Errorf("%s: %w; make one with: openssl rand -base64 %d", keyVariable, err, seal.KeySize)
	}
	if db == "" {
		db = defaultDB
	}
	return db, sealer, "Tasks are in " + shown(db) + ".", nil
}

const howToKey = "export " + keyVariable + "=$(openssl rand -base64 32)"

// shown is a database without its password.
func shown(db string) string {
	if !queue.IsPostgres(db) {
		return db
	}
	if u, err := url.Parse(db); err == nil {
		u.RawQuery = "" // a password can stand there too
		return u.Redacted()
	}
	return "PostgreSQL"
}
