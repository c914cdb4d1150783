package wiretest

import (
	"github.com/stretchr/testify/assert"
)

func (w *wire) listings() {
	path := w.container()
	for _, name := range []string{"a", "b", "c"} {
		w.do(201, "PUT", path+"/"+name, "")
	}
	// A NUL is a character as others are, though no name has it.
	for query, want := range map[string][]string{
		"marker=a%00": {"b", "c"}, "marker=%00": {"a", "b", "c"}, "end_marker=b%00": {"a", "b"}, "end_marker=%00": nil,
		"prefix=a%00": nil, "prefix=%00": nil, "delimiter=%00": {"a", "b", "c"},
		"limit=2": {"a", "b"}, "limit=00000000000000000002": {"a", "b"}, "limit=0": nil, "limit=10000": {"a", "b", "c"},
		"limit=-1": {"a", "b", "c"}, "limit=%2B1": {"a", "b", "c"}, "limit=1.0": {"a", "b", "c"}, "limit=1e0": {"a", "b", "c"},
	} {
		assert.Equal(w.t, want, append([]string(nil), w.names(path+"?"+query)...), query)
	}
	for _, at := range []string{"", path} {
		for _, limit := range []string{"10001", "2147483647", "2147483648", "4294967296", "9223372036854775808", "99999999999999999999999"} {
			r := w.do(412, "GET", at+"?limit="+limit, "")
			assert.Equal(w.t, "Maximum limit is 10000", r.text)
		}
		for _, parameter := range []string{"marker", "end_marker", "prefix", "delimiter"} {
			r := w.do(400, "GET", at+"?"+parameter+"=a%ff", "")
			assert.Equal(w.t, `"`+parameter+`" parameter not valid UTF-8`, r.text)
		}
	}
	w.do(412, "GET", path+"/a%00", "")
}
