package nhncloud_test

import (
	"errors"
	"io/fs"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nhncloud-go/nhncloud"
)

// Code that knows package fs alone tells what is not there, or not allowed, and
// takes nothing else for it.
func TestErrorsOfFiles(t *testing.T) {
	t.Parallel()
	targets := []error{fs.ErrNotExist, fs.ErrPermission, fs.ErrExist, fs.ErrInvalid, fs.ErrClosed}
	for status, want := range map[int]error{
		http.StatusNotFound: fs.ErrNotExist, http.StatusGone: fs.ErrNotExist,
		http.StatusForbidden: fs.ErrPermission, http.StatusPaymentRequired: fs.ErrPermission, http.StatusUnavailableForLegalReasons: fs.ErrPermission,
		http.StatusBadRequest: nil, http.StatusUnauthorized: nil, http.StatusConflict: nil, http.StatusPreconditionFailed: nil, http.StatusServiceUnavailable: nil,
	} {
		for _, target := range targets {
			err := error(&nhncloud.Error{StatusCode: status})
			assert.Equal(t, target == want, errors.Is(err, target), "%d %v", status, target)
			assert.Equal(t, target == want, errors.Is(&fs.PathError{Op: "open", Path: "a", Err: err}, target), "%d %v in a PathError", status, target)
		}
	}
	assert.ErrorIs(t, &nhncloud.Error{ResultCode: -5, StatusCode: 200}, fs.ErrNotExist, "of the v1.0 API")
	assert.ErrorIs(t, &nhncloud.Error{ResultCode: -3, StatusCode: 200}, fs.ErrPermission, "of the v1.0 API")
	quota := (&nhncloud.Error{StatusCode: http.StatusForbidden}).WithKind(nhncloud.ErrQuotaExceeded)
	assert.NotErrorIs(t, quota, fs.ErrPermission, "a quota is no permission")
}
