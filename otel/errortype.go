package otelnhncloud

import (
	"context"
	"errors"
	"net"
	"net/url"
	"reflect"
	"strings"

	"github.com/nhncloud-go/nhncloud"
)

// kindOf returns the words for a kind, which are few.
func kindOf(kind error) string { return strings.ReplaceAll(kind.Error(), " ", "_") }

// errorTypeOf returns the error.type of a call: "" for a success, else one of a
// few words, never a text of the service.
func errorTypeOf(err error) string {
	if err == nil {
		return ""
	}
	var e *nhncloud.Error
	if errors.As(err, &e) {
		if kind := e.Kind(); kind != nil {
			return kindOf(kind)
		}
	}
	return causeOf(err)
}

// causeOf returns the error.type of what ended a request without an answer.
func causeOf(err error) string {
	var timeout net.Error
	switch {
	case errors.Is(err, context.Canceled):
		return "canceled"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "timeout"
	}
	for {
		switch e := err.(type) {
		case *nhncloud.Error:
			err = e.Err
		case *url.Error:
			err = e.Err
		default:
			if err == nil {
				return "_OTHER"
			}
			return reflect.TypeOf(err).String()
		}
	}
}
