package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"net/url"
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

// Query is AWS's query protocol: a form in, XML out. The operation is the form's
// Action. A request is the service's when it names the version that the
// namespace of the answers ends with; the namespace "" takes every version.
func Query(namespace string) Protocol {
	return Protocol{
		asks: func(r *http.Request) (string, bool) {
			form := ReadForm(r)
			version := "/" + form.Get("Version") + "/"
			return form.Get("Action"), form.Has("Action") && (namespace == "" || strings.HasSuffix(namespace, version))
		},
		unknown: "InvalidAction", contentType: "text/xml",
		encode: func(_ http.Header, operation, id string, answer any) ([]byte, error) {
			if e, refused := answer.(*Error); refused {
				return xml.Marshal(queryError{Namespace: namespace, Type: e.Fault(), Code: e.Code(), Message: e.Message, RequestID: id})
			}
			return xml.Marshal(queryResponse{
				XMLName: xml.Name{Local: operation + "Response"}, Namespace: namespace,
				Result: element{operation + "Result", answer}, RequestID: id,
			})
		},
	}
}

// Form adapts a function over a form to an Operation. Its answer is a struct to
// encode as the <…Result> element; nil means that the operation has none.
func Form(f func(form url.Values) (any, error)) Operation {
	return func(_ *http.Request, body []byte) (any, error) {
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, &Error{Type: "MalformedQueryString", Message: "The request parameters are no valid form"}
		}
		return f(form)
	}
}

// queryResponse is <XResponse><XResult>…</XResult><ResponseMetadata>….
type queryResponse struct {
	XMLName   xml.Name
	Namespace string `xml:"xmlns,attr"`
	Result    element
	RequestID string `xml:"ResponseMetadata>RequestId"`
}

// element is a value under a name of its own; nil is left out.
type element struct {
	name  string
	value any
}

// MarshalXML writes the value.
func (e element) MarshalXML(encoder *xml.Encoder, start xml.StartElement) error {
	if e.value == nil {
		return nil
	}
	start.Name.Local = e.name
	return encoder.EncodeElement(e.value, start)
}

type queryError struct {
	XMLName   xml.Name `xml:"ErrorResponse"`
	Namespace string   `xml:"xmlns,attr"`
	Type      string   `xml:"Error>Type"`
	Code      string   `xml:"Error>Code"`
	Message   string   `xml:"Error>Message"`
	RequestID string   `xml:"RequestId"`
}

// ReadForm reads the parameters of a query request, none of any other. The body
// can be read again afterwards.
func ReadForm(r *http.Request) url.Values {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		return nil
	}
	body, err := ReadBody(r)
	if err != nil {
		return nil // nobody asks for so much
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	form, _ := url.ParseQuery(string(body)) // what can be read
	return form
}

// QueryTime is a timestamp of the query protocol: ISO 8601 in UTC with milliseconds.
func QueryTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
