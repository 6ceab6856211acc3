// Package wire holds the wire formats that the local services speak: AWS JSON
// 1.0 and 1.1, the query protocol with XML answers, Smithy RPC over CBOR, and
// REST with JSON.
package wire

import (
	"cmp"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// MaxRequest is the most bytes of a request body that are read; more is refused
// with 413. It is above every limit of the services' own.
const MaxRequest = 8 << 20

// Error is an error answer in AWS's form.
type Error struct {
	// Status is the HTTP status; 0 means 400.
	Status int
	// Type is the shape name, with its namespace where AWS sends one
	// ("com.amazonaws.sqs#QueueDoesNotExist").
	Type string
	// QueryCode is sent as x-amzn-query-error; "" sends no such header.
	QueryCode string
	Message   string
}

// Error tells the code and the message.
func (e *Error) Error() string { return e.Code() + ": " + e.Message }

// Code is the shape name without its namespace.
func (e *Error) Code() string { return e.Type[strings.LastIndexByte(e.Type, '#')+1:] }

// HTTPStatus is Status, 400 when it is not set.
func (e *Error) HTTPStatus() int { return cmp.Or(e.Status, http.StatusBadRequest) }

// Fault says whose fault it is, as the query protocol words it.
func (e *Error) Fault() string {
	if e.HTTPStatus() >= http.StatusInternalServerError {
		return "Receiver"
	}
	return "Sender"
}

// ErrorOf is the answer to an error; one that is no *Error is the service's own
// fault.
func ErrorOf(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return &Error{Status: http.StatusInternalServerError, Type: "InternalFailure", Message: err.Error()}
}

func unreadable(reason string) *Error {
	return &Error{Type: coral + "SerializationException", Message: reason}
}

// ReadBody reads a request body up to MaxRequest bytes.
func ReadBody(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, MaxRequest+1))
	if err != nil {
		return nil, unreadable("The request body could not be read")
	}
	if len(body) > MaxRequest {
		return nil, &Error{Status: http.StatusRequestEntityTooLarge, Type: "RequestEntityTooLargeException", Message: "Request size is too large"}
	}
	return body, nil
}

// Page cuts a page of a list, size entries from where the page before ended, as
// its token tells. next is "" on the last page; ok is false for a token that
// nobody handed out.
func Page[T any](all []T, token string, size int) (page []T, next string, ok bool) {
	from, err := strconv.Atoi(cmp.Or(token, "0"))
	if err != nil || from < 0 {
		return nil, "", false
	}
	all = all[min(from, len(all)):]
	if len(all) <= size {
		return all, "", true
	}
	return all[:size], strconv.Itoa(from + size), true
}
