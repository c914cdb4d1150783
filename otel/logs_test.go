package otelnhncloud_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/trace"

	otelnhncloud "github.com/nhncloud-go/nhncloud/otel"
)

func TestLogHandler(t *testing.T) {
	t.Parallel()
	span := trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}})
	traced := trace.ContextWithSpanContext(t.Context(), span)
	var out bytes.Buffer
	logger := slog.New(otelnhncloud.LogHandler(slog.NewJSONHandler(&out, nil))).With("a", 1)
	record := func(ctx context.Context, l *slog.Logger) map[string]any {
		t.Helper()
		out.Reset()
		l.InfoContext(ctx, "m", "z", 9)
		var got map[string]any
		require.NoError(t, json.Unmarshal(out.Bytes(), &got))
		delete(got, "time")
		return got
	}
	ids := map[string]any{"trace_id": "01000000000000000000000000000000", "span_id": "0200000000000000"}
	with := func(more map[string]any, traced bool) map[string]any {
		want := map[string]any{"level": "INFO", "msg": "m", "a": 1.0}
		for k, v := range more {
			want[k] = v
		}
		if traced {
			want["trace_id"], want["span_id"] = ids["trace_id"], ids["span_id"]
		}
		return want
	}
	grouped := logger.WithGroup("").WithGroup("g").With("b", 2)
	inGroup := map[string]any{"g": map[string]any{"b": 2.0, "z": 9.0}}
	assert.Equal(t, with(map[string]any{"z": 9.0}, false), record(t.Context(), logger))
	assert.Equal(t, with(map[string]any{"z": 9.0}, true), record(traced, logger))
	assert.Equal(t, with(inGroup, false), record(t.Context(), grouped))
	assert.Equal(t, with(inGroup, true), record(traced, grouped), "the trace is outside of the group")
	assert.False(t, logger.Enabled(traced, slog.LevelDebug))
}
