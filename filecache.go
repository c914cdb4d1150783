package nhncloud

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// FileTokenCache returns a cache that keeps each token in a file of its own in
// the folder, which is made with mode 0700 when it is missing. The files have
// mode 0600 and are replaced in one step, so that several processes may share
// the folder. A file that is damaged, was made for another key, or may be read
// or written by others is not used. The password is never stored.
//
// A good folder is os.UserCacheDir() + "/nhncloud".
func FileTokenCache(folder string) TokenCache { return fileTokenCache(folder) }

type fileTokenCache string

// cachedToken is the content of a file.
type cachedToken struct {
	Version   int       `json:"version"`
	Key       string    `json:"key"`
	ID        string    `json:"id"`
	ExpiresAt time.Time `json:"expires_at"`
	IssuedAt  time.Time `json:"issued_at"`
	Deadline  time.Time `json:"deadline"` // by the clock of this machine
	TenantID  string    `json:"tenant_id"`
	UserID    string    `json:"user_id"`
	Roles     []string  `json:"roles"`
	Catalog   Catalog   `json:"catalog"`
}

const (
	cacheVersion = 1
	maxCacheFile = 1 << 20
)

func (c fileTokenCache) path(key string) string {
	sum := sha256.Sum256([]byte(key))
	return filepath.Join(string(c), "token-"+hex.EncodeToString(sum[:16])+".json")
}

// Load reads the file of the key.
func (c fileTokenCache) Load(_ context.Context, key string) (*Token, error) {
	path := c.path(key)
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a regular file", path)
	case runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0:
		return nil, fmt.Errorf("%s may be accessed by others (mode %#o)", path, info.Mode().Perm())
	case info.Size() > maxCacheFile:
		return nil, fmt.Errorf("%s is too large", path)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var f cachedToken
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, fmt.Errorf("%s is damaged", path) // the cause could quote the token
	}
	if f.Version != cacheVersion || f.Key != key || f.ID == "" || f.Deadline.IsZero() {
		return nil, fmt.Errorf("%s was made by another program or for another account", path)
	}
	return &Token{
		ID: Secret(f.ID), ExpiresAt: f.ExpiresAt, IssuedAt: f.IssuedAt, deadline: f.Deadline,
		TenantID: f.TenantID, UserID: f.UserID, Roles: f.Roles, Catalog: f.Catalog,
	}, nil
}

// Store writes the file of the key. A token of unknown end is not stored.
func (c fileTokenCache) Store(_ context.Context, key string, t *Token) (err error) {
	deadline := t.deadline
	if deadline.IsZero() {
		deadline = t.ExpiresAt
	}
	if deadline.IsZero() {
		return nil
	}
	data, err := json.Marshal(cachedToken{
		Version: cacheVersion, Key: key, ID: string(t.ID), ExpiresAt: t.ExpiresAt, IssuedAt: t.IssuedAt,
		Deadline: deadline, TenantID: t.TenantID, UserID: t.UserID, Roles: t.Roles, Catalog: t.Catalog,
	})
	if err != nil {
		return err
	}
	if err := os.MkdirAll(string(c), 0o700); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(string(c), ".token-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(tmp.Name())
		}
	}()
	if _, err = tmp.Write(data); err != nil {
		return errors.Join(err, tmp.Close())
	}
	if err = tmp.Close(); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), c.path(key))
}
