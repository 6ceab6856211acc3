package wire

import (
	"bytes"
	"context"
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// QueryOperation answers one operation of the query protocol: form in, a struct
// to encode as the <…Result> element out. Nil means that the operation has no
// result element.
type QueryOperation func(ctx context.Context, form url.Values) (any, error)

// QueryService serves operations over the AWS query protocol: a form in, XML
// out. The operation is the form's Action.
type QueryService struct {
	// Namespace is the answers' xmlns.
	Namespace  string
	Operations map[string]QueryOperation
	// NewID makes request ids.
	NewID func() string
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

// ServeHTTP answers one request.
func (s *QueryService) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id, status := s.NewID(), http.StatusOK
	text, err := s.answer(r, id)
	if err != nil {
		e := ErrorOf(err)
		status = e.HTTPStatus()
		text, err = xml.Marshal(queryError{Namespace: s.Namespace, Type: e.Fault(), Code: e.Code(), Message: e.Message, RequestID: id})
	}
	if err != nil {
		text = []byte("<ErrorResponse/>") // strings always encode; the SDK reads this as an unknown error
	}
	send(w, status, "text/xml", id, text)
}

func (s *QueryService) answer(r *http.Request, id string) ([]byte, error) {
	form, err := ReadForm(r)
	if err != nil {
		return nil, err
	}
	action := form.Get("Action")
	operation, ok := s.Operations[action]
	switch {
	case action == "":
		return nil, &Error{Type: "MissingAction", Message: "The request is missing an action or operation parameter"}
	case !ok:
		return nil, &Error{Type: "InvalidAction", Message: "The action " + strconv.Quote(action) + " is not implemented by the local AWS"}
	}
	result, err := operation(r.Context(), form)
	if err != nil {
		return nil, err
	}
	return xml.Marshal(queryResponse{
		XMLName: xml.Name{Local: action + "Response"}, Namespace: s.Namespace,
		Result: element{action + "Result", result}, RequestID: id,
	})
}

// ReadForm reads the parameters of a query request: from the body, or from the
// URL when the body has none. The body can be read again afterwards.
func ReadForm(r *http.Request) (url.Values, error) {
	body, err := ReadBody(r)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	text := string(body)
	if len(body) == 0 {
		text = r.URL.RawQuery
	}
	form, err := url.ParseQuery(text)
	if err != nil {
		return nil, &Error{Type: "MalformedQueryString", Message: "The request parameters are no valid form"}
	}
	return form, nil
}

// QueryTime is a timestamp of the query protocol: ISO 8601 in UTC with milliseconds.
func QueryTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
