package wire

import (
	"fmt"
	"net/http"
	"strconv"
)

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
	return operation(r, body)
}

// Do performs an operation of AWS JSON for the rest of the cloud: a request to
// encode in, the answer out.
func (s *Service) Do(operation string, request any) (any, error) {
	body, err := Encode(request)
	if err != nil {
		return nil, err
	}
	return s.Operations[operation](new(http.Request), body)
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
