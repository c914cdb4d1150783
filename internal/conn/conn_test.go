package conn

import (
	"bytes"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pipe returns the two ends of a connection, the first one guarded.
func pipe(t *testing.T) (*Conn, net.Conn) {
	client, server := net.Pipe()
	t.Cleanup(func() { _, _ = client.Close(), server.Close() })
	return Limit(client, time.Minute), server
}

// A connection that falls silent after a request, or in the middle of the
// answer, is given up.
func TestSilentConnection(t *testing.T) {
	t.Parallel()
	for _, answered := range []int{0, 5} {
		synctest.Test(t, func(t *testing.T) {
			conn, server := pipe(t)
			go func() {
				_, _ = io.ReadFull(server, make([]byte, 7))
				time.Sleep(30 * time.Second)
				if answered > 0 {
					_, _ = server.Write(make([]byte, answered))
				}
			}()
			start := time.Now()
			_, err := conn.Write([]byte("request"))
			require.NoError(t, err)
			got, err := io.ReadAll(conn)
			require.ErrorIs(t, err, os.ErrDeadlineExceeded)
			assert.Len(t, got, answered)
			want := time.Minute
			if answered > 0 {
				want += 30 * time.Second
			}
			assert.Equal(t, want, time.Since(start))
		})
	}
}

// One that goes on, however long in all, is not.
func TestSlowConnection(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		conn, server := pipe(t)
		go func() {
			_, _ = io.CopyN(io.Discard, server, 7)
			for range 10 {
				time.Sleep(50 * time.Second)
				_, _ = server.Write([]byte("y"))
			}
			_ = server.Close()
		}()
		start := time.Now()
		_, err := conn.Write([]byte("request"))
		require.NoError(t, err)
		got, err := io.ReadAll(conn)
		require.NoError(t, err)
		assert.Len(t, got, 10)
		assert.Equal(t, 500*time.Second, time.Since(start))
	})
}

// A reader who takes longer for what it has got than a connection may be silent
// goes on where it paused.
func TestSlowReader(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		conn, server := pipe(t)
		go func() {
			for range 3 {
				_, _ = server.Write([]byte("y"))
			}
			_ = server.Close()
		}()
		for range 3 {
			_, err := io.ReadFull(conn, make([]byte, 1))
			require.NoError(t, err)
			time.Sleep(5 * time.Minute)
		}
		_, err := conn.Read(make([]byte, 1))
		require.ErrorIs(t, err, io.EOF)
	})
}

// An upload that net/http copies by itself has the limit for each piece.
func TestSlowUpload(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		conn, server := pipe(t)
		content := bytes.Repeat([]byte("0123456789"), 300_000) // several pieces
		received := make(chan []byte)
		go func() {
			var all []byte
			for len(all) < len(content) {
				piece := make([]byte, min(1<<20, len(content)-len(all)))
				time.Sleep(50 * time.Second)
				_, _ = io.ReadFull(server, piece)
				all = append(all, piece...)
			}
			received <- all
		}()
		n, err := conn.ReadFrom(bytes.NewReader(content))
		require.NoError(t, err)
		assert.EqualValues(t, len(content), n)
		assert.True(t, bytes.Equal(content, <-received))

		_, err = conn.ReadFrom(bytes.NewReader(content)) // nobody reads
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	})
}

// Files and other content arrive whole, in pieces, up to the limit of the
// request.
func TestReadFrom(t *testing.T) {
	t.Parallel()
	content := bytes.Repeat([]byte("0123456789"), 300_000)
	path := filepath.Join(t.TempDir(), "content")
	require.NoError(t, os.WriteFile(path, content, 0o600))
	for _, limit := range []int64{0, 10, 1 << 20, 1<<20 + 1, int64(len(content)), int64(len(content)) + 1} {
		for name, open := range map[string]func() io.Reader{
			"file": func() io.Reader {
				file, err := os.Open(path)
				require.NoError(t, err)
				t.Cleanup(func() { _ = file.Close() })
				return file
			},
			"memory": func() io.Reader { return bytes.NewReader(content) },
		} {
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			require.NoError(t, err)
			received := make(chan []byte)
			go func() {
				conn, err := listener.Accept()
				if err == nil {
					all, _ := io.ReadAll(conn)
					_ = conn.Close()
					received <- all
				}
				close(received)
			}()
			conn, err := net.Dial("tcp", listener.Addr().String())
			require.NoError(t, err)
			guarded := Limit(conn, time.Minute)
			limited := &io.LimitedReader{R: open(), N: limit}
			n, err := guarded.ReadFrom(limited)
			require.NoError(t, err, name)
			want := content[:min(limit, int64(len(content)))]
			assert.EqualValues(t, len(want), n, name)
			assert.Equal(t, limit-n, limited.N, name)
			require.NoError(t, guarded.Close())
			assert.True(t, bytes.Equal(want, <-received), name)
			require.NoError(t, listener.Close())
		}
	}
}
