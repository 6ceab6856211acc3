// Package apigateway is Amazon API Gateway in this process, as far as the order
// system uses it: methods of a stage that send the request's order to a queue.
package apigateway

import (
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"strings"
	"sync"

	"orderops/aws/local/identity"
	"orderops/aws/local/wire"
)

// Sender puts a message on a queue.
type Sender func(queueARN, body string) (messageID, md5 string, err error)

// Service holds the deployed methods of one local cloud. It is safe for
// concurrent use.
type Service struct {
	identity *identity.Identity
	send     Sender

	mu     sync.RWMutex          // guards routes
	routes map[string]deployment // by path
}

type deployment struct {
	method   string
	queueARN string
}

// New makes a service without methods.
func New(id *identity.Identity, send Sender) *Service {
	return &Service{identity: id, send: send, routes: map[string]deployment{}}
}

// Route deploys a method that sends orders to a queue. path starts with the
// stage: /Dev/orders. A slash at its end makes no difference to requests.
func (s *Service) Route(method, path, queueARN string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.routes[strings.TrimSuffix(path, "/")] = deployment{method: method, queueARN: queueARN}
}

// ServeHTTP answers one request to a deployed API.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.RLock()
	route, ok := s.routes[strings.TrimSuffix(r.URL.Path, "/")]
	s.mu.RUnlock()
	if !ok || r.Method != route.method {
		// API Gateway takes an unknown path or method for a request that lacks a signature.
		s.write(w, http.StatusForbidden, message{"Missing Authentication Token"})
		return
	}
	kind := r.Header.Get("Content-Type")
	if media, _, err := mime.ParseMediaType(kind); kind != "" && (err != nil || media != "application/json") {
		s.write(w, http.StatusUnsupportedMediaType, message{"Unsupported Media Type"})
		return
	}
	request, err := wire.ReadBody(r)
	if err != nil {
		s.write(w, http.StatusRequestEntityTooLarge, message{"Request Too Long"})
		return
	}
	body, err := orderBody(request)
	if err != nil {
		s.write(w, http.StatusBadRequest, refusal{Message: "Invalid request body", Error: err.Error()})
		return
	}
	id, md5, err := s.send(route.queueARN, body)
	if err != nil {
		s.fail(w, err)
		return
	}
	var answer sent
	answer.Response.Metadata.RequestID = s.identity.PassingID()
	answer.Response.Result.MessageID, answer.Response.Result.BodyMD5 = id, md5
	s.write(w, http.StatusOK, answer)
}

type message struct {
	Message string `json:"message"`
}

// refusal is the template's answer to a request that its model refuses.
type refusal struct {
	Message string `json:"message"`
	Error   string `json:"error"`
}

// sent is SQS's answer to SendMessage as its query protocol gives it in JSON.
type sent struct {
	Response struct {
		Metadata struct {
			RequestID string `json:"RequestId"`
		} `json:"ResponseMetadata"`
		Result struct {
			AttributesMD5 *string `json:"MD5OfMessageAttributes"`
			BodyMD5       string  `json:"MD5OfMessageBody"`
			MessageID     string  `json:"MessageId"`
			Sequence      *string `json:"SequenceNumber"`
		} `json:"SendMessageResult"`
	} `json:"SendMessageResponse"`
}

// failed is SQS's error as its query protocol gives it in JSON.
type failed struct {
	Error struct {
		Code    string
		Message string
		Type    string
	}
	RequestID string `json:"RequestId"`
}

func (s *Service) fail(w http.ResponseWriter, err error) {
	e, ok := errors.AsType[*wire.Error](err)
	if !ok {
		e = &wire.Error{Status: http.StatusInternalServerError, Type: "InternalFailure", Message: err.Error()}
	}
	answer := failed{RequestID: s.identity.PassingID()}
	answer.Error.Code, answer.Error.Message, answer.Error.Type = e.Code(), e.Message, "Sender"
	if e.HTTPStatus() >= http.StatusInternalServerError {
		answer.Error.Type = "Receiver"
	}
	s.write(w, e.HTTPStatus(), answer)
}

func (s *Service) write(w http.ResponseWriter, status int, answer any) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("X-Amzn-Requestid", s.identity.PassingID())
	if status == http.StatusForbidden {
		h.Set("X-Amzn-Errortype", "MissingAuthenticationTokenException")
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer) // the client has gone; nobody is left to tell
}
