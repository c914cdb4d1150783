package frame

import (
	"bytes"
	"io"
	"net/http"
)

// Reply is an answer before it is sent. One without a status is none: the
// connection is cut, because the client broke off.
type Reply struct {
	Status  int
	Header  http.Header
	Body    []byte
	Content Content // instead of a Body
	Message string  // of an error, for those who word it anew
}

// Content is a body that is read while it is sent, and closed afterwards.
type Content interface {
	io.Reader
	Size() int64
	Close()
}

const (
	// JSONType is the content type of JSON.
	JSONType     = "application/json"
	jsonUTF8Type = "application/json; charset=UTF-8"
)

// Answer is a JSON answer; a nil body makes an empty one.
func Answer(status int, body any) Reply {
	r := Reply{Status: status, Header: http.Header{}}
	if body != nil {
		r.Header.Set("Content-Type", JSONType)
		r.Body = Encode(body)
	}
	return r
}

// Size is how many bytes follow the headers.
func (r Reply) Size() int64 {
	if r.Content != nil {
		return r.Content.Size()
	}
	return int64(len(r.Body))
}

func (r Reply) reader() io.Reader {
	if r.Content != nil {
		return r.Content
	}
	return bytes.NewReader(r.Body)
}

// StatusText is the title of an error.
func StatusText(status int) string {
	switch status {
	case http.StatusRequestEntityTooLarge:
		return "Request Entity Too Large"
	case 0, 498:
		return "Error"
	}
	return http.StatusText(status)
}
