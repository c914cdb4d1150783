// Package transfer moves content between readers, files and the services that
// store it: it sends what can be read again as often as it takes, compares the
// checksums of what was sent and received, goes on with a download that broke
// off, and writes files that appear only when they are whole. Each service adds
// the requests.
package transfer
