package local

import (
	"maps"
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
	switch c.Service {
	case "sqs":
		return &wire.Error{Type: "com.amazonaws.sqs#RequestThrottled", QueryCode: "RequestThrottled", Message: "Request is throttled."}
	case "states":
		return &wire.Error{Type: "com.amazon.coral.availability#ThrottlingException", Message: "Rate exceeded"}
	case "dynamodb":
		return &wire.Error{
			Type:    "com.amazonaws.dynamodb.v20120810#ThrottlingException",
			Message: "Throughput exceeds the current capacity of your table or index.",
		}
	case "logs":
		return &wire.Error{Type: "com.amazonaws.cloudwatch.logs#ThrottlingException", Message: "Rate exceeded"}
	case "execute-api", "lambda":
		return &wire.Error{Status: http.StatusTooManyRequests, Type: "TooManyRequestsException", Message: "Too Many Requests"}
	default:
		return &wire.Error{Type: "Throttling", Message: "Rate exceeded"}
	}
}

// Denied is what the call's service answers when the caller's policies do not
// allow the call on the resource.
func (c Call) Denied(resource string) *wire.Error { return c.Lacks(Permission{c.Action(), resource}) }

// Lacks is what the call's service answers when the caller's policies do not
// allow one of the things that the call needs.
func (c Call) Lacks(need Permission) *wire.Error {
	e := &wire.Error{
		Type: "com.amazon.coral.service#AccessDeniedException",
		Message: "User: arn:aws:iam::000000000000:user/" + c.AccessKey + " is not authorized to perform: " + need.Action +
			" on resource: " + need.Resource + " because no identity-based policy allows the " + need.Action + " action",
	}
	switch c.Service {
	case "states", "dynamodb", "logs":
	case "lambda":
		e.Status, e.Type = http.StatusForbidden, "AccessDeniedException"
	case "sqs":
		e.Status, e.QueryCode = http.StatusForbidden, "AccessDenied"
	case "sns":
		e.Status, e.Type = http.StatusForbidden, "AuthorizationError"
	default:
		e.Status, e.Type = http.StatusForbidden, "AccessDenied"
	}
	return e
}

// maxCounters bounds the memory of the counter: access keys and operations come
// from outside.
const maxCounters = 10_000

// counter counts calls by access key and action. It is safe for concurrent use.
type counter struct {
	mu     sync.Mutex
	counts map[string]map[string]int
	size   int
}

func (c *counter) add(call Call) {
	c.mu.Lock()
	defer c.mu.Unlock()
	actions, known := c.counts[call.AccessKey]
	if _, counted := actions[call.Action()]; !counted {
		if c.size == maxCounters {
			return
		}
		c.size++
	}
	if !known {
		if c.counts == nil {
			c.counts = map[string]map[string]int{}
		}
		actions = map[string]int{}
		c.counts[call.AccessKey] = actions
	}
	actions[call.Action()]++
}

// Calls counts what an access key asked for, by action ("sqs:SendMessage").
// Refused calls are counted too: they were on the wire.
func (c *Cloud) Calls(accessKey string) map[string]int {
	c.counter.mu.Lock()
	defer c.counter.mu.Unlock()
	return maps.Clone(c.counter.counts[accessKey])
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
