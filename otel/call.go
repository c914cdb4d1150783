package otelnhncloud

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/nhncloud-go/nhncloud"
)

// The attributes that are not in the semantic conventions.
const (
	keyOperation  = attribute.Key("nhncloud.operation")
	keyService    = attribute.Key("nhncloud.service")
	keyAttempts   = attribute.Key("nhncloud.attempts")
	keyErrorCode  = attribute.Key("nhncloud.error.code")
	keyRequestID  = attribute.Key("nhncloud.request_id")
	keyResultCode = attribute.Key("nhncloud.result_code")
)

// about is which call it is.
type about struct {
	operation string
	service   nhncloud.Service
}

// callNames is what all calls of an operation have in common.
type callNames struct {
	name  string
	start []trace.SpanStartOption
}

func newCallNames(a about) *callNames {
	name := a.operation
	if name == "" {
		name = "nhncloud call"
	}
	return &callNames{name, []trace.SpanStartOption{
		trace.WithSpanKind(trace.SpanKindInternal),
		trace.WithAttributes(keyOperation.String(a.operation), keyService.String(string(a.service))),
	}}
}

// callResult is which call it was, and how it ended.
type callResult struct {
	about
	errorType string
}

// measured is the attributes of a measurement.
type measured struct {
	record []metric.RecordOption
	add    []metric.AddOption
}

func newMeasured(attributes ...attribute.KeyValue) *measured {
	set := metric.WithAttributeSet(attribute.NewSet(attributes...))
	return &measured{[]metric.RecordOption{set}, []metric.AddOption{set}}
}

func measuredCall(r callResult) *measured {
	attributes := []attribute.KeyValue{keyOperation.String(r.operation), keyService.String(string(r.service))}
	if r.errorType != "" {
		attributes = append(attributes, semconv.ErrorTypeKey.String(r.errorType))
	}
	return newMeasured(attributes...)
}

// hook puts a span around a call, and measures it.
func (t *telemetry) hook(ctx context.Context, call nhncloud.Call) (context.Context, func(nhncloud.Response, error)) {
	a := about{call.Operation, call.Service}
	names := t.callNames.get(a, newCallNames)
	ctx, span := t.tracer.Start(ctx, names.name, names.start...)
	return ctx, func(r nhncloud.Response, err error) {
		if errors.Is(err, nhncloud.ErrNotModified) {
			err = nil // that is what was asked
		}
		errorType := errorTypeOf(err)
		if span.IsRecording() {
			describe(span, r, err, errorType)
		}
		span.End()
		retries := r.Attempts - 1
		if retries < 1 && !t.callDuration.Enabled(ctx) {
			return
		}
		set := t.callSets.get(callResult{a, errorType}, measuredCall)
		t.callDuration.Record(ctx, r.Duration.Seconds(), set.record...)
		if retries > 0 {
			t.retries.Add(ctx, int64(retries), set.add...)
		}
	}
}

// describe tells in the span of a call what became of it.
func describe(span trace.Span, r nhncloud.Response, err error, errorType string) {
	// On the stack, because the SDK of OpenTelemetry copies them.
	var room [5]attribute.KeyValue
	attributes := append(room[:0], keyAttempts.Int(r.Attempts))
	if r.RequestID != "" {
		attributes = append(attributes, keyRequestID.String(r.RequestID))
	}
	if err != nil {
		attributes = append(attributes, semconv.ErrorTypeKey.String(errorType))
		var e *nhncloud.Error
		if errors.As(err, &e) {
			if e.Code != "" {
				attributes = append(attributes, keyErrorCode.String(e.Code))
			}
			if e.ResultCode != 0 {
				attributes = append(attributes, keyResultCode.Int(e.ResultCode))
			}
		}
		span.SetStatus(codes.Error, err.Error())
	}
	span.SetAttributes(attributes...)
}
