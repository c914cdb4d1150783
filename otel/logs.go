package otelnhncloud

import (
	"context"
	"log/slog"

	"go.opentelemetry.io/otel/trace"
)

// LogHandler returns a handler that adds trace_id and span_id, in the form of the
// W3C, to the records whose context has a span, outside of all groups, and hands
// them to next. It is for the logger of a client ([nhncloud.WithLogger]) and for
// any other of the program.
func LogHandler(next slog.Handler) slog.Handler { return &logHandler{plain: next, grouped: next} }

// logHandler adds the trace. Once there is a group it goes back to the handler
// before it, so that the trace stays outside.
type logHandler struct {
	plain   slog.Handler                      // before the first group
	grouped slog.Handler                      // with all groups and attributes
	steps   []func(slog.Handler) slog.Handler // from plain to grouped
}

// Enabled asks the handler behind.
func (h *logHandler) Enabled(ctx context.Context, level slog.Level) bool {
	return h.grouped.Enabled(ctx, level)
}

// Handle adds the trace of the context.
func (h *logHandler) Handle(ctx context.Context, r slog.Record) error {
	span := trace.SpanContextFromContext(ctx)
	if !span.IsValid() {
		return h.grouped.Handle(ctx, r)
	}
	attrs := []slog.Attr{slog.String("trace_id", span.TraceID().String()), slog.String("span_id", span.SpanID().String())}
	if h.steps == nil {
		r = r.Clone()
		r.AddAttrs(attrs...)
		return h.plain.Handle(ctx, r)
	}
	next := h.plain.WithAttrs(attrs)
	for _, step := range h.steps {
		next = step(next)
	}
	return next.Handle(ctx, r)
}

// WithAttrs returns a handler whose records have the attributes.
func (h *logHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	if h.steps == nil {
		return LogHandler(h.plain.WithAttrs(attrs))
	}
	return h.then(func(next slog.Handler) slog.Handler { return next.WithAttrs(attrs) })
}

// WithGroup returns a handler that puts what follows into a group.
func (h *logHandler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	return h.then(func(next slog.Handler) slog.Handler { return next.WithGroup(name) })
}

func (h *logHandler) then(step func(slog.Handler) slog.Handler) slog.Handler {
	return &logHandler{h.plain, step(h.grouped), append(h.steps[:len(h.steps):len(h.steps)], step)}
}
