// Package frame is what the services of the cloud stand in. It takes a request
// from its first byte to the last one of its answer: it reads the body, finds
// the call, writes the request down, does what an injected fault says, takes
// the lock, looks at the clock, asks who calls, runs the handler and sends what
// that returns. It knows none of the services; each brings its calls, its
// [Dialect] and a hook that looks at tokens.
//
// What several services share lies here too: the clock and what is planned on
// it, JSON, ids, times, pages, and the errors of keystone and nova.
package frame
