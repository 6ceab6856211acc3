// Package wire holds the wire formats that the local services speak: AWS JSON
// 1.0 and 1.1, the query protocol with XML answers, Smithy RPC over CBOR, and
// REST with JSON.
package wire

import (
	"cmp"
	"errors"
	"fmt"
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

// refusal carries an error up to where Try waits for it.
type refusal struct{ error }

// Check ends what is done with an error, if there is one: the operation that is
// served answers with it. It is a panic up to the next Try, and every operation
// is tried.
func Check(err error) {
	if err != nil {
		panic(refusal{err})
	}
}

// Must is Check of a call that also gives a value.
func Must[T any](value T, err error) T {
	Check(err)
	return value
}

// Try calls f, and gives the error with which a Check ended it.
func Try[T any](f func() (T, error)) (value T, err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case refusal:
			err = p.error
		default:
			panic(p)
		}
	}()
	return f()
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

// Operation answers one operation: request and its body in, answer to encode out.
type Operation func(r *http.Request, body []byte) (any, error)

// Service serves the operations of one service over its protocol.
type Service struct {
	Protocol
	Operations map[string]Operation
	// NewID makes request ids.
	NewID func() string
}

// Protocol is how requests name their operation, and how answers are written.
type Protocol struct {
	asks func(r *http.Request) (operation string, ok bool)
	// unknown is the type of the error of an operation that is not there.
	unknown, contentType string
	// encode writes an answer, or an *Error, and sets the headers that go with it.
	encode func(h http.Header, operation, id string, answer any) ([]byte, error)
}

// Asks names the operation that a request asks of the service; ok is false when
// the request is for another one.
func (s *Service) Asks(r *http.Request) (operation string, ok bool) { return s.asks(r) }

// ServeHTTP answers one request.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, _ := s.Asks(r)
	answer, err := s.answer(name, r)
	if err != nil {
		answer = ErrorOf(err)
	}
	s.send(w, name, answer)
}

// Refuse answers one request with an error.
func (s *Service) Refuse(w http.ResponseWriter, r *http.Request, e *Error) {
	name, _ := s.Asks(r)
	s.send(w, name, e)
}

func (s *Service) answer(name string, r *http.Request) (any, error) {
	operation, ok := s.Operations[name]
	if !ok {
		return nil, &Error{Type: s.unknown, Message: fmt.Sprintf("The operation %q is not implemented by the local AWS", name)}
	}
	body, err := ReadBody(r)
	if err != nil {
		return nil, err
	}
	return Try(func() (any, error) { return operation(r, body) })
}

// Do performs an operation of AWS JSON for the rest of the cloud: a request to
// encode in, the answer out.
func (s *Service) Do(operation string, request any) (any, error) {
	body, err := Encode(request)
	if err != nil {
		return nil, err
	}
	return Try(func() (any, error) { return s.Operations[operation](new(http.Request), body) })
}

func (s *Service) send(w http.ResponseWriter, operation string, answer any) {
	h, id, status := w.Header(), s.NewID(), http.StatusOK
	text, err := s.encode(h, operation, id, answer)
	if err != nil { // an answer that the format can't hold
		answer = ErrorOf(err)
		text, _ = s.encode(h, operation, id, answer)
	}
	if e, refused := answer.(*Error); refused {
		status = e.HTTPStatus()
	}
	h.Set("Content-Type", s.contentType)
	h.Set("X-Amzn-Requestid", id)
	h.Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(status)
	_, _ = w.Write(text) // the client has gone when it fails
}
