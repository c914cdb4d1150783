package frame

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
)

// Operation is a documented call and the method that it is made with; an empty
// one stands for any.
type Operation struct{ ID, Method string }

// Use gives the frame its services. It is called once, before Serve.
func (f *Frame) Use(apis ...*API) {
	f.APIs = apis
	f.operations = map[string][]string{}
	add := func(id, method string) {
		if id != "" {
			f.operations[id] = append(f.operations[id], method)
		}
	}
	for _, api := range apis {
		for _, op := range api.Operations {
			add(op.ID, op.Method)
		}
		for _, rt := range api.Routes {
			add(rt.Operation, rt.Method)
			for _, action := range rt.Actions {
				add(action.Operation, rt.Method)
			}
			if rt.Method == http.MethodGet {
				add(rt.Operation, http.MethodHead) // the mux takes both
			}
		}
	}
}

// Operations are the ids of all documented calls that the services answer, in
// order.
func (f *Frame) Operations() []string { return slices.Sorted(maps.Keys(f.operations)) }

// CheckOperation refuses an id that no call has.
func (f *Frame) CheckOperation(id string) error {
	if _, ok := f.operations[id]; ok {
		return nil
	}
	near, hint := nearest(id, f.Operations()), ""
	if near != "" {
		hint = fmt.Sprintf(" (did you mean %q?)", near)
	}
	return fmt.Errorf("no call of the cloud is operation %q%s; Operations lists those that are", id, hint)
}

// nearest is the word that most resembles another, by how it begins and ends; ""
// when none does.
func nearest(word string, all []string) string {
	best, most := "", len(word)*2/3
	for _, w := range all {
		shorter, longer := min(len(word), len(w)), max(len(word), len(w))
		begin := 0
		for begin < shorter && word[begin] == w[begin] {
			begin++
		}
		end := 0
		for end < shorter-begin && word[len(word)-1-end] == w[len(w)-1-end] {
			end++
		}
		if same := begin + end - (longer - shorter); same > most {
			best, most = w, same
		}
	}
	return best
}
