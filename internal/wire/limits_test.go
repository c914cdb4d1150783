package wire_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/internal/wire"
)

// A few bytes of JSON can become many of memory; what is built is limited.
func TestMemoryIsLimited(t *testing.T) {
	t.Parallel()
	const memory = 1 << 16
	many := func(one string) string { return "[" + strings.TrimSuffix(strings.Repeat(one+",", 20_000), ",") + "]" }
	object := func(one string) string {
		var b strings.Builder
		for i := range 10_000 {
			fmt.Fprintf(&b, `,"%d":%s`, i, one)
		}
		return "{" + b.String()[1:] + "}"
	}
	for name, test := range map[string]struct {
		in  string
		out any
	}{
		"structs":      {many("{}"), new([]server)},
		"pointers":     {many("{}"), new([]*server)},
		"nulls":        {many("null"), new([]server)},
		"strings":      {many(`""`), new([]string)},
		"integers":     {many("1"), new([]int64)},
		"lists":        {many("[]"), new([][]int)},
		"maps":         {many("{}"), new([]map[string]any)},
		"any":          {many("{}"), new(any)},
		"any, nested":  {many("[[]]"), new(any)},
		"any, numbers": {many("0"), new(any)},
		"entries":      {object("{}"), new(map[string]server)},
		"texts":        {object("1"), new(map[string]string)},
		"any, entries": {object("0"), new(any)},
		"rest": {object("0"), new(struct {
			Rest map[string]any `wire:"rest"`
		})},
		"inner": {`{"a":{"b":` + many("{}") + `}}`, new(struct {
			A struct {
				B []*flavor `json:"b"`
			} `json:"a"`
		})},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := wire.DecodeLimited(t.Context(), strings.NewReader(test.in), memory, "", test.out)
			require.ErrorIs(t, err, wire.ErrTooMuch)
			assert.NoError(t, wire.Decode(strings.NewReader(test.in), "", test.out), "without a limit")
		})
	}
	var one []server
	require.NoError(t, wire.DecodeLimited(t.Context(), strings.NewReader(`[{},{},{}]`), memory, "", &one))
	require.NoError(t, wire.DecodeLimited(t.Context(), strings.NewReader(`[`+strings.Repeat(" ", 5<<20)+`]`), memory, "", &one), "bytes are not counted here")
}

// endless is an answer that never ends.
type endless struct {
	unit string
	rest string
	read int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.rest == "" {
		e.rest = strings.Repeat(e.unit, 1000)
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	e.read += n
	return n, nil
}

// The end of the context ends the decoding, whatever it is about.
func TestDecodeEndsWithTheContext(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		begin, unit string
		out         any
	}{
		"elements":    {"[", "{},", new([]struct{})},
		"any":         {"[", "1,", new([]struct{ A any })},
		"skipped":     {`{"x":[`, `{"a":[]},`, new(server)},
		"string":      {`{"id":"`, "xxxxxxxx", new(server)},
		"escapes":     {`{"id":"`, `\n`, new(server)},
		"white space": {`{"id":`, " \n\t", new(server)},
		"number":      {`{"progress":`, "1", new(server)},
		"refused":     {`{"name":[`, "1,", new(server)},
		"itself": {`{"a":[`, "1,", new(struct {
			A json.RawMessage `json:"a"`
		})},
		"behind": {`{}`, " ", new(server)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			body := &endless{unit: test.unit}
			r := io.MultiReader(strings.NewReader(test.begin), readerFunc(func(p []byte) (int, error) {
				if body.read > 1<<20 {
					cancel()
				}
				return body.Read(p)
			}))
			err := wire.DecodeLimited(ctx, r, math.MaxInt64, "", test.out)
			if name == "any" { // there is none to be had
				require.Error(t, err)
				return
			}
			require.ErrorIs(t, err, context.Canceled)
			assert.Less(t, body.read, 4<<20)
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	assert.ErrorIs(t, wire.DecodeLimited(ctx, strings.NewReader(`{}`), math.MaxInt64, "", new(server)), context.Canceled)
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestDecodeReadsWithoutProgress(t *testing.T) {
	t.Parallel()
	nothing := readerFunc(func([]byte) (int, error) { return 0, nil })
	assert.ErrorIs(t, wire.Decode(io.MultiReader(strings.NewReader(`{"a":`), nothing), "", new(server)), io.ErrNoProgress)
	sometimes := 0
	assert.NoError(t, wire.Decode(readerFunc(func(p []byte) (int, error) {
		if sometimes++; sometimes%3 != 0 {
			return 0, nil
		}
		return copy(p, "1"), io.EOF
	}), "", new(int)), "a reader may take its time")
}

func TestDecodeNowhere(t *testing.T) {
	t.Parallel()
	for _, out := range []any{nil, server{}, (*server)(nil), 4} {
		assert.ErrorContains(t, wire.Decode(strings.NewReader(`{}`), "", out), "can't decode into a")
	}
}

// Errors stay short, whatever the answer has.
func TestErrorsAreShort(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("한", 10_000)
	for _, in := range []string{
		`{"` + long + `":{"` + long + `":{"` + long + `":{"` + long + `":{"` + long + `":{"` + long + `":[1,{}]}}}}}}`,
		`{"a":{"b":{"c":{"d":{"e":{"f":["` + long + `",{}]}}}}}}`,
		strings.Repeat(`{"child~/name":`, 9000) + `[{}]` + strings.Repeat(`}`, 9000),
	} {
		var out map[string]map[string]map[string]map[string]map[string]map[string][]int
		err := wire.Decode(strings.NewReader(in), "", &out)
		var e *wire.Error
		require.True(t, errors.As(err, &e), "%.100v", err)
		assert.Less(t, len(err.Error()), 1000)
		assert.True(t, strings.HasPrefix(e.Path, "/") || strings.HasPrefix(e.Path, "…/"), e.Path)
	}
	var deep map[string]any
	err := wire.Decode(strings.NewReader(strings.Repeat(`{"child~/name":`, 9000)+`1e999`+strings.Repeat(`}`, 9000)), "", &deep)
	require.ErrorContains(t, err, "child~0~1name/child~0~1name")
	assert.Less(t, len(err.Error()), 1000)
}
