// Package operations is what the gateway does on the cloud: one function for each
// endpoint, which takes a client of the SDK and the body of the request, and
// returns the body of the answer. It knows nothing of HTTP, so that a request and
// a task that goes on after it run the same code.
//
// The shapes are those that the users of the gateway see. They are types of their
// own and not those of the SDK, because they are this API's promise: a field that
// the SDK gets must not change what the gateway answers.
package operations
