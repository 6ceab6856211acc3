package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/fxamacker/cbor/v2"
)

// coral stands before the names of errors of AWS's own framework.
const coral = "com.amazon.coral.service#"

// JSON is AWS JSON of version "1.0" or "1.1". The operation is the part of
// X-Amz-Target behind the target and a dot; "" takes every target.
func JSON(version, target string) Protocol {
	return Protocol{
		asks: func(r *http.Request) (string, bool) {
			prefix, operation, ok := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
			return operation, ok && (target == "" || prefix == target)
		},
		unknown: coral + "UnknownOperationException", contentType: "application/x-amz-json-" + version,
		encode: func(h http.Header, _, _ string, answer any) ([]byte, error) {
			text, err := Encode(tell(h, answer))
			if strings.HasPrefix(target, "DynamoDB") {
				h.Set("X-Amz-Crc32", strconv.FormatUint(uint64(crc32.ChecksumIEEE(text)), 10))
			}
			return text, err
		},
	}
}

// CBOR is Smithy RPC v2 over CBOR: POST /service/<service>/operation/<operation>.
func CBOR() Protocol {
	const name = "rpc-v2-cbor"
	return Protocol{
		asks: func(r *http.Request) (string, bool) {
			return path.Base(r.URL.Path), r.Header.Get("Smithy-Protocol") == name
		},
		unknown: coral + "UnknownOperationException", contentType: "application/cbor",
		encode: func(h http.Header, _, _ string, answer any) ([]byte, error) {
			h.Set("Smithy-Protocol", name)
			mode, err := cbor.EncOptions{Time: cbor.TimeUnixDynamic, TimeTag: cbor.EncTagRequired}.EncMode()
			if err != nil {
				return nil, err
			}
			return mode.Marshal(tell(h, answer))
		},
	}
}

// REST is the form of the services that tell operations by method and path.
func REST(asks func(r *http.Request) (operation string, ok bool)) Protocol {
	return Protocol{
		asks: asks, unknown: "UnknownOperationException", contentType: "application/json",
		encode: func(h http.Header, _, _ string, answer any) ([]byte, error) {
			if e, refused := answer.(*Error); refused {
				h.Set("X-Amzn-Errortype", e.Code())
				answer = map[string]string{"Type": "User", "Message": e.Message}
			}
			return Encode(answer)
		},
	}
}

// tell is an answer as the protocols with types tell it: {} for none, and an
// error by its type.
func tell(h http.Header, answer any) any {
	switch e, refused := answer.(*Error); {
	case answer == nil:
		return struct{}{}
	case !refused:
		return answer
	case e.QueryCode != "":
		h.Set("X-Amzn-Query-Error", e.QueryCode+";"+e.Fault())
		fallthrough
	default:
		return map[string]string{"__type": e.Type, "message": e.Message}
	}
}

// Typed adapts a function over request and answer structs to an Operation.
// A request member's UnmarshalJSON may refuse with an *Error of its own, which
// is sent as it is.
func Typed[In, Out any](f func(context.Context, *In) (Out, error)) Operation {
	return func(r *http.Request, body []byte) (any, error) {
		in := new(In)
		if !utf8.Valid(body) { // encoding/json would replace what is not
			return nil, unreadable("The request body is not valid UTF-8")
		}
		if len(body) > 0 {
			if err := json.Unmarshal(body, in); err != nil {
				return nil, malformed(err)
			}
		}
		return f(r.Context(), in)
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

// Encode writes JSON without the escapes for HTML and without the line's end.
func Encode(value any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
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
