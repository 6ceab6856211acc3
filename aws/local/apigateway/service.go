// Package apigateway is Amazon API Gateway in this process, as far as the order
// system uses it: methods of a stage that send the request's order to a queue.
package apigateway

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"orderops/aws/local/identity"
	"orderops/aws/local/wire"
)

// Sender puts a message on a queue, with the rights of a role.
type Sender func(role, queue, body string) (messageID, md5 string, err error)

// Service holds the deployed methods of one local cloud. It is safe for
// concurrent use.
type Service struct {
	identity *identity.Identity
	send     Sender

	mu      sync.RWMutex       // guards methods
	methods map[string]*method // by verb and path: "POST /Dev/orders"
}

// method is one deployed method.
type method struct {
	// signed methods take signed requests only.
	signed bool
	// model is what the request's body must be; nil takes any JSON.
	model   *schema
	refusal response
	mapping string
	role    string
	// queue is the queue's name.
	queue     string
	responses map[string]response
}

// New makes a service without methods.
func New(id *identity.Identity, send Sender) *Service {
	return &Service{identity: id, send: send, methods: map[string]*method{}}
}

// ServeHTTP answers one request to a deployed API. A slash at the end of the
// path makes no difference.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.RLock()
	m, ok := s.methods[r.Method+" "+strings.TrimSuffix(r.URL.Path, "/")]
	s.mu.RUnlock()
	if !ok || m.signed && !strings.Contains(r.Header.Get("Authorization"), "Credential=") {
		// API Gateway takes an unknown path or method for a request that lacks a signature.
		w.Header().Set("X-Amzn-Errortype", "MissingAuthenticationTokenException")
		s.write(w, http.StatusForbidden, `{"message":"Missing Authentication Token"}`)
		return
	}
	kind := r.Header.Get("Content-Type")
	if media, _, err := mime.ParseMediaType(kind); kind != "" && (err != nil || media != jsonMedia) {
		s.write(w, http.StatusUnsupportedMediaType, `{"message":"Unsupported Media Type"}`)
		return
	}
	request, err := wire.ReadBody(r)
	if err != nil {
		s.write(w, http.StatusRequestEntityTooLarge, `{"message":"Request Too Long"}`)
		return
	}
	if order, problems := m.read(request); len(problems) > 0 {
		s.refuse(w, m.refusal, problems)
	} else {
		s.answer(w, m, order)
	}
}

// Asks tells the operation of every request.
func (*Service) Asks(*http.Request) (operation string, ok bool) { return "Invoke", true }

// Refuse answers with an error.
func (s *Service) Refuse(w http.ResponseWriter, _ *http.Request, e *wire.Error) {
	s.write(w, e.HTTPStatus(), encode(map[string]string{"message": e.Message}))
}

// read reads the request's order, or tells what the model has against it.
func (m *method) read(request []byte) (order map[string]any, problems []string) {
	decoder := json.NewDecoder(bytes.NewReader(request))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, []string{"Invalid JSON: " + err.Error()}
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, []string{"Invalid JSON: more than one value"}
	}
	if m.model != nil {
		problems = m.model.problems(value)
	}
	order, _ = value.(map[string]any)
	return order, problems
}

func (s *Service) refuse(w http.ResponseWriter, as response, problems []string) {
	found := encode("[" + strings.Join(problems, ", ") + "]")
	text := cmp.Or(as.ResponseTemplates[jsonMedia], `{"message":$context.error.messageString}`)
	s.write(w, status(as, http.StatusBadRequest), strings.NewReplacer(
		"$context.error.messageString", `"Invalid request body"`,
		"$context.error.validationErrorString", found[1:len(found)-1],
	).Replace(text))
}

// answer sends the message and maps the queue's answer as the method says.
func (s *Service) answer(w http.ResponseWriter, m *method, order map[string]any) {
	body, err := m.message(order)
	id, md5 := "", ""
	if err == nil {
		id, md5, err = s.send(m.role, m.queue, body)
	}
	// SQS's answer to SendMessage as its query protocol gives it in JSON.
	code, text := http.StatusOK, fmt.Sprintf(`{"SendMessageResponse":{"ResponseMetadata":{"RequestId":%q},"SendMessageResult":`+
		`{"MD5OfMessageAttributes":null,"MD5OfMessageBody":%q,"MessageId":%q,"SequenceNumber":null}}}`, s.identity.PassingID(), md5, id)
	if e, ok := errors.AsType[*wire.Error](err); ok {
		code, text = e.HTTPStatus(), ""
	} else if err != nil {
		code, text = http.StatusInternalServerError, ""
	}
	as := m.responses["default"]
	for pattern, one := range m.responses {
		if matched, err := regexp.MatchString("^(?:"+pattern+")$", strconv.Itoa(code)); err == nil && matched {
			as = one
		}
	}
	for name := range as.ResponseParameters { // their only source is the message's id
		w.Header().Set(strings.TrimPrefix(name, "method.response.header."), id)
	}
	switch template := as.ResponseTemplates[jsonMedia]; {
	case strings.HasPrefix(template, "#set("):
		text = "" // a template that says nothing
	case template != "" && template != "$input.json('$')":
		text = template
	}
	s.write(w, status(as, code), text)
}

// status is a response's status, or another where it has none.
func status(r response, otherwise int) int {
	if n, err := strconv.Atoi(r.StatusCode.String()); err == nil {
		return n
	}
	return otherwise
}

func (s *Service) write(w http.ResponseWriter, status int, body string) {
	h := w.Header()
	h.Set("Content-Type", jsonMedia)
	h.Set("X-Amzn-Requestid", s.identity.PassingID())
	w.WriteHeader(status)
	if status != http.StatusNoContent {
		_, _ = io.WriteString(w, body) // the client has gone; nobody is left to tell
	}
}
