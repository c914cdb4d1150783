package nhncloud_test

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"net/url"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

// pages is a listing of numbers, page by page.
type pages struct {
	size, count int
	takes       time.Duration // a page
	fetched     int
	yielded     int
	fails       error // behind all pages
}

func (p *pages) all(ctx context.Context) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		for page := range p.count {
			p.fetched++
			select {
			case <-time.After(p.takes):
			case <-ctx.Done():
				yield(0, ctx.Err())
				return
			}
			for i := range p.size {
				p.yielded++
				if !yield(page*p.size+i, nil) {
					return
				}
			}
		}
		if p.fails != nil {
			yield(0, p.fails)
		}
	}
}

// ways are the ways to read ahead.
func (p *pages) ways(ctx context.Context, n int) map[string]iter.Seq2[int, error] {
	return map[string]iter.Seq2[int, error]{
		"ReadAhead":        nhncloud.ReadAhead(p.all(ctx), n),
		"ReadAheadContext": nhncloud.ReadAheadContext(ctx, p.all, n),
	}
}

// All items come in their order, with the error behind them, each time anew, and
// nothing before the loop.
func TestReadAhead(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for _, n := range []int{-1, 0, 1, 2, 7, 10, 1000} {
		synctest.Test(t, func(t *testing.T) {
			p := &pages{size: 10, count: 3, fails: broken}
			for name, seq := range p.ways(t.Context(), n) {
				for range 2 {
					p.fetched = 0
					synctest.Wait()
					assert.Zero(t, p.fetched)
					got, err := nhncloud.Collect(seq)
					require.Equal(t, broken, err, name)
					require.Len(t, got, 30)
					for i, item := range got {
						assert.Equal(t, i, item)
					}
				}
			}
		})
	}
}

// The listing is as far ahead as it is told, and no further.
func TestReadAheadIsBounded(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 5, 10, 25} {
		synctest.Test(t, func(t *testing.T) {
			p := &pages{size: 10, count: 10}
			taken, most := 0, 0
			for _, err := range nhncloud.ReadAhead(p.all(t.Context()), n) {
				require.NoError(t, err)
				taken++
				time.Sleep(time.Second)
				synctest.Wait()
				most = max(most, p.yielded-taken)
			}
			assert.Equal(t, n+1, most, "those ahead, and one that has no room yet")
		})
	}
}

// With 20 ms a page and 20 ms of work on each, the one is done during the other.
func TestReadAheadSavesTime(t *testing.T) {
	t.Parallel()
	const size, count, wait = 100, 20, 20 * time.Millisecond
	run := func(t *testing.T, ahead func(iter.Seq2[int, error]) iter.Seq2[int, error]) (took time.Duration) {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			p := &pages{size: size, count: count, takes: wait}
			for _, err := range ahead(p.all(t.Context())) {
				require.NoError(t, err)
				time.Sleep(wait / size)
			}
			took = time.Since(start)
		})
		return took
	}
	without := run(t, func(seq iter.Seq2[int, error]) iter.Seq2[int, error] { return seq })
	with := run(t, func(seq iter.Seq2[int, error]) iter.Seq2[int, error] { return nhncloud.ReadAhead(seq, size) })
	half := run(t, func(seq iter.Seq2[int, error]) iter.Seq2[int, error] { return nhncloud.ReadAhead(seq, size/2) })
	assert.Equal(t, 2*count*wait, without)
	assert.Equal(t, (count+1)*wait, with)
	assert.LessOrEqual(t, with.Seconds(), 0.6*without.Seconds())
	assert.Less(t, half, without)
	assert.Greater(t, half, with)
}

// However the loop ends, the goroutine has ended too: a bubble with one left
// fails. The page that is on its way is waited for, or cancelled.
func TestReadAheadEnds(t *testing.T) {
	t.Parallel()
	const page = time.Hour
	for name, leave := range map[string]func(seq iter.Seq2[int, error]){
		"break": func(seq iter.Seq2[int, error]) {
			for range seq {
				break
			}
		},
		"panic": func(seq iter.Seq2[int, error]) {
			defer func() { _ = recover() }()
			for range seq {
				panic("in the loop")
			}
		},
		"exit": func(seq iter.Seq2[int, error]) {
			done := make(chan struct{})
			go func() {
				defer close(done)
				for range seq {
					runtime.Goexit()
				}
			}()
			<-done
		},
	} {
		for way, least := range map[string]time.Duration{"ReadAhead": page, "ReadAheadContext": 0} {
			t.Run(name+"/"+way, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					p := &pages{size: 10, count: 3, takes: page}
					start := time.Now()
					leave(func(yield func(int, error) bool) {
						for item, err := range p.ways(t.Context(), 10)[way] {
							synctest.Wait()
							start = time.Now()
							assert.Equal(t, 2, p.fetched, "the next page is on its way")
							if !yield(item, err) {
								return
							}
						}
					})
					assert.Equal(t, least, time.Since(start))
					assert.Equal(t, 2, p.fetched, "and no further one was begun")
				})
			})
		}
	}
	t.Run("cancelled before", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			p := &pages{size: 10, count: 3, takes: page}
			start := time.Now()
			for range nhncloud.ReadAhead(p.all(ctx), 10) {
				cancel()
				break
			}
			assert.Equal(t, page, time.Since(start), "that of the first page")
		})
	})
	t.Run("by its context", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), page+time.Minute)
			defer cancel()
			for name, seq := range (&pages{size: 10, count: 1, takes: 2 * page}).ways(ctx, 10) {
				_, err := nhncloud.Collect(seq)
				assert.ErrorIs(t, err, context.DeadlineExceeded, name)
			}
		})
	})
}

// What the listing panics with reaches the loop, behind what came before it.
func TestReadAheadPanics(t *testing.T) {
	t.Parallel()
	seq := func(end func()) iter.Seq2[int, error] {
		return func(yield func(int, error) bool) {
			_ = yield(1, nil) && yield(2, nil)
			end()
		}
	}
	synctest.Test(t, func(t *testing.T) {
		got := 0
		assert.PanicsWithValue(t, "bug", func() {
			for range nhncloud.ReadAhead(seq(func() { panic("bug") }), 5) {
				got++
			}
		})
		assert.Equal(t, 2, got)
		assert.PanicsWithValue(t, "bug", func() {
			for range nhncloud.ReadAhead(seq(func() { panic("bug") }), 5) {
				break
			}
		}, "it is not lost")
		assert.PanicsWithValue(t, "loop", func() {
			for range nhncloud.ReadAhead(seq(func() { panic("bug") }), 5) {
				panic("loop")
			}
		}, "that of the loop came first")
		after := false
		done := make(chan struct{})
		go func() {
			defer close(done)
			for range nhncloud.ReadAhead(seq(runtime.Goexit), 5) {
				continue
			}
			after = true
		}()
		<-done
		assert.False(t, after, "as if the loop had run it")
	})
}

// The requests of the listing are those that it has by itself, and one that is on
// its way ends with the loop.
func TestReadAheadCancelsRequests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var ended error
		client, err := nhncloud.NewClient(nhncloud.Config{Region: nhncloud.KR1, TenantID: "t"},
			nhncloud.WithTokenSource(nhncloud.StaticToken("token")), nhncloud.WithEndpoint(nhncloud.ServiceCompute, "https://127.0.0.1"),
			nhncloud.WithHTTPClient(&http.Client{Transport: nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
				if r.URL.Query().Get("marker") != "" {
					<-r.Context().Done()
					ended = context.Cause(r.Context())
					return nil, r.Context().Err()
				}
				return answer(http.StatusOK, `{"items": [1, 2, 3]}`)(r)
			})}))
		require.NoError(t, err)
		list := func(ctx context.Context) iter.Seq2[int, error] {
			return nhncloud.Paginate("", func(marker string) (nhncloud.Page[int], error) {
				page := nhncloud.Page[int]{Next: "next"}
				request := nhncloud.Request{Operation: "list", Service: nhncloud.ServiceCompute, Method: http.MethodGet, Path: "/items", ResponseKey: "items"}
				if marker != "" {
					request.Query = url.Values{"marker": {marker}}
				}
				err := client.Do(ctx, request, &page.Items)
				return page, err
			})
		}
		for item, err := range nhncloud.ReadAheadContext(t.Context(), list, 10) {
			require.NoError(t, err)
			synctest.Wait()
			if item == 2 {
				break
			}
		}
		assert.Equal(t, context.Canceled, ended)
	})
}
