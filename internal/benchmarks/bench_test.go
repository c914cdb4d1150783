package benchmarks

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nhncloud-go/nhncloud/internal/benchmarks/service"
)

func BenchmarkGetServer(b *testing.B) {
	for _, p := range peers {
		b.Run(p.name, func(b *testing.B) {
			client := p.make(b, service.NewCloud(b, service.CloudOptions{}))
			ctx := context.Background()
			b.ReportAllocs()
			for b.Loop() {
				if err := client.get(ctx, service.ServerID, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkGetServers asks for another of 1,000 servers each time, so that
// nobody profits from texts that it remembers from the answer before.
func BenchmarkGetServers(b *testing.B) {
	for _, p := range peers {
		b.Run(p.name, func(b *testing.B) {
			client := p.make(b, service.NewCloud(b, service.CloudOptions{}))
			ctx := context.Background()
			i := 0
			b.ReportAllocs()
			for b.Loop() {
				if err := client.get(ctx, service.OtherIDs[i%len(service.OtherIDs)], nil); err != nil {
					b.Fatal(err)
				}
				i++
			}
		})
	}
}

func BenchmarkListServers(b *testing.B) {
	for _, limit := range service.Listed {
		b.Run(fmt.Sprint(limit), func(b *testing.B) {
			for _, p := range peers {
				b.Run(p.name, func(b *testing.B) {
					client := p.make(b, service.NewCloud(b, service.CloudOptions{}))
					ctx := context.Background()
					b.ReportAllocs()
					for b.Loop() {
						if n, err := client.list(ctx, limit, nil); err != nil || n != limit {
							b.Fatal(n, err)
						}
					}
				})
			}
		})
	}
}

func BenchmarkCreateServer(b *testing.B) {
	for _, p := range peers {
		b.Run(p.name, func(b *testing.B) {
			client := p.make(b, service.NewCloud(b, service.CloudOptions{}))
			ctx := context.Background()
			b.ReportAllocs()
			for b.Loop() {
				if err := client.create(ctx, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkParallelGet has 64 goroutines call a service that takes 5 ms. What
// it tells is the number of connections: a transport that keeps few of them
// idle dials again and again, with a TLS handshake each time in real life.
func BenchmarkParallelGet(b *testing.B) {
	const goroutines, latency = 64, 5 * time.Millisecond
	parallel := append(peers[:2:2], struct {
		name string
		make newPeer
	}{"raw-64-idle", func(tb testing.TB, c *service.Cloud) peer {
		transport := http.DefaultTransport.(*http.Transport).Clone()
		transport.MaxIdleConnsPerHost = goroutines
		return newRawOn(tb, c, transport)
	}})
	parallel = append(parallel, peers[2:]...)
	for _, p := range parallel {
		b.Run(p.name, func(b *testing.B) {
			c := service.NewCloud(b, service.CloudOptions{Latency: latency})
			client := p.make(b, c)
			ctx := context.Background()
			var begun atomic.Int64
			var wg sync.WaitGroup
			b.ReportAllocs()
			b.ResetTimer()
			for range goroutines {
				wg.Go(func() {
					for begun.Add(1) <= int64(b.N) {
						if err := client.get(ctx, service.ServerID, nil); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "req/s")
			b.ReportMetric(float64(c.Connections()), "conns")
		})
	}
}

// BenchmarkTokenStorm has 1,000 goroutines call at once when the token is over:
// one that the client could have known to be expired, or one that the service
// refuses all of a sudden. One login is enough, and nobody has to fail.
func BenchmarkTokenStorm(b *testing.B) {
	for _, name := range []string{"expired", "revoked"} {
		b.Run(name, func(b *testing.B) {
			for _, p := range peers {
				if p.name != "sdk" && p.name != "gophercloud" { // the others don't log in again
					continue
				}
				b.Run(p.name, func(b *testing.B) {
					var logins, failed int64
					b.ReportAllocs()
					for b.Loop() {
						b.StopTimer()
						s := newStorm(b, p.make, name == "expired")
						b.StartTimer()
						s.run()
						logins += s.logins()
						failed += s.failed.Load()
					}
					b.ReportMetric(float64(logins)/float64(b.N), "logins/op")
					b.ReportMetric(float64(failed)/float64(b.N), "failed/op")
				})
			}
		})
	}
}

// storm is 1,000 callers with a token that is over.
type storm struct {
	cloud  *service.Cloud
	client peer
	start  chan struct{}
	done   sync.WaitGroup
	failed atomic.Int64
	before int64
}

func newStorm(tb testing.TB, connect newPeer, expired bool) *storm {
	s := &storm{
		cloud: service.NewCloud(tb, service.CloudOptions{Latency: 5 * time.Millisecond, LoginDelay: 20 * time.Millisecond}),
		start: make(chan struct{}),
	}
	const short = 50 * time.Millisecond
	if expired {
		s.cloud.SetLifetime(short)
	}
	s.client = connect(tb, s.cloud)
	if expired {
		s.cloud.SetLifetime(service.Lifetime)
		time.Sleep(short)
	}
	s.cloud.Revoke()
	s.before = s.cloud.Logins()
	for range 1000 {
		s.done.Go(func() {
			<-s.start
			if err := s.client.get(context.Background(), service.ServerID, nil); err != nil {
				s.failed.Add(1)
			}
		})
	}
	return s
}

func (s *storm) run() {
	close(s.start)
	s.done.Wait()
}

func (s *storm) logins() int64 { return s.cloud.Logins() - s.before }
