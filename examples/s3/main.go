// S3 uses object storage by its S3 API: the SDK has keys issued for it, and
// minio-go, a client for S3, does the rest. It makes a bucket with a few objects
// and deletes all of it again, the keys included. It is a module of its own: run
// it in its folder.
//
//	go run .                           keys of an in-memory NHN Cloud, and a fake S3
//	go run . -live -bucket my-bucket   on the real one, with the account in NHNCLOUD_* or OS_*
//
// The in-memory cloud gives out keys, but has no S3 API to use them on. Without
// -live that part is gofakes3, a fake of Amazon's S3 in this program. It is not
// NHN Cloud's, and what works on it proves nothing about that one.
package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"flag"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/examples/internal/frame"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

func main() { frame.Main(program()) }

func program() frame.Program {
	t := new(tour)
	return frame.Program{
		Name:  "s3",
		Does:  "uses object storage by its S3 API, with keys from the SDK",
		Makes: "keys for the S3 API, and a bucket with three small objects",
		Flags: func(flags *flag.FlagSet) {
			flags.StringVar(&t.bucket, "bucket", "", "with -live: name of the bucket, which must not exist")
		},
		Run: t.run,
	}
}

// tour has what the steps share.
type tour struct {
	*frame.Stage
	bucket string
	fake   *fakeS3 // nil on the real cloud
}

func (t *tour) run(ctx context.Context, stage *frame.Stage) error {
	t.Stage = stage
	if stage.Cloud != nil {
		t.bucket, t.fake = "photos", newFakeS3()
		stage.AtEnd(t.fake.Close)
		stage.Say("The keys are of an in-memory NHN Cloud, the S3 is a fake at %s.", t.fake.URL)
	}
	if t.bucket == "" {
		return errors.New("-live needs -bucket")
	}
	config, err := nhncloud.ConfigFrom(stage.LookupEnv)
	if err != nil {
		return err
	}
	client, err := nhncloud.NewClient(config, nhncloud.WithUserAgent("nhncloud-s3"))
	if err != nil {
		return err
	}
	if err := stage.Confirm(ctx); err != nil {
		return err
	}
	token, err := client.Token(ctx)
	if err != nil {
		return err
	}
	key, err := t.makeKeys(ctx, objectstorage.New(client).Credentials, token.UserID, cmp.Or(config.ObjectStorageTenantID, config.TenantID))
	if err != nil {
		return err
	}

	options := &minio.Options{
		Creds:        credentials.NewStaticV4(key.Access, string(key.Secret), ""),
		Region:       string(config.Region), // part of what is signed
		BucketLookup: minio.BucketLookupPath,
		Secure:       true,
	}
	endpoint := strings.ToLower(string(config.Region)) + "-api-object-storage.nhncloudservice.com"
	if t.fake != nil {
		t.fake.trust(key)
		endpoint, options.Secure = t.fake.host(), false
	}
	s3, err := minio.New(endpoint, options)
	if err != nil {
		return err
	}
	if err := t.makeBucket(ctx, s3); err != nil {
		return err
	}
	return t.useObjects(ctx, s3)
}

// makeKeys has keys issued. They have no end and a user can have three, so they
// are deleted whatever happens.
func (t *tour) makeKeys(ctx context.Context, keys *objectstorage.CredentialsService, userID, tenantID string) (*objectstorage.Credential, error) {
	making := t.Making(ctx, "S3 keys of user "+userID)
	key, err := keys.Create(making.Context, userID, tenantID)
	if err != nil {
		return nil, making.Failed(err)
	}
	making.Made("S3 keys "+key.Access, func(ctx context.Context) error { return keys.Delete(ctx, userID, key.Access) })
	t.Say("Got keys for tenant %s, made at %s.", key.TenantID, key.CreatedAt.Format(time.RFC3339))
	return key, nil
}

func (t *tour) makeBucket(ctx context.Context, s3 *minio.Client) error {
	making := t.Making(ctx, "bucket "+t.bucket)
	if err := s3.MakeBucket(making.Context, t.bucket, minio.MakeBucketOptions{}); err != nil {
		return making.Failed(err)
	}
	making.Made("bucket "+t.bucket, func(ctx context.Context) error { return t.emptyAndDelete(ctx, s3) })
	t.Say("Made bucket %s.", t.bucket)
	return nil
}

func (t *tour) useObjects(ctx context.Context, s3 *minio.Client) error {
	buckets, err := s3.ListBuckets(ctx)
	if err != nil {
		return err
	}
	t.Say("The account has %d bucket(s).", len(buckets))

	for _, name := range []string{"2026/sea.txt", "2026/hills.txt", "cover.txt"} {
		content := strings.Repeat("This is "+name+". ", 100)
		info, err := s3.PutObject(ctx, t.bucket, name, strings.NewReader(content), int64(len(content)), minio.PutObjectOptions{
			ContentType:  "text/plain",
			UserMetadata: map[string]string{"author": "Jin"},
		})
		if err != nil {
			return err
		}
		t.Say("Put %s of %d bytes with ETag %s.", info.Key, info.Size, info.ETag)
	}

	for object := range s3.ListObjects(ctx, t.bucket, minio.ListObjectsOptions{Prefix: "2026/", Recursive: true}) {
		if object.Err != nil {
			return object.Err
		}
		t.Say("Listed %s of %d bytes.", object.Key, object.Size)
	}

	object, err := s3.GetObject(ctx, t.bucket, "2026/sea.txt", minio.GetObjectOptions{})
	if err != nil {
		return err
	}
	defer object.Close()
	info, err := object.Stat()
	if err != nil {
		return err
	}
	var content bytes.Buffer
	if _, err := content.ReadFrom(object); err != nil {
		return err
	}
	t.Say("Got %s of %d bytes by %s: %.20q…", info.Key, content.Len(), info.UserMetadata["Author"], content.String())
	return nil
}

// emptyAndDelete deletes the bucket after what is in it.
func (t *tour) emptyAndDelete(ctx context.Context, s3 *minio.Client) error {
	for object := range s3.ListObjects(ctx, t.bucket, minio.ListObjectsOptions{Recursive: true}) {
		if object.Err != nil {
			return object.Err
		}
		if err := s3.RemoveObject(ctx, t.bucket, object.Key, minio.RemoveObjectOptions{}); err != nil {
			return err
		}
		t.Say("Deleted %s.", object.Key)
	}
	return s3.RemoveBucket(ctx, t.bucket)
}
