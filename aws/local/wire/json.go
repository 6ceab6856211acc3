package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

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
				return nil, malformed(err)
			}
		}
		return f(ctx, in)
	}
}

func malformed(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	if t, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return unreadable(fmt.Sprintf("%s can not be converted to %s (at %q)", strings.ToUpper(t.Value), t.Type, t.Field))
	}
	return unreadable("The request body is not valid JSON")
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
	status := http.StatusOK
	answer, err := s.answer(r)
	if err != nil {
		e := ErrorOf(err)
		if e.QueryCode != "" {
			w.Header().Set("X-Amzn-Query-Error", e.QueryCode+";"+e.Fault())
		}
		status, answer = e.HTTPStatus(), map[string]string{"__type": e.Type, "message": e.Message}
	}
	text, err := encode(answer)
	if err != nil {
		status, text = http.StatusInternalServerError, fmt.Appendf(nil, `{"__type":"InternalFailure","message":%q}`, err)
	}
	if s.CRC32 {
		w.Header().Set("X-Amz-Crc32", strconv.FormatUint(uint64(crc32.ChecksumIEEE(text)), 10))
	}
	send(w, status, "application/x-amz-json-"+s.Version, s.NewID(), text)
}

func (s *JSONService) answer(r *http.Request) (any, error) {
	_, name, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
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

func encode(answer any) ([]byte, error) {
	if answer == nil {
		return []byte("{}"), nil
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(answer)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
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
