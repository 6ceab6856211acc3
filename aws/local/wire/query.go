package wire

import (
	"bytes"
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

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
