// Package wire holds the wire formats that the local services speak: AWS JSON
// 1.0 and 1.1, and the query protocol with XML answers.
package wire

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
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
	// Members are further members of a JSON answer, such as the Item of
	// DynamoDB's ConditionalCheckFailedException; nil means none.
	Members map[string]any
}

// Error tells the code and the message.
func (e *Error) Error() string { return e.Code() + ": " + e.Message }

// Code is the shape name without its namespace.
func (e *Error) Code() string { return e.Type[strings.LastIndexByte(e.Type, '#')+1:] }

// HTTPStatus is Status, 400 when it is not set.
func (e *Error) HTTPStatus() int {
	if e.Status == 0 {
		return http.StatusBadRequest
	}
	return e.Status
}

// Operation answers one JSON operation: request body in, answer to encode out.
// A nil answer is sent as {}.
type Operation func(ctx context.Context, body []byte) (any, error)

// Typed adapts a function over request and answer structs to an Operation.
// A request member's UnmarshalJSON may refuse with an *Error of its own, which
// is sent as it is.
func Typed[In, Out any](f func(context.Context, *In) (Out, error)) Operation {
	return func(ctx context.Context, body []byte) (any, error) {
		in := new(In)
		if len(body) > 0 {
			if err := json.Unmarshal(body, in); err != nil {
				if e, ok := errors.AsType[*Error](err); ok {
					return nil, e
				}
				return nil, unreadable(malformed(err))
			}
		}
		out, err := f(ctx, in)
		if err != nil {
			return nil, err
		}
		return out, nil
	}
}

func unreadable(reason string) *Error {
	return &Error{Type: "com.amazon.coral.service#SerializationException", Message: reason}
}

func malformed(err error) string {
	if t, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Sprintf("%s can not be converted to %s (at %q)", strings.ToUpper(t.Value), t.Type, t.Field)
	}
	return "The request body is not valid JSON"
}

// JSONService serves operations over AWS JSON. The operation is the part of
// X-Amz-Target behind the dot.
type JSONService struct {
	// Version is "1.0" or "1.1".
	Version    string
	Operations map[string]Operation
	// CRC32 adds x-amz-crc32 over the answer, as DynamoDB does.
	CRC32 bool
	// NewID makes request ids.
	NewID func() string
}

// ServeHTTP answers one request.
func (s *JSONService) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, name, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	answer, err := s.answer(r, name)
	status := http.StatusOK
	if err != nil {
		e, ok := errors.AsType[*Error](err)
		if !ok {
			e = &Error{Status: http.StatusInternalServerError, Type: "InternalFailure", Message: err.Error()}
		}
		status = e.HTTPStatus()
		members := map[string]any{"__type": e.Type, "message": e.Message}
		maps.Copy(members, e.Members)
		answer = members
		if e.QueryCode != "" {
			fault := "Sender"
			if status >= http.StatusInternalServerError {
				fault = "Receiver"
			}
			w.Header().Set("X-Amzn-Query-Error", e.QueryCode+";"+fault)
		}
	}
	if answer == nil {
		answer = struct{}{}
	}
	s.write(w, status, answer)
}

func (s *JSONService) answer(r *http.Request, name string) (any, error) {
	operation, ok := s.Operations[name]
	if !ok {
		return nil, &Error{
			Type:    "com.amazon.coral.service#UnknownOperationException",
			Message: fmt.Sprintf("The operation %q is not implemented by the local AWS", name),
		}
	}
	body, err := ReadBody(r)
	if err != nil {
		return nil, err
	}
	if !utf8.Valid(body) { // encoding/json would replace what is not
		return nil, unreadable("The request body is not valid UTF-8")
	}
	return operation(r.Context(), body)
}

func (s *JSONService) write(w http.ResponseWriter, status int, answer any) {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(answer); err != nil {
		status = http.StatusInternalServerError
		b.Reset()
		fmt.Fprintf(&b, `{"__type":"InternalFailure","message":%q}`, err.Error())
	}
	text := strings.TrimSuffix(b.String(), "\n")
	h := w.Header()
	h.Set("Content-Type", "application/x-amz-json-"+s.Version)
	h.Set("X-Amzn-Requestid", s.NewID())
	h.Set("Content-Length", strconv.Itoa(len(text)))
	if s.CRC32 {
		h.Set("X-Amz-Crc32", strconv.FormatUint(uint64(crc32.ChecksumIEEE([]byte(text))), 10))
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text) // the client has gone; nobody is left to tell
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

// Time is a timestamp of AWS JSON: seconds since 1970 with milliseconds as a
// fraction. The zero Time is sent as null; leave it out with omitzero.
type Time struct{ time.Time }

// MarshalJSON writes the seconds.
func (t Time) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return strconv.AppendFloat(nil, float64(t.UnixMilli())/1000, 'f', -1, 64), nil
}

// UnmarshalJSON reads the seconds.
func (t *Time) UnmarshalJSON(b []byte) error {
	seconds, err := strconv.ParseFloat(string(b), 64)
	if err != nil || math.IsInf(seconds, 0) || math.IsNaN(seconds) {
		return fmt.Errorf("timestamp %s is no number of seconds", b)
	}
	t.Time = time.UnixMilli(int64(seconds * 1000))
	return nil
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
