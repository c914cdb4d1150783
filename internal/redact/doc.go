// Package redact takes secrets out of what is shown to people: texts, headers
// and URLs. It finds those that are known by their value, in every form that a
// service may repeat them in, and others by the name they stand under.
package redact
