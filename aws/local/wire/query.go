package wire

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
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

type queryMetadata struct {
	RequestID string `xml:"RequestId"`
}

type queryError struct {
	XMLName   xml.Name `xml:"ErrorResponse"`
	Namespace string   `xml:"xmlns,attr"`
	Error     struct {
		Type    string
		Code    string
		Message string
	}
	RequestID string `xml:"RequestId"`
}

// ServeHTTP answers one request.
func (s *QueryService) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := s.NewID()
	form, err := ReadForm(r)
	if err != nil {
		s.fail(w, id, err)
		return
	}
	action := form.Get("Action")
	operation, ok := s.Operations[action]
	if !ok {
		s.fail(w, id, unknownAction(action))
		return
	}
	result, err := operation(r.Context(), form)
	if err != nil {
		s.fail(w, id, err)
		return
	}
	text, err := s.encode(action, id, result)
	if err != nil {
		s.fail(w, id, err)
		return
	}
	s.write(w, id, http.StatusOK, text)
}

func unknownAction(action string) *Error {
	if action == "" {
		return &Error{Type: "MissingAction", Message: "The request is missing an action or operation parameter"}
	}
	return &Error{Type: "InvalidAction", Message: "The action " + strconv.Quote(action) + " is not implemented by the local AWS"}
}

// encode writes <XResponse><XResult>…</XResult><ResponseMetadata>….
func (s *QueryService) encode(action, id string, result any) ([]byte, error) {
	var b bytes.Buffer
	encoder := xml.NewEncoder(&b)
	response := xml.StartElement{
		Name: xml.Name{Local: action + "Response"},
		Attr: []xml.Attr{{Name: xml.Name{Local: "xmlns"}, Value: s.Namespace}},
	}
	err := encoder.EncodeToken(response)
	if err == nil && result != nil {
		err = encoder.EncodeElement(result, xml.StartElement{Name: xml.Name{Local: action + "Result"}})
	}
	if err == nil {
		err = encoder.EncodeElement(queryMetadata{RequestID: id}, xml.StartElement{Name: xml.Name{Local: "ResponseMetadata"}})
	}
	if err == nil {
		err = encoder.EncodeToken(response.End())
	}
	if err == nil {
		err = encoder.Flush()
	}
	return b.Bytes(), err
}

func (s *QueryService) fail(w http.ResponseWriter, id string, err error) {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		e = &Error{Status: http.StatusInternalServerError, Type: "InternalFailure", Message: err.Error()}
	}
	answer := queryError{Namespace: s.Namespace, RequestID: id}
	answer.Error.Type = "Sender"
	if e.HTTPStatus() >= http.StatusInternalServerError {
		answer.Error.Type = "Receiver"
	}
	answer.Error.Code, answer.Error.Message = e.Code(), e.Message
	text, err := xml.Marshal(answer)
	if err != nil {
		text = []byte("<ErrorResponse/>") // strings always encode; the SDK reads this as an unknown error
	}
	s.write(w, id, e.HTTPStatus(), text)
}

func (s *QueryService) write(w http.ResponseWriter, id string, status int, text []byte) {
	h := w.Header()
	h.Set("Content-Type", "text/xml")
	h.Set("X-Amzn-Requestid", id)
	h.Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(status)
	_, _ = w.Write(text) //nolint:gosec // escaped by encoding/xml, and sent as text/xml; the client has gone when it fails
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
