// Package otelnhncloud tells OpenTelemetry what a client of NHN Cloud does: each
// call and each of its attempts is a span, both are measured, and logs have the
// trace that they belong to.
//
//	import otelnhncloud "github.com/nhncloud-go/nhncloud/otel"
//
//	client, err := nhncloud.NewClient(config, otelnhncloud.Telemetry())
//
// It is a module of its own, so that programs without OpenTelemetry have none of
// it, and stands on the API of OpenTelemetry alone: where the spans and the
// numbers go is up to the program, by the global providers or by
// [WithTracerProvider] and [WithMeterProvider].
//
// # Spans
//
// A call is a span of kind internal, named by the documented operation, such as
// compute-v2-get-server, from before its login to after its last attempt. The
// login is a call of its own inside. Each attempt is a span of kind client
// inside its call, named "GET compute-v2-get-server", with the attributes of the
// semantic conventions for HTTP clients, v1.43.0:
//
//	http.request.method          also http.request.method_original, where it is not a standard one
//	http.request.resend_count    from the second attempt on
//	http.response.status_code
//	error.type                   the status from 400 on, "canceled", "timeout", or the type of the error
//	network.protocol.version
//	server.address, server.port
//	url.full                     as nhncloud.RedactedURL shows it
//
// It ends when the body of the answer was read or closed, and so later than its
// call where a program streams what [nhncloud.Client.Open] returned. Spans of
// both kinds have
//
//	nhncloud.operation
//	nhncloud.service
//
// and those of calls have besides
//
//	error.type              the kind of the error, such as not_found
//	nhncloud.attempts
//	nhncloud.error.code     of the service, where it sent one
//	nhncloud.request_id
//	nhncloud.result_code    of a failed answer of the v1.0 API, whose HTTP status is 200
//
// A call that fails has the status Error with the text of its error; that an
// object is not modified is none.
//
// # Metrics
//
//	nhncloud.client.call.duration    s    histogram; its count is that of the calls
//	nhncloud.client.retries          1    attempts beyond the first of a call
//	http.client.request.duration     s    histogram; its count is that of the attempts
//	http.client.request.body.size    By   histogram of bodies that were answered
//	http.client.response.body.size   By   histogram of what was read of answers
//
// The first two have nhncloud.operation, nhncloud.service and error.type, the
// others nhncloud.operation, http.request.method, http.response.status_code,
// server.address, server.port, network.protocol.version and error.type. There are
// as many of them as a program has operations and outcomes, and no ids.
//
// # Logs
//
// The SDK logs with the context of the call. [LogHandler] adds trace_id and
// span_id to what is logged with a context that has them:
//
//	logger := slog.New(otelnhncloud.LogHandler(slog.NewJSONHandler(os.Stderr, nil)))
//	client, err := nhncloud.NewClient(config, nhncloud.WithLogger(logger), otelnhncloud.Telemetry())
//
// # What is not told
//
// No token, password, key, body, or signature of a URL gets into a span, a number
// or a log. And the services are told nothing either: a request has no headers of
// a trace, because the cloud is another's system, unless [WithPropagator] asks
// for them.
package otelnhncloud
