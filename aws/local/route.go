package local

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"orderops/aws/local/cloudformation"
	"orderops/aws/local/lambda"
	"orderops/aws/local/sns"
	"orderops/aws/local/sts"
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

// destination is where a request goes and how its errors are told.
type destination struct {
	call    Call
	handler http.Handler
	refuse  func(w http.ResponseWriter, r *http.Request, e *wire.Error)
}

// serve routes one request; it ends with the cloud.
func (c *Cloud) serve(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(c.life, cancel)() //nolint:contextcheck // the cloud's life besides the caller's
	r = r.WithContext(ctx)

	d := c.route(r)
	c.counter.add(d.call)
	if c.intercept != nil {
		d.call.Needs = c.permissions(d.call, r)
		if e := c.intercept(ctx, d.call); e != nil {
			d.refuse(w, r, e)
			return
		}
	}
	if c.lose != nil && c.lose(d.call) {
		d.handler.ServeHTTP(newAnswer(), r)
		panic(http.ErrAbortHandler) // net/http closes the connection without a word
	}
	d.handler.ServeHTTP(w, r)
}

// route finds the service: by the target of AWS JSON, by the protocol of
// CloudWatch's metrics, by the action of the query protocol, else by the signature's scope. What nobody signed is for API Gateway.
func (c *Cloud) route(r *http.Request) destination {
	accessKey, scope := credential(r)
	call := Call{Service: scope, AccessKey: accessKey, Time: time.Now()}
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		prefix, operation, _ := strings.Cut(target, ".")
		call.Operation = operation
		return c.routeJSON(call, prefix)
	}
	if r.Header.Get("Smithy-Protocol") == "rpc-v2-cbor" {
		call.Service, call.Operation = "cloudwatch", path.Base(r.URL.Path)
		return destination{call: call, handler: c.metrics, refuse: func(w http.ResponseWriter, r *http.Request, e *wire.Error) { c.metrics.Refuse(w, r, e) }}
	}
	if form := queryForm(r); form.Has("Action") {
		call.Operation = form.Get("Action")
		return c.routeQuery(call, form.Get("Version"))
	}
	if scope == "lambda" {
		call.Operation = lambda.Operation(r)
		return destination{call: call, handler: c.lambda, refuse: c.lambda.Refuse}
	}
	if scope != "" && scope != "execute-api" {
		return c.unknown(call)
	}
	call.Service, call.Operation = "execute-api", "Invoke"
	return destination{call: call, handler: c.apigateway, refuse: refuseAPI}
}

func (c *Cloud) routeJSON(call Call, prefix string) destination {
	d := destination{call: call}
	d.refuse = func(w http.ResponseWriter, r *http.Request, e *wire.Error) {
		refuseJSON(c.identity.UUID, prefix == "DynamoDB_20120810", call.Operation, e).ServeHTTP(w, r)
	}
	switch prefix {
	case "AmazonSQS":
		d.call.Service, d.handler = "sqs", c.sqs
	case "AWSStepFunctions":
		d.call.Service, d.handler = "states", c.stepfunctions
	case "Logs_20140328":
		d.call.Service, d.handler = "logs", c.logs
	case "DynamoDB_20120810":
		d.call.Service, d.handler = "dynamodb", c.dynamodb
	default:
		d.handler = refuseJSON(c.identity.UUID, false, call.Operation, &wire.Error{
			Type:    "com.amazon.coral.service#UnknownOperationException",
			Message: "The local AWS has no service with the target " + prefix,
		})
	}
	return d
}

func (c *Cloud) routeQuery(call Call, version string) destination {
	d := destination{call: call}
	namespace := ""
	switch {
	case version == sns.Version && call.Service != "cloudwatch":
		d.call.Service, d.handler, namespace = "sns", c.sns, "http://sns.amazonaws.com/doc/"+version+"/"
	case version == sts.Version:
		d.call.Service, d.handler, namespace = "sts", c.sts, "https://sts.amazonaws.com/doc/"+version+"/"
	case version == cloudformation.Version:
		d.call.Service, d.handler, namespace = "cloudformation", c.cloudformation, "http://cloudformation.amazonaws.com/doc/"+version+"/"
	default:
		d.handler = refuseQuery(c.identity.UUID, "", call.Operation, &wire.Error{
			Type:    "InvalidAction",
			Message: "The local AWS has no query service with the version " + version,
		})
	}
	d.refuse = func(w http.ResponseWriter, r *http.Request, e *wire.Error) {
		refuseQuery(c.identity.UUID, namespace, call.Operation, e).ServeHTTP(w, r)
	}
	return d
}

// unknown answers services that the local AWS does not have, in REST form.
func (c *Cloud) unknown(call Call) destination {
	return destination{
		call:   call,
		refuse: refuseAPI,
		handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Amzn-Errortype", "UnknownOperationException")
			w.Header().Set("X-Amzn-Requestid", c.identity.UUID())
			refuseAPI(w, r, &wire.Error{
				Status:  http.StatusNotFound,
				Type:    "UnknownOperationException",
				Message: "The local AWS has no service " + call.Service,
			})
		}),
	}
}

// refuseJSON answers one operation of AWS JSON with an error.
func refuseJSON(newID func() string, crc32 bool, operation string, e *wire.Error) http.Handler {
	return &wire.JSONService{
		Version: "1.0", CRC32: crc32, NewID: newID,
		Operations: map[string]wire.Operation{operation: func(context.Context, []byte) (any, error) { return nil, e }},
	}
}

// refuseQuery answers one operation of the query protocol with an error.
func refuseQuery(newID func() string, namespace, operation string, e *wire.Error) http.Handler {
	return &wire.QueryService{
		Namespace: namespace, NewID: newID,
		Operations: map[string]wire.QueryOperation{operation: func(context.Context, url.Values) (any, error) { return nil, e }},
	}
}

// refuseAPI answers as API Gateway and the REST services do.
func refuseAPI(w http.ResponseWriter, _ *http.Request, e *wire.Error) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(e.HTTPStatus())
	_ = json.NewEncoder(w).Encode(map[string]string{"message": e.Message}) // the client has gone; nobody is left to tell
}

// queryForm reads the parameters of a query request, nothing of any other.
func queryForm(r *http.Request) url.Values {
	if r.Method == http.MethodGet {
		return r.URL.Query()
	}
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		return nil
	}
	form, err := wire.ReadForm(r)
	if err != nil {
		return nil
	}
	return form
}
