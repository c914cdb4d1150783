// Package v1 is the v1.0 API, which one reaches by an appkey. It shows what
// compute, block storage, image and network have, in words of its own. Every
// answer has the HTTP status 200 and a header that tells how it went.
package v1
