package main

import (
	"context"
	"crypto/rand"
	"net/http/httptest"
	"strings"

	"github.com/nhncloud-go/nhncloud/objectstorage"
	"github.com/rclone/gofakes3"
	"github.com/rclone/gofakes3/s3mem"
)

// fakeS3 stands for the S3 API, which the in-memory cloud does not have. It is
// one of Amazon's kind, and checks signatures.
type fakeS3 struct {
	*httptest.Server
	s3 *gofakes3.GoFakeS3
}

func newFakeS3() *fakeS3 {
	// Without any key it would let everybody in.
	s3 := gofakes3.New(memory{s3mem.New()}, gofakes3.WithV4Auth(map[string]string{rand.Text(): rand.Text()}))
	return &fakeS3{httptest.NewServer(s3.Server()), s3}
}

// trust lets in who signs with the keys.
func (f *fakeS3) trust(key *objectstorage.Credential) {
	f.s3.AddAuthKeys(map[string]string{key.Access: string(key.Secret)})
}

func (f *fakeS3) host() string { return strings.TrimPrefix(f.URL, "http://") }

// memory takes an empty delimiter, which minio-go sends, for none.
type memory struct{ *s3mem.Backend }

// ListBucket lists objects.
func (m memory) ListBucket(ctx context.Context, name string, prefix *gofakes3.Prefix, page gofakes3.ListBucketPage) (*gofakes3.ObjectList, error) {
	if prefix != nil && prefix.Delimiter == "" {
		prefix.HasDelimiter = false
	}
	return m.Backend.ListBucket(ctx, name, prefix, page)
}
