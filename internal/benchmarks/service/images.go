package service

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// imagesPath is where a [Storage] has images: each is as large as its id says,
// and has zeros in its file.
const imagesPath = "/v2/images/"

// image serves an image, or its file.
func image(w http.ResponseWriter, r *http.Request) {
	id, what, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, imagesPath), "/")
	size, _ := strconv.ParseInt(id, 10, 64)
	switch {
	case r.Method == http.MethodPut:
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusNoContent)
	case what == "file":
		w.Header().Set("Content-Md5", zeroMD5(size))
		serve(w, r, size)
	default:
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"id": %q, "status": "active", "size": %d, "checksum": %q}`, id, size, zeroMD5(size))
	}
}
