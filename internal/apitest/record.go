package apitest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"github.com/nhncloud-go/nhncloud"
)

// LogVariable names the environment variable with the folder that sent
// operations are recorded in.
const LogVariable = "NHNCLOUD_OPERATIONS_LOG"

var logFile = sync.OnceValue(func() *os.File {
	folder := os.Getenv(LogVariable)
	if folder == "" {
		return nil
	}
	file, err := os.OpenFile(filepath.Join(folder, fmt.Sprintf("ops-%d.log", os.Getpid())), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		panic(err)
	}
	return file
})

// Record is middleware that records each exchange for the coverage check, when
// a folder for it is set:
//
//	operation-id METHOD /path?query STATUS
//
// The status is ERR without an answer, and 200! for a failure in the envelope
// of the v1.0 API.
func Record(next http.RoundTripper) http.RoundTripper {
	return nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
		resp, err := next.RoundTrip(r)
		call, ok := nhncloud.CallFromContext(r.Context())
		if file := logFile(); file != nil && ok {
			line := fmt.Sprintf("%s %s %s %s\n", call.Operation, r.Method, r.URL.RequestURI(), outcome(call, resp))
			if _, err := file.WriteString(line); err != nil {
				panic(err)
			}
		}
		return resp, err
	})
}

func outcome(call nhncloud.Call, resp *http.Response) string {
	if resp == nil {
		return "ERR"
	}
	status := strconv.Itoa(resp.StatusCode)
	if call.Service != nhncloud.ServiceAppKey {
		return status
	}
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), errorReader{err}))
	var envelope struct {
		Header struct {
			IsSuccessful bool `json:"isSuccessful"`
		} `json:"header"`
	}
	if json.Unmarshal(body, &envelope) != nil || !envelope.Header.IsSuccessful {
		status += "!"
	}
	return status
}

// errorReader ends a body as the original one did.
type errorReader struct{ err error }

func (r errorReader) Read([]byte) (int, error) {
	if r.err != nil {
		return 0, r.err
	}
	return 0, io.EOF
}
