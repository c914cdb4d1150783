package wire_test

import (
	"bytes"
	jsonv1 "encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/internal/wire"
)

// servers1000 is a listing of 1,000 servers that differ the way real ones do.
// The times carry a zone, because encoding/json reads no others.
func servers1000(tb testing.TB) []byte {
	one := payload(tb, "compute-v2-list-servers-detail.response.json")
	one = one[strings.Index(one, "[")+1 : strings.LastIndex(one, "]")]
	one = strings.Replace(one, "01:22:23.000000", "01:22:23.000000Z", 1)
	var b bytes.Buffer
	b.WriteString(`{"servers":[`)
	for i := range 1000 {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strings.NewReplacer(
			"aaf2778b-ea03-4ccc-8b1b-92f4b686c3ec", fmt.Sprintf("%08x-ea03-4ccc-8b1b-%012x", uint32(i)*2654435761, uint64(i)*0x9e3779b97f4a7c15>>16),
			"90712f4f-2faa-4e4f-8eb1-9313a8595570", fmt.Sprintf("%08x-2faa-4e4f-8eb1-%012x", uint32(i)*2246822519, uint64(i)*0xd6e8feb86659fd93>>16),
			"Web-Server", fmt.Sprintf("web-%d", i),
			"172.16.0.40", fmt.Sprintf("172.16.%d.%d", i/250, i%250),
			"fa:16:3e:54:a7:64", fmt.Sprintf("fa:16:3e:54:%02x:%02x", i/256, i%256),
		).Replace(one))
	}
	b.WriteString("]}")
	var compact bytes.Buffer // services send no white space
	if err := jsonv1.Compact(&compact, b.Bytes()); err != nil {
		tb.Fatal(err)
	}
	return compact.Bytes()
}

// TestDecodeServers1000 compares with encoding/json on a body that both read.
func TestDecodeServers1000(t *testing.T) {
	t.Parallel()
	data := servers1000(t)
	var got []*server
	require.NoError(t, wire.Decode(bytes.NewReader(data), "servers", &got))
	var want struct {
		Servers []*server `json:"servers"`
	}
	require.NoError(t, jsonv1.Unmarshal(data, &want))
	require.Equal(t, want.Servers, got)
}

func BenchmarkDecodeServers1000(b *testing.B) {
	data := servers1000(b)
	b.Run("wire", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			var out []*server
			if err := wire.Decode(bytes.NewReader(data), "servers", &out); err != nil || len(out) != 1000 {
				b.Fatal(len(out), err)
			}
		}
		b.ReportMetric(float64(testing.AllocsPerRun(1, func() {
			var out []*server
			_ = wire.Decode(bytes.NewReader(data), "servers", &out)
		}))/1000, "allocs/server")
	})
	b.Run("encoding-json", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			var out struct {
				Servers []*server `json:"servers"`
			}
			if err := jsonv1.NewDecoder(bytes.NewReader(data)).Decode(&out); err != nil || len(out.Servers) != 1000 {
				b.Fatal(len(out.Servers), err)
			}
		}
	})
}

func BenchmarkParseTime(b *testing.B) {
	const in = "2020-02-25T01:22:23.000000Z"
	b.Run("wire", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			wire.ParseTime(in)
		}
	})
	b.Run("time", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, _ = time.Parse(time.RFC3339Nano, in)
		}
	})
}
