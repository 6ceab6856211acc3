// Package local is an AWS in this process: one http.Handler that answers as
// SQS, Step Functions, DynamoDB, Lambda, CloudWatch with its logs, SNS, STS,
// CloudFormation and API Gateway do, with what the order system needs of each. The SDK reaches it without a socket
// through HTTPClient, anything else through a listener on Handler.
package local

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"orderops/aws/local/apigateway"
	"orderops/aws/local/cloudformation"
	"orderops/aws/local/dynamodb"
	"orderops/aws/local/identity"
	"orderops/aws/local/lambda"
	"orderops/aws/local/logs"
	"orderops/aws/local/metrics"
	"orderops/aws/local/sns"
	"orderops/aws/local/sqs"
	"orderops/aws/local/stepfunctions"
	"orderops/aws/local/stepfunctions/asl"
	"orderops/aws/local/sts"
	"orderops/aws/local/wire"
)

// Options say what a cloud claims to be. The zero value is a good cloud.
type Options struct {
	// Account is "000000000000" when empty.
	Account string
	// Region is "us-east-1" when empty.
	Region string
	// URL is the root of queue and API addresses, without a slash at its end:
	// where Handler is served. Empty means http://127.0.0.1:4566.
	URL string
	// Seed decides the ids that the cloud hands out, so that a run can be repeated.
	Seed uint64
	// Pressure is how the queues misbehave; the zero value is queues at ease.
	Pressure Pressure
	// Permit decides what a service may do with a role that the template gives it:
	// API Gateway, Step Functions, and Lambda where it reads a queue. Nil permits
	// everything.
	Permit func(role string, need Permission) bool
	// Intercept is asked before every call is dispatched. Its error is sent in the
	// service's own form instead of an answer; nil lets the call through. It may
	// wait, to make the cloud slow, as long as it heeds ctx. Nil intercepts nothing.
	Intercept func(ctx context.Context, call Call) *wire.Error
	// Lose is asked after Intercept whether a call's answer gets lost: the call is
	// served, and the caller sees a connection that ends without a word. Nil loses
	// nothing.
	Lose func(call Call) bool
}

// Pressure is what AWS may do to queues and seldom does.
type Pressure = sqs.Pressure

// Cloud is one local AWS. Clouds share nothing. It is safe for concurrent use.
type Cloud struct {
	identity  *identity.Identity
	intercept func(ctx context.Context, call Call) *wire.Error
	permit    func(role string, need Permission) bool
	lose      func(call Call) bool
	counter   counter

	sqs            *sqs.Service
	stepfunctions  *stepfunctions.Service
	dynamodb       *dynamodb.Service
	lambda         *lambda.Service
	logs           *logs.Service
	metrics        *metrics.Service
	sns            *sns.Service
	sts            *wire.Service
	cloudformation *cloudformation.Service
	apigateway     *apigateway.Service

	// life ends with Close and ends every request.
	life context.Context
	stop context.CancelFunc
	// running counts requests, watching those who measure.
	running  sync.WaitGroup
	watching sync.WaitGroup
	mu       sync.Mutex // guards closed and roles, and running against a late start
	closed   bool
	roles    map[string][][]byte // policy documents by name
}

// New starts an empty cloud. Close it to end its goroutines.
func New(options Options) *Cloud {
	id := identity.New(
		cmp.Or(options.Account, "000000000000"),
		cmp.Or(options.Region, "us-east-1"),
		strings.TrimSuffix(cmp.Or(options.URL, "http://127.0.0.1:4566"), "/"),
		options.Seed,
	)
	c := &Cloud{identity: id, intercept: options.Intercept, permit: options.Permit, roles: map[string][][]byte{}, lose: options.Lose}
	c.counter.counts = map[counted]int{}
	c.life, c.stop = context.WithCancel(context.Background())
	c.sqs = sqs.New(id)
	c.sqs.SetPressure(options.Pressure)
	c.logs = logs.New(id)
	c.metrics = metrics.New(id.PassingID)
	c.lambda = lambda.New(id, c.sqs, c.metrics)
	c.stepfunctions = stepfunctions.New(id, func(role string) asl.Invoker { return functions{c, role} }, c.logs, c.metrics)
	c.dynamodb = dynamodb.New(id)
	c.sns = sns.New(id)
	c.sts = sts.New(id)
	c.cloudformation = cloudformation.New(id)
	c.apigateway = apigateway.New(id, c.sendAs)
	c.watching.Go(c.watchQueues)
	return c
}

// SetPressure changes how the queues misbehave from now on.
func (c *Cloud) SetPressure(p Pressure) { c.sqs.SetPressure(p) }

// Close ends every request, execution, event source and move task, and waits
// for their goroutines.
func (c *Cloud) Close() {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.stop()
	// Functions first: they are clients of the services.
	c.lambda.Close()
	c.running.Wait()
	c.watching.Wait()
	c.stepfunctions.Close()
	c.sqs.Close()
}

// begin counts a request; it is false once the cloud is closed.
func (c *Cloud) begin() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return false
	}
	c.running.Add(1)
	return true
}

// Account is the account that the cloud claims to be.
func (c *Cloud) Account() string { return c.identity.Account }

// Region is the region that the cloud claims to be.
func (c *Cloud) Region() string { return c.identity.Region }

// URL is the root that the cloud's queue and API addresses are built on.
func (c *Cloud) URL() string { return c.identity.URL }

// Mail tells the e-mails that SNS delivered, oldest first. Only the newest
// thousand are kept.
func (c *Cloud) Mail() []sns.Mail { return c.sns.Mails() }

// DeliverLogs makes log events arrive late, or get lost, from now on.
func (c *Cloud) DeliverLogs(d logs.Delivery) { c.logs.Deliver(d) }

// Log writes one line to a log group now, as Lambda does for its functions. To a
// group that does not exist it is lost.
func (c *Cloud) Log(group, stream, line string) {
	c.logs.Put(group, stream, time.Now(), []byte(line))
}

// watchQueues measures the queues at the end of each minute, as SQS does, until
// the cloud closes.
func (c *Cloud) watchQueues() {
	before := map[string]sqs.Load{}
	for {
		now := time.Now()
		timer := time.NewTimer(now.Truncate(time.Minute).Add(time.Minute).Sub(now))
		select {
		case <-c.life.Done():
			timer.Stop()
			return
		case end := <-timer.C:
			for _, q := range c.sqs.Loads() {
				c.measureQueue(q, before[q.Queue], end.Add(-time.Second))
				before[q.Queue] = q
			}
		}
	}
}

// measureQueue adds what a queue did since it was measured last.
func (c *Cloud) measureQueue(q, before sqs.Load, at time.Time) {
	for metric, value := range map[string]float64{
		"ApproximateNumberOfMessagesVisible":    float64(q.Visible),
		"ApproximateNumberOfMessagesNotVisible": float64(q.InFlight),
		"ApproximateAgeOfOldestMessage":         q.Oldest.Seconds(),
		"NumberOfMessagesSent":                  float64(q.Sent - before.Sent),
		"NumberOfMessagesReceived":              float64(q.Received - before.Received),
		"NumberOfMessagesDeleted":               float64(q.Deletions - before.Deletions),
	} {
		c.metrics.Observe("AWS/SQS", metric, q.Queue, at, value)
	}
}

// HTTPClient reaches a cloud without a socket. It satisfies the SDK's
// aws.HTTPClient and works inside a synctest bubble.
type HTTPClient struct{ cloud *Cloud }

// HTTPClient is what an aws.Config needs to talk to this cloud.
func (c *Cloud) HTTPClient() *HTTPClient { return &HTTPClient{cloud: c} }

// Do answers one request. It returns when the request's context ends, also
// while the answer is still being made.
func (h *HTTPClient) Do(r *http.Request) (*http.Response, error) {
	ctx := r.Context()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	// The body is read here, because the caller may use it again after Do.
	body, err := drain(r)
	if err != nil {
		return nil, err
	}
	if !h.cloud.begin() {
		return nil, http.ErrServerClosed
	}
	answered := make(chan *answer, 1)
	go func() {
		defer h.cloud.running.Done()
		answered <- h.cloud.answer(ctx, r, body)
	}()
	select {
	case a := <-answered:
		if a.err != nil {
			return nil, a.err
		}
		return a.response(r), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func drain(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	// One byte above the limit is enough for the service to refuse the request.
	body, err := io.ReadAll(io.LimitReader(r.Body, wire.MaxRequest+1))
	if closing := r.Body.Close(); err == nil {
		err = closing
	}
	return body, err
}

// answer is an http.ResponseWriter in memory.
type answer struct {
	status int
	header http.Header
	body   *bytes.Buffer
	err    error
}

// answer serves one request. A panic is the caller's error: the local AWS must
// not take the dashboard down with it.
func (c *Cloud) answer(ctx context.Context, r *http.Request, body []byte) (a *answer) {
	a = newAnswer()
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			a.err = io.ErrUnexpectedEOF // what a client sees of a closed connection
		default:
			a.err = fmt.Errorf("the local AWS failed inside: %v", p)
		}
	}()
	served := r.Clone(ctx)
	served.Body = io.NopCloser(bytes.NewReader(body))
	c.serve(a, served)
	return a
}

func newAnswer() *answer { return &answer{header: http.Header{}, body: &bytes.Buffer{}} }

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

func (a *answer) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(p)
}

func (a *answer) response(r *http.Request) *http.Response {
	a.WriteHeader(http.StatusOK)
	return &http.Response{
		Status:     fmt.Sprintf("%d %s", a.status, http.StatusText(a.status)),
		StatusCode: a.status,
		Proto:      "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:        a.header,
		Body:          io.NopCloser(a.body),
		ContentLength: int64(a.body.Len()),
		Request:       r,
	}
}
