package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// readFaults reads a file of faults: a JSON object with the key "faults", a list of
// objects. Their keys are those of faultKeys; see faults.json. Without a name
// there are none.
func readFaults(name string) ([]nhncloudtest.Fault, error) {
	if name == "" {
		return nil, nil
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	faults, err := parseFaults(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return faults, nil
}

func parseFaults(data []byte) ([]nhncloudtest.Fault, error) {
	var top map[string]json.RawMessage
	dec := json.NewDecoder(bytes.NewReader(data))
	if err := dec.Decode(&top); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the JSON object")
	}
	for _, key := range slices.Sorted(maps.Keys(top)) {
		if key != "faults" {
			return nil, fmt.Errorf("%q: there is no such key; the only one is \"faults\"", key)
		}
	}
	var list []map[string]json.RawMessage
	if err := json.Unmarshal(top["faults"], &list); err != nil || list == nil {
		return nil, errors.New(`"faults": it is to be a list of objects`)
	}
	var faults []nhncloudtest.Fault
	for i, given := range list {
		f, err := parseFault(given)
		if err != nil {
			return nil, fmt.Errorf("faults[%d].%w", i, err)
		}
		faults = append(faults, f)
	}
	return faults, nil
}

// faultKeys are the keys of a fault, each with the field that it sets.
func faultKeys(f *nhncloudtest.Fault) map[string]any {
	return map[string]any{
		// which requests
		"operation": &f.Operation, "method": &f.Method, "path": &f.Path,
		// how many of those
		"after": &f.After, "times": &f.Times, "probability": &f.Chance,
		// what happens to them
		"delay": (*duration)(&f.Delay), "status": &f.Status, "body": &f.Body, "retryAfter": (*duration)(&f.RetryAfter),
		"drop": &f.Reset, "dropAfter": &f.ResetAfter, "truncate": &f.Truncate,
	}
}

func parseFault(given map[string]json.RawMessage) (f nhncloudtest.Fault, err error) {
	keys := faultKeys(&f)
	for _, key := range slices.Sorted(maps.Keys(given)) {
		field, ok := keys[key]
		if !ok {
			return f, fmt.Errorf("%s: there is no such key; there are %s", key, strings.Join(slices.Sorted(maps.Keys(keys)), ", "))
		}
		if err := json.Unmarshal(given[key], field); err != nil {
			var wrong *json.UnmarshalTypeError
			if errors.As(err, &wrong) {
				return f, fmt.Errorf("%s: %s where a %s is to be", key, wrong.Value, wrong.Type)
			}
			return f, fmt.Errorf("%s: %w", key, err)
		}
	}
	return f, nil
}

// duration is a time that is written as 1.5s or 200ms.
type duration time.Duration

// UnmarshalJSON reads it.
func (d *duration) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) != nil {
		return fmt.Errorf("%s is no time such as \"200ms\"", data)
	}
	parsed, err := time.ParseDuration(text)
	*d = duration(parsed)
	return err
}

// inject injects faults into a cloud. Those that can match no request are refused.
func inject(cloud *nhncloudtest.Server, faults []nhncloudtest.Fault) (err error) {
	next := 0
	defer func() {
		// That is how a cloud says that a Fault makes no sense.
		if problem := recover(); problem != nil {
			err = fmt.Errorf("faults[%d]: %s", next, strings.TrimPrefix(fmt.Sprint(problem), "nhncloudtest: Fault: "))
		}
	}()
	for i, f := range faults {
		next = i
		cloud.Inject(f)
	}
	return nil
}
