package aws

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"orderops/workflow"
)

// attempt is what is known of the failed call besides its error.
type attempt struct {
	// action is the IAM spelling: "sqs:SendMessage".
	action string
	target string
	// sent is set once the request was handed to the transport.
	sent bool
}

// explainer knows how this session signed in, for its advice.
type explainer struct {
	profile string
	// sso and process tell that the profile signs in by IAM Identity Center, or by
	// a program of its own (credential_process).
	sso, process bool
	// endpoint is the URL of another endpoint than AWS's own, or "".
	endpoint string
}

// explain turns an error of the SDK into a *workflow.Problem: what sort of
// failure, why, and what to do next. Kinds are told by types and codes, never
// by the words of a message.
func (e explainer) explain(err error, a attempt) error {
	if err == nil {
		return nil
	}
	if p, ok := errors.AsType[*workflow.Problem](err); ok {
		return p
	}
	p := &workflow.Problem{Operation: a.action, Target: a.target, Err: err}
	if response, ok := errors.AsType[*awshttp.ResponseError](err); ok {
		p.RequestID = response.ServiceRequestID()
	}
	switch {
	case e.explainCredentials(err, p):
	case e.explainAnswer(err, p):
	case e.explainSilence(err, a, p):
	default:
		explainRequest(err, p)
	}
	// An answer that was lost, or a server that broke down, leaves open whether a
	// call acted. What can be repeated needs no such care.
	if a.sent && !isRepeatable(a.action) && inDoubt(err, p) {
		p.Kind = workflow.OutcomeUnknown
		p.Reason += ", so it is not known whether it took effect"
		p.Next = "Find out before doing it again: a second try may do it twice"
	}
	return p
}

// inDoubt tells whether a call that was sent may have acted all the same.
func inDoubt(err error, p *workflow.Problem) bool {
	switch p.Kind {
	case workflow.Throttled, workflow.Forbidden, workflow.NotFound, workflow.Unauthenticated, workflow.Invalid:
		return false
	default:
	}
	if status := answered(err); status != 0 {
		// A refusal (4xx) did nothing. A 2xx whose body can't be read did.
		return status >= http.StatusInternalServerError || status < http.StatusMultipleChoices
	}
	return !neverConnected(err)
}

// answered is the HTTP status of the answer; 0 when there was none. The SDK
// makes up an empty response when the transport failed.
func answered(err error) int {
	response, ok := errors.AsType[*smithyhttp.ResponseError](err)
	if !ok || response.Response == nil {
		return 0
	}
	return response.HTTPStatusCode()
}

// explainAnswer explains an error that the service answered.
func (e explainer) explainAnswer(err error, p *workflow.Problem) bool {
	answer, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		return false
	}
	code, message := answer.ErrorCode(), answer.ErrorMessage()
	p.Kind = kindOf(err, code)
	p.Reason = sentence(code, message)
	switch p.Kind {
	case workflow.Throttled:
		p.Reason = "AWS refused the call because there are too many of this kind (" + code + ")"
		p.Next = "It works again by itself; the tool has slowed down"
	case workflow.Forbidden:
		p.Reason, p.Next = forbidden(p.Operation, p.Target, message)
	case workflow.Unauthenticated:
		p.Reason = "AWS does not accept the credentials: " + sentence(code, message)
		p.Next = e.signIn()
	case workflow.NotFound:
		p.Next = "Check the name, the account and the region"
	default:
		if status := answered(err); status >= http.StatusInternalServerError {
			p.Reason = fmt.Sprintf("the service failed (HTTP %d): %s", status, sentence(code, message))
			p.Next = "Try again in a moment"
		}
	}
	return true
}

// explainSilence explains a call that got no answer.
func (e explainer) explainSilence(err error, a attempt, p *workflow.Problem) bool {
	if errors.Is(err, context.Canceled) {
		p.Kind, p.Reason = workflow.BrokenCall, "it was cancelled"
		return true
	}
	reason, ok := networkReason(err)
	if !ok && !a.sent {
		return false
	}
	if status := answered(err); status != 0 {
		p.Kind = workflow.BrokenCall
		p.Reason = fmt.Sprintf("the answer (HTTP %d) could not be read", status)
		p.Next = "Check that the endpoint is AWS or speaks its protocol"
		return true
	}
	if !ok {
		reason = "the connection broke"
	}
	p.Kind, p.Reason = workflow.Unreachable, reason
	p.Next = "Check the network, a proxy and the region"
	if e.endpoint != "" {
		p.Next = "Check that something answers at " + e.endpoint
	}
	return true
}

// explainRequest explains a call that could not even be put together.
func explainRequest(err error, p *workflow.Problem) {
	p.Kind, p.Reason = workflow.BrokenCall, leaf(err).Error()
	var invalid smithy.InvalidParamsError
	var noRegion *awssdk.MissingRegionError
	switch {
	case errors.As(err, &invalid):
		p.Kind, p.Reason = workflow.Invalid, "a parameter is missing or out of range"
	case errors.As(err, &noRegion):
		p.Kind, p.Reason = workflow.Invalid, "no region is configured"
		p.Next = "Give --region, or set AWS_REGION"
	}
}

// leaf is the innermost error: the fact without the chain that led to it.
func leaf(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			if joined, ok := err.(interface{ Unwrap() []error }); ok && len(joined.Unwrap()) > 0 {
				err = joined.Unwrap()[0]
				continue
			}
			return err
		}
		err = inner
	}
}

func sentence(code, message string) string {
	switch {
	case message == "":
		return code
	case code == "":
		return message
	default:
		return message + " (" + code + ")"
	}
}
