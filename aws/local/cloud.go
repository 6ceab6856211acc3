// Package local is an AWS in this process: one http.Handler that answers as
// SQS, Step Functions, DynamoDB, SNS, STS, CloudFormation and API Gateway do,
// with what the order system needs of each. The SDK reaches it without a socket
// through HTTPClient, anything else through a listener on Handler.
package local

import (
	"context"
	"net/http"
	"sync"

	"orderops/aws/local/identity"
	"orderops/aws/local/lambda"
	"orderops/aws/local/sns"
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
	// Intercept is asked before every call is dispatched. Its error is sent in the
	// service's own form instead of an answer; nil lets the call through. It may
	// wait, to make the cloud slow, as long as it heeds ctx. Nil intercepts nothing.
	Intercept func(ctx context.Context, call Call) *wire.Error
}

// Cloud is one local AWS. Clouds share nothing. It is safe for concurrent use.
type Cloud struct {
	identity *identity.Identity
	options  Options
	lambda   *lambda.Service
	sns      *sns.Service

	// life ends with Close and ends every request and background job.
	life context.Context
	stop context.CancelFunc

	mu     sync.Mutex // guards closed
	closed bool
	// running counts requests through HTTPClient.
	running sync.WaitGroup
}

// New starts an empty cloud. Close it to end its goroutines.
func New(options Options) *Cloud {
	return &Cloud{options: options}
}

// Close ends every request, execution, event source and move task, and waits
// for their goroutines.
func (c *Cloud) Close() {}

// Handler answers every service's requests.
func (c *Cloud) Handler() http.Handler { return http.NotFoundHandler() }

// Account is the account that the cloud claims to be.
func (c *Cloud) Account() string { return c.identity.Account }

// Region is the region that the cloud claims to be.
func (c *Cloud) Region() string { return c.identity.Region }

// URL is the root that the cloud's queue and API addresses are built on.
func (c *Cloud) URL() string { return c.identity.URL }

// Mail tells the e-mails that SNS delivered, oldest first. Only the newest
// thousand are kept.
func (c *Cloud) Mail() []sns.Mail { return nil }
