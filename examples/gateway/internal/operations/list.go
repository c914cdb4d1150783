package operations

import "iter"

// listed collects what a list has, in the form that the API answers. It is not nil
// where there is nothing, so that JSON has an empty list.
func listed[T, U any](all iter.Seq2[T, error], of func(T) U) ([]U, error) {
	list := []U{}
	for item, err := range all {
		if err != nil {
			return nil, err
		}
		list = append(list, of(item))
	}
	return list, nil
}
