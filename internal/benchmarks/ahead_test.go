package benchmarks

import (
	"io"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/benchmarks/service"
)

// BenchmarkReadAhead loops over 10 pages of 100 items that take 20 ms each, with
// 20 ms of work on each.
func BenchmarkReadAhead(b *testing.B) {
	const pages, size, wait = 10, 100, 20 * time.Millisecond
	listing := func() iter.Seq2[int, error] {
		next := 0
		return nhncloud.Paginate("", func(string) (nhncloud.Page[int], error) {
			time.Sleep(wait)
			next++
			page := nhncloud.Page[int]{Items: make([]int, size), Next: strings.Repeat("x", next)}
			if next == pages {
				page.Next = ""
			}
			return page, nil
		})
	}
	for name, ahead := range map[string]int{"without": 0, "with": size} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				i := 0
				for _, err := range nhncloud.ReadAhead(listing(), ahead) {
					if err != nil {
						b.Fatal(err)
					}
					if i++; i%size == 0 {
						time.Sleep(wait)
					}
				}
			}
		})
	}
}

// BenchmarkFile reads 64 KiB in a stream, as a file of a file system, and in
// pieces of 4 KiB.
func BenchmarkFile(b *testing.B) {
	const size = 64 * kib
	storage := service.NewStorage(b, service.StorageOptions{})
	objects := newObjects(b, storage)
	if _, err := objects.Put(b.Context(), "c", "65536", generator(size), nil); err != nil {
		b.Fatal(err)
	}
	fsys, err := objects.FS(b.Context(), "c", "")
	if err != nil {
		b.Fatal(err)
	}
	drain := func(r io.ReadCloser, err error) error {
		if err != nil {
			return err
		}
		defer r.Close()
		_, err = io.Copy(io.Discard, struct{ io.Reader }{r})
		return err
	}
	for _, way := range []struct {
		name string
		read func() error
	}{
		{"Get", func() error { return drain(objects.Get(b.Context(), "c", "65536", nil)) }},
		{"FS.ReadFile", func() error { _, err := fsys.ReadFile("65536"); return err }},
		{"FS.Open", func() error { return drain(fsys.Open("65536")) }},
		{"File.ReadAt", func() error {
			file, err := objects.Open(b.Context(), "c", "65536")
			if err != nil {
				return err
			}
			defer file.Close()
			p := make([]byte, 4*kib)
			for at := int64(0); at < size && err == nil; at += int64(len(p)) {
				_, err = file.ReadAt(p, at)
			}
			return err
		}},
	} {
		b.Run(way.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(size)
			for b.Loop() {
				if err := way.read(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
