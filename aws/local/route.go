package local

import (
	"context"
	"net/http"
	"time"

	"orderops/aws/local/wire"
)

// Handler answers every service's requests.
func (c *Cloud) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !c.begin() {
			http.Error(w, "the local AWS was closed", http.StatusServiceUnavailable)
			return
		}
		defer c.running.Done()
		c.serve(w, r)
	})
}

// service is what a cloud serves.
type service interface {
	http.Handler
	// Asks names the operation that a request asks of it; ok is false when the
	// request is for another service.
	Asks(r *http.Request) (operation string, ok bool)
	// Refuse answers with an error in the service's own form.
	Refuse(w http.ResponseWriter, r *http.Request, e *wire.Error)
}

// serve routes one request; it ends with the cloud.
func (c *Cloud) serve(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(c.life, cancel)() //nolint:contextcheck // the cloud's life besides the caller's
	r = r.WithContext(ctx)

	call, to := c.route(r)
	c.counter.add(call)
	if c.intercept != nil {
		call.Needs = c.permissions(call, r)
		if e := c.intercept(ctx, call); e != nil {
			to.Refuse(w, r, e)
			return
		}
	}
	if c.lose != nil && c.lose(call) {
		to.ServeHTTP(newAnswer(), r)
		panic(http.ErrAbortHandler) // net/http closes the connection without a word
	}
	to.ServeHTTP(w, r)
}

// route finds the service that takes a request. What none takes and nobody
// signed is for API Gateway; what is signed for another service is refused.
func (c *Cloud) route(r *http.Request) (Call, service) {
	accessKey, scope := credential(r)
	call := Call{Service: scope, AccessKey: accessKey, Time: time.Now()}
	for _, at := range []struct {
		name string
		service
	}{
		{"sqs", c.sqs},
		{"states", c.stepfunctions},
		{"dynamodb", c.dynamodb},
		{"logs", c.logs},
		{"cloudwatch", c.metrics},
		{"sns", c.sns},
		{"sts", c.sts},
		{"cloudformation", c.cloudformation},
		{"lambda", c.lambda},
		{scope, c.unknown(wire.JSON("1.0", ""))},
		{scope, c.unknown(wire.Query(""))},
	} {
		if operation, ok := at.Asks(r); ok {
			call.Service, call.Operation = at.name, operation
			return call, at.service
		}
	}
	if scope != "" && scope != "execute-api" {
		return call, c.unknown(wire.REST(func(*http.Request) (string, bool) { return scope + " " + r.Method, true }))
	}
	call.Service, call.Operation = "execute-api", "Invoke"
	return call, c.apigateway
}

// unknown answers for services that the local AWS does not have.
func (c *Cloud) unknown(protocol wire.Protocol) service {
	return &wire.Service{Protocol: protocol, NewID: c.identity.PassingID}
}
