package oncebody

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What was read is there again for the next attempt, as long as that is little.
func TestKept(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		size, read int // of the content, and in the first attempt
		spent      bool
	}{
		"nothing read":       {size: 100 << 10},
		"little":             {size: 3, read: 2},
		"all, without end":   {size: 3, read: 3},
		"a part":             {size: 100 << 10, read: 10 << 10},
		"as much as is kept": {size: maxKept, read: maxKept},
		"no more than that":  {size: maxKept + 1, read: maxKept},
		"more":               {size: maxKept + 1, read: maxKept + 1, spent: true},
		"much more":          {size: 1 << 20, read: 1 << 19, spent: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			content := bytes.Repeat([]byte("0123456789abcdef"), test.size/16+1)[:test.size]
			for how, reader := range map[string]io.Reader{
				"whole": bytes.NewReader(content), "in halves": iotest.HalfReader(bytes.NewReader(content)), "early end": iotest.DataErrReader(bytes.NewReader(content)),
			} {
				var source Source
				source.Init(reader)
				first := source.Open()
				_, err := io.ReadFull(first, make([]byte, test.read))
				require.NoError(t, err)
				require.Equal(t, test.spent, source.Spent(), how)
				_, err = first.Read(make([]byte, 1))
				require.ErrorIs(t, err, errOver, "the transport may still hold it")
				if test.spent {
					continue
				}
				for range 3 {
					got, err := io.ReadAll(iotest.OneByteReader(source.Open()))
					require.NoError(t, err)
					assert.True(t, bytes.Equal(content, got), how)
					if test.size > maxKept {
						assert.True(t, source.Spent())
						break
					}
				}
			}
		})
	}
}

// A reader that fails will not do better.
func TestKeptFails(t *testing.T) {
	t.Parallel()
	broken := errors.New("disk on fire")
	var source Source
	source.Init(io.MultiReader(strings.NewReader("abc"), iotest.ErrReader(broken)))
	_, err := io.ReadAll(source.Open())
	require.ErrorIs(t, err, broken)
	assert.True(t, source.Spent())
	got, err := io.ReadAll(source.Open())
	require.ErrorIs(t, err, broken)
	assert.Equal(t, "abc", string(got))
}

// Nobody knows what a read brings that is under way.
func TestKeptWhileRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		in, out := io.Pipe()
		var source Source
		source.Init(in)
		read := make(chan error, 1)
		body := source.Open()
		go func() {
			_, err := body.Read(make([]byte, 10))
			read <- err
		}()
		synctest.Wait()
		assert.True(t, source.Spent())
		require.NoError(t, out.Close())
		require.ErrorIs(t, <-read, errOver)
		assert.False(t, source.Spent(), "it has ended")
	})
}
