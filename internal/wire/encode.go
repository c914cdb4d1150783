package wire

import "github.com/go-json-experiment/json"

// Marshal encodes the body of a request. Members of a map come in the order of
// their names, so that equal requests have equal bodies.
func Marshal(v any) ([]byte, error) {
	return json.Marshal(v, deterministic)
}

var deterministic = json.JoinOptions(json.Deterministic(true))
