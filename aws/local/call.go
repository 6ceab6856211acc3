package local

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"orderops/aws/local/wire"
)

// Call is one request on the wire.
type Call struct {
	// Service is the name that IAM actions start with: sqs, states, dynamodb,
	// lambda, logs, cloudwatch, sns, sts, cloudformation, execute-api.
	Service string
	// Operation is the API action, such as SendMessage.
	Operation string
	// AccessKey is who signed the request, "" when nobody did.
	AccessKey string
	Time      time.Time
	// Needs is what the caller's policies have to allow. It is told to Intercept only.
	Needs []Permission
}

// Action is the call as IAM names it, such as sqs:SendMessage.
func (c Call) Action() string { return c.Service + ":" + c.Operation }

// Throttled is what the call's service answers when it is asked too often.
func (c Call) Throttled() *wire.Error {
	e, ok := map[string]wire.Error{
		"sqs":         {Type: "com.amazonaws.sqs#RequestThrottled", QueryCode: "RequestThrottled", Message: "Request is throttled."},
		"states":      {Type: "com.amazon.coral.availability#ThrottlingException", Message: "Rate exceeded"},
		"dynamodb":    {Type: "com.amazonaws.dynamodb.v20120810#ThrottlingException", Message: "Throughput exceeds the current capacity of your table or index."},
		"logs":        {Type: "com.amazonaws.cloudwatch.logs#ThrottlingException", Message: "Rate exceeded"},
		"execute-api": {Status: http.StatusTooManyRequests, Type: "TooManyRequestsException", Message: "Too Many Requests"},
		"lambda":      {Status: http.StatusTooManyRequests, Type: "TooManyRequestsException", Message: "Too Many Requests"},
	}[c.Service]
	if !ok {
		return &wire.Error{Type: "Throttling", Message: "Rate exceeded"}
	}
	return &e
}

// Denied is what the call's service answers when the caller's policies do not
// allow the call on the resource.
func (c Call) Denied(resource string) *wire.Error { return c.Lacks(Permission{c.Action(), resource}) }

// Lacks is what the call's service answers when the caller's policies do not
// allow one of the things that the call needs.
func (c Call) Lacks(need Permission) *wire.Error {
	const framework = "com.amazon.coral.service#AccessDeniedException"
	e, ok := map[string]wire.Error{
		"states":   {Type: framework},
		"dynamodb": {Type: framework},
		"logs":     {Type: framework},
		"lambda":   {Status: http.StatusForbidden, Type: "AccessDeniedException"},
		"sqs":      {Status: http.StatusForbidden, Type: framework, QueryCode: "AccessDenied"},
		"sns":      {Status: http.StatusForbidden, Type: "AuthorizationError"},
	}[c.Service]
	if !ok {
		e = wire.Error{Status: http.StatusForbidden, Type: "AccessDenied"}
	}
	e.Message = "User: arn:aws:iam::000000000000:user/" + c.AccessKey + " is not authorized to perform: " + need.Action +
		" on resource: " + need.Resource + " because no identity-based policy allows the " + need.Action + " action"
	return &e
}

// maxCounters bounds the memory of the counter: access keys and operations come
// from outside.
const maxCounters = 10_000

// counter counts calls. It is safe for concurrent use.
type counter struct {
	mu     sync.Mutex
	counts map[counted]int
}

type counted struct{ accessKey, action string }

func (c *counter) add(call Call) {
	c.mu.Lock()
	defer c.mu.Unlock()
	one := counted{call.AccessKey, call.Action()}
	if c.counts[one] > 0 || len(c.counts) < maxCounters {
		c.counts[one]++
	}
}

// Calls counts what an access key asked for, by action ("sqs:SendMessage").
// Refused calls are counted too: they were on the wire.
func (c *Cloud) Calls(accessKey string) map[string]int {
	c.counter.mu.Lock()
	defer c.counter.mu.Unlock()
	calls := map[string]int{}
	for one, n := range c.counter.counts {
		if one.accessKey == accessKey {
			calls[one.action] = n
		}
	}
	return calls
}

// credential reads who signed a request and for which service, from the
// Authorization header: … Credential=<key>/<date>/<region>/<service>/aws4_request, …
func credential(r *http.Request) (accessKey, service string) {
	_, rest, found := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	if !found {
		return "", ""
	}
	scope, _, _ := strings.Cut(rest, ",")
	parts := strings.Split(strings.TrimSpace(scope), "/")
	if len(parts) != 5 {
		return "", ""
	}
	return parts[0], parts[3]
}

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
