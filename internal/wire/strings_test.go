package wire

import (
	"fmt"
	"io"
	"math"
	"reflect"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
)

func TestStringCache(t *testing.T) {
	t.Parallel()
	var c stringCache
	for n := range 200 {
		want := strings.Repeat("x", n)
		buf := []byte(want)
		first, second := c.get(buf), c.get(buf)
		clear(buf)
		assert.Equal(t, want, first)
		assert.Equal(t, want, second)
		shared := n > 0 && unsafe.StringData(first) == unsafe.StringData(second)
		assert.Equal(t, n == 1 || 2 <= n && n <= maxCached, shared, "length %d", n)
	}
}

// TestStringCacheCollisions gets many more texts than the table has slots.
func TestStringCacheCollisions(t *testing.T) {
	t.Parallel()
	var c stringCache
	var got []string
	buf := make([]byte, 0, 64)
	for range 2 {
		for i := range 10 * len(c.slots) {
			buf = fmt.Appendf(buf[:0], "text-%d", i)
			got = append(got, c.get(buf))
		}
	}
	for i, s := range got {
		assert.Equal(t, fmt.Sprintf("text-%d", i%(10*len(c.slots))), s)
	}
}

func TestStringCacheSpreads(t *testing.T) {
	t.Parallel()
	slots := map[uint64]bool{}
	for i := range 1024 {
		slots[hash(fmt.Appendf(nil, "17975e9d-1533-40db-bd02-%012x", i))] = true
	}
	// Random placement fills about 63 % of the slots.
	assert.Greater(t, len(slots), 512)
}

func FuzzStringCache(f *testing.F) {
	for _, seed := range []string{"", "a", "ab", "ACTIVE", "kr-pub-a", "17975e9d-1533-40db-bd02-2072cd2ccb7f", strings.Repeat("x", 129)} {
		f.Add([]byte(seed), []byte("BUILD"))
	}
	var c stringCache
	f.Fuzz(func(t *testing.T, a, b []byte) {
		wantA, wantB := string(a), string(b)
		gotA, gotB := c.get(a), c.get(b)
		again := c.get(a)
		clear(a)
		clear(b)
		if gotA != wantA || gotB != wantB || again != wantA {
			t.Errorf("%q %q %q for %q %q", gotA, gotB, again, wantA, wantB)
		}
	})
}

// TestResetDropsLargeBuffers checks that one large answer does not stay in
// memory with the pooled decoder.
func TestResetDropsLargeBuffers(t *testing.T) {
	t.Parallel()
	large := strings.Repeat("x", 4*maxPooledScratch)
	pairs := make([]string, 2*maxPooledPairs)
	for i := range pairs {
		pairs[i] = fmt.Sprintf(`"k%d":"v"`, i)
	}
	for name, in := range map[string]string{
		"plain":   `{"a":"` + large + `"}`,
		"escaped": `{"a":"\n` + large + `"}`,
		"pairs":   "{" + strings.Join(pairs, ",") + "}",
		"small":   `{"a":"\n"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := decoders.New().(*decoder)
			d.begin(t.Context(), io.MultiReader(strings.NewReader(in)), math.MaxInt64)
			var m map[string]string
			assert.NoError(t, d.whole(planOf(reflect.TypeOf(m)), "", reflect.ValueOf(&m).Elem()))
			assert.NotEmpty(t, m)
			d.finish()
			assert.LessOrEqual(t, cap(d.buf), fullBuffer)
			assert.LessOrEqual(t, cap(d.scratch), maxPooledScratch)
			assert.LessOrEqual(t, cap(d.pairs), maxPooledPairs)
			for _, p := range d.pairs[:cap(d.pairs)] {
				assert.Zero(t, p)
			}
			assert.Nil(t, d.r, "the body")
		})
	}
}
