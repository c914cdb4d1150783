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
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "s3:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdout io.Writer) error {
	flags := flag.NewFlagSet("s3", flag.ContinueOnError)
	live := flags.Bool("live", false, "use the real NHN Cloud")
	bucket := flags.String("bucket", "", "with -live: name of the bucket, which must not exist")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *live {
		if *bucket == "" {
			return errors.New("-live needs -bucket")
		}
		return (&tour{out: stdout, bucket: *bucket}).take(ctx, os.LookupEnv)
	}
	cloud := nhncloudtest.NewServer()
	defer cloud.Close()
	fake := newFakeS3()
	defer fake.Close()
	fmt.Fprintf(stdout, "The keys are of an in-memory NHN Cloud, the S3 is a fake at %s.\n", fake.URL)
	return (&tour{out: stdout, bucket: "photos", fake: fake}).take(ctx, cloud.LookupEnv)
}

// tour has what the steps share.
type tour struct {
	out    io.Writer
	bucket string
	fake   *fakeS3 // nil on the real cloud
}

func (t *tour) say(format string, args ...any) { fmt.Fprintf(t.out, format+"\n", args...) }

func (t *tour) take(ctx context.Context, lookup func(string) (string, bool)) (err error) {
	config, err := nhncloud.ConfigFrom(lookup)
	if err != nil {
		return err
	}
	client, err := nhncloud.NewClient(config, nhncloud.WithUserAgent("nhncloud-s3"))
	if err != nil {
		return err
	}
	token, err := client.Token(ctx)
	if err != nil {
		return err
	}
	keys := objectstorage.New(client).Credentials
	tenant := config.ObjectStorageTenantID
	if tenant == "" {
		tenant = config.TenantID
	}

	// Keys have no end and a user can have three, so these are deleted whatever
	// happens, Ctrl-C included. Cut off, the call could have made them unseen.
	creating, done := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer done()
	key, err := keys.Create(creating, token.UserID, tenant)
	if err != nil {
		return err
	}
	defer func() {
		cleanup, done := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer done()
		if deleteErr := keys.Delete(cleanup, token.UserID, key.Access); deleteErr != nil {
			err = errors.Join(err, fmt.Errorf("the keys were not deleted; please do it in the console: %w", deleteErr))
			return
		}
		t.say("The keys are deleted again.")
	}()
	t.say("Got keys for tenant %s, made at %s.", key.TenantID, key.CreatedAt.Format(time.RFC3339))

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
	return t.useBucket(ctx, s3)
}

// useBucket makes a bucket, uses it, and deletes it with all that is in it.
func (t *tour) useBucket(ctx context.Context, s3 *minio.Client) (err error) {
	creating, done := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer done()
	if err := s3.MakeBucket(creating, t.bucket, minio.MakeBucketOptions{}); err != nil {
		return err
	}
	t.say("Made bucket %s.", t.bucket)
	defer func() {
		cleanup, done := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer done()
		if deleteErr := t.emptyAndDelete(cleanup, s3); deleteErr != nil {
			err = errors.Join(err, fmt.Errorf("bucket %s was not deleted; please do it in the console: %w", t.bucket, deleteErr))
		}
	}()
	return t.useObjects(ctx, s3)
}

func (t *tour) useObjects(ctx context.Context, s3 *minio.Client) error {
	buckets, err := s3.ListBuckets(ctx)
	if err != nil {
		return err
	}
	t.say("The account has %d bucket(s).", len(buckets))

	for _, name := range []string{"2026/sea.txt", "2026/hills.txt", "cover.txt"} {
		content := strings.Repeat("This is "+name+". ", 100)
		info, err := s3.PutObject(ctx, t.bucket, name, strings.NewReader(content), int64(len(content)), minio.PutObjectOptions{
			ContentType:  "text/plain",
			UserMetadata: map[string]string{"author": "Jin"},
		})
		if err != nil {
			return err
		}
		t.say("Put %s of %d bytes with ETag %s.", info.Key, info.Size, info.ETag)
	}

	for object := range s3.ListObjects(ctx, t.bucket, minio.ListObjectsOptions{Prefix: "2026/", Recursive: true}) {
		if object.Err != nil {
			return object.Err
		}
		t.say("Listed %s of %d bytes.", object.Key, object.Size)
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
	t.say("Got %s of %d bytes by %s: %.20q…", info.Key, content.Len(), info.UserMetadata["Author"], content.String())
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
		t.say("Deleted %s.", object.Key)
	}
	if err := s3.RemoveBucket(ctx, t.bucket); err != nil {
		return err
	}
	t.say("Deleted bucket %s.", t.bucket)
	return nil
}
