// Package browser has the tests of the gateway in a real browser: its page, its
// Swagger UI, and what pages of other origins may do. They need a Chromium, which
// fetch.sh finds:
//
//	NHNCLOUD_CHROMIUM=$(internal/browser/fetch.sh "$(mktemp -d)") go test ./internal/browser
//
// The pictures in docs are made with NHNCLOUD_UPDATE_SCREENSHOTS=1 as well, and a
// font for Korean: add fonts-nanum to the arguments of fetch.sh.
package browser
