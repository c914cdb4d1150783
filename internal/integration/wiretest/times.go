package wiretest

import (
	"strconv"
	"time"

	"github.com/stretchr/testify/assert"
)

const latest = "9999999999" // in 2286

// now is the target's time: that of the in-memory cloud may be another.
func (w *wire) now() int64 {
	w.t.Helper()
	at, err := time.Parse(time.RFC1123, w.do(200, "GET", "?limit=1", "").get("Date"))
	if !assert.NoError(w.t, err) {
		return 0
	}
	return at.Unix()
}

func (w *wire) expiry() {
	path := w.container()
	soon := strconv.FormatInt(w.now()+1000, 10)
	for value, want := range map[string]string{
		latest: latest, "99999999999": latest, "12345678901234567890": latest, soon: soon, "+" + soon: soon,
		"9999999999.5": "Non-integer X-Delete-At", "1e10": "Non-integer X-Delete-At", "bad": "Non-integer X-Delete-At",
		"": "Non-integer X-Delete-At", "--5": "Non-integer X-Delete-At",
		"0": "X-Delete-At in past", "1": "X-Delete-At in past", "-12345678901234567890": "X-Delete-At in past",
	} {
		refused := want[0] != '9' && want != soon
		w.do(201, "PUT", path+"/post", "x")
		for method, done := range map[string]int{"PUT": 201, "POST": 202} {
			at := map[string]string{"PUT": "/put", "POST": "/post"}[method]
			if refused {
				r := w.do(400, method, path+at, "", "X-Delete-At", value)
				assert.Equal(w.t, want, r.text)
				w.same(r, "Content-Type", "text/plain")
				continue
			}
			w.do(done, method, path+at, "", "X-Delete-At", value)
			assert.Equal(w.t, want, w.do(200, "HEAD", path+at, "").get("X-Delete-At"), value)
		}
	}
	for value, want := range map[string]string{
		latest: latest, "12345678901234567890": latest, "1.5": "Non-integer X-Delete-After", "bad": "Non-integer X-Delete-After",
		"": "Non-integer X-Delete-After", "0": "X-Delete-After in past", "-1": "X-Delete-After in past",
	} {
		if want != latest {
			assert.Equal(w.t, want, w.do(400, "PUT", path+"/after", "", "X-Delete-After", value).text)
			continue
		}
		w.do(201, "PUT", path+"/after", "", "X-Delete-After", value)
		assert.Equal(w.t, want, w.do(200, "HEAD", path+"/after", "").get("X-Delete-At"), value)
	}
}

func (w *wire) deletionOfExpired() {
	path := w.container()
	at := strconv.FormatInt(w.now()+1000, 10)
	w.do(201, "PUT", path+"/x", "x", "X-Delete-At", at)
	r := w.do(400, "DELETE", path+"/x", "", "X-If-Delete-At", "bad")
	assert.Equal(w.t, "Bad X-If-Delete-At header value", r.text)
	for _, other := range []string{"5", "1.5"} {
		r = w.do(412, "DELETE", path+"/x", "", "X-If-Delete-At", other)
		assert.Equal(w.t, "X-If-Delete-At and X-Delete-At do not match", r.text)
	}
	w.do(400, "DELETE", path+"/nope", "", "X-If-Delete-At", "bad")
	w.do(404, "DELETE", "/wire-missing/x", "", "X-If-Delete-At", "bad")
	// It is a condition of deletions alone.
	w.do(200, "GET", path+"/x", "", "X-If-Delete-At", "bad")
	w.do(204, "DELETE", path+"/x", "", "X-If-Delete-At", at)
	w.do(201, "PUT", path+"/x", "x", "X-If-Delete-At", "bad")
	w.do(412, "DELETE", path+"/x", "", "X-If-Delete-At", at)
}
