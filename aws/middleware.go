package aws

import (
	"context"
	"errors"
	"io"
	"syscall"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"orderops/workflow"
)

// gate stands in every call of the operator's clients. In this order: the
// guard, the retry rule, the budget, the call log and the audit, and at the end
// the error told as a Problem.
type gate struct {
	guard  *workflow.Guard
	budget *Budget
	calls  *CallLog
	audit  *auditor
	// credentials are told when AWS does not accept them.
	credentials markedCredentials
	explainer
}

// install puts the gate into every client that is made from cfg.
func (g *gate) install(cfg *awssdk.Config) {
	g.credentials, _ = cfg.Credentials.(markedCredentials)
	cfg.Retryer = func() awssdk.Retryer { return careful{retry.NewStandard()} }
	cfg.APIOptions = append(cfg.APIOptions, func(stack *middleware.Stack) error {
		if err := stack.Initialize.Add(middleware.InitializeMiddlewareFunc("OrderopsCall", g.call), middleware.Before); err != nil {
			return err
		}
		// After the retry loop: every attempt is on the wire, so every attempt counts.
		if err := stack.Finalize.Insert(middleware.FinalizeMiddlewareFunc("OrderopsAttempt", g.attempt), "Retry", middleware.After); err != nil {
			return err
		}
		return stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("OrderopsSent", g.sent), middleware.After)
	})
}

type attemptKey struct{}

// attemptOf is the record that call put into the context; nil outside of a call.
func attemptOf(ctx context.Context) *attempt {
	a, _ := ctx.Value(attemptKey{}).(*attempt)
	return a
}

// call is the outermost step: guard, log, explanation.
func (g *gate) call(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (
	middleware.InitializeOutput, middleware.Metadata, error,
) {
	a := &attempt{
		action: action(middleware.GetServiceID(ctx), middleware.GetOperationName(ctx)),
		target: targetOf(in.Parameters),
	}
	polling := workflow.IsPolling(ctx)
	start := time.Now()
	entry := workflow.Call{At: start, Operation: a.action, Target: a.target, Polling: polling}
	if err := g.check(ctx, a); err != nil {
		entry.Outcome = workflow.Refused.String()
		g.calls.Add(entry)
		return middleware.InitializeOutput{}, middleware.Metadata{}, err
	}
	out, metadata, err := next.HandleInitialize(context.WithValue(ctx, attemptKey{}, a), in)
	entry.Duration = time.Since(start)
	entry.RequestID, _ = awsmiddleware.GetRequestIDMetadata(metadata)
	entry.Outcome = "ok"
	if err != nil {
		err = g.problem(err, a, polling)
		entry.Outcome = workflow.KindOf(err).String()
		if p, ok := errors.AsType[*workflow.Problem](err); ok && p.RequestID != "" {
			entry.RequestID = p.RequestID
		}
	}
	// What our own budget refused is counted there; as log entries it would
	// push out the calls that were made.
	if workflow.KindOf(err) != workflow.OverBudget {
		g.calls.Add(entry)
		if !isRead(a.action) {
			g.audit.write(entry, g.guard.LastReason(), workflow.PlanOf(ctx))
		}
	}
	return out, metadata, err
}

// check refuses what changes something while nothing may be changed. Leases are
// given back, and what was begun is finished, also after the lock has closed.
func (g *gate) check(ctx context.Context, a *attempt) error {
	if isRead(a.action) {
		return nil
	}
	if !g.guard.State().ReadOnly && (workflow.IsBegun(ctx) || isPromise(a.action)) {
		return nil
	}
	return g.guard.Check(a.action, a.target)
}

func (g *gate) problem(err error, a *attempt, polling bool) error {
	err = g.explain(err, *a)
	p, ok := errors.AsType[*workflow.Problem](err)
	if !ok {
		return err
	}
	if p.Target == "" {
		p.Target = a.target
	}
	if p.Kind == workflow.OverBudget && !a.sent {
		p.Reason += "; nothing was sent"
	}
	if p.Kind == workflow.Unauthenticated && a.sent {
		g.credentials.refused()
	}
	if p.Kind == workflow.Throttled && p.RetryAfter == 0 {
		p.RetryAfter = g.budget.Wait(a.action, polling)
	}
	return p
}

// attemptTimeout bounds one request. No call of ours waits on purpose: one that
// takes longer has lost its answer. It is longer than any bound that a caller
// sets, so that theirs decide.
const attemptTimeout = time.Minute

// attempt is one request: it takes from the budget and learns from the answer.
func (g *gate) attempt(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (
	middleware.FinalizeOutput, middleware.Metadata, error,
) {
	a := attemptOf(ctx)
	if a == nil {
		return next.HandleFinalize(ctx, in)
	}
	if err := g.budget.take(a.action, workflow.IsPolling(ctx)); err != nil {
		return middleware.FinalizeOutput{}, middleware.Metadata{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel() // the answer has been read when HandleFinalize returns
	start := time.Now()
	out, metadata, err := next.HandleFinalize(ctx, in)
	throttled := false
	if answer, ok := errors.AsType[smithy.APIError](err); ok {
		throttled = kindOf(err, answer.ErrorCode()) == workflow.Throttled
	}
	g.budget.settle(a.action, time.Since(start), throttled)
	return out, metadata, err
}

// sent is the innermost step: from here on the request may have arrived.
func (g *gate) sent(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (
	middleware.DeserializeOutput, middleware.Metadata, error,
) {
	if a := attemptOf(ctx); a != nil {
		a.sent = true
	}
	if request, ok := in.Request.(*smithyhttp.Request); ok {
		in.Request = plainBody(request)
	}
	return next.HandleDeserialize(ctx, in)
}

// plainBody hides the WriterTo of a request's body. The SDK closes the body as
// soon as the answer begins; net/http may then still be looking for the body's
// end, takes the EOF that WriteTo of a closed body returns for a failure, and
// cuts the connection in the middle of the answer. A near server, such as one
// on the loopback interface, is quick enough for that.
func plainBody(request *smithyhttp.Request) *smithyhttp.Request {
	body, ok := request.GetStream().(io.ReadSeeker)
	if !ok {
		return request
	}
	plain, err := request.SetStream(struct{ io.ReadSeeker }{body})
	if err != nil {
		return request // as it was, it can be sent all the same
	}
	return plain
}

// careful is the SDK's retry rule, but that a poll is tried once, and that what
// is not the same when done twice is never tried again.
type careful struct{ awssdk.RetryerV2 }

// GetRetryToken refuses a further attempt by an error.
func (c careful) GetRetryToken(ctx context.Context, cause error) (func(error) error, error) {
	if a := attemptOf(ctx); a != nil && (workflow.IsPolling(ctx) || !isRepeatable(a.action)) {
		return nil, errors.New("one attempt only")
	}
	if errors.Is(cause, syscall.ECONNREFUSED) {
		return nil, errors.New("nothing listens there") // it is said at once instead
	}
	return c.RetryerV2.GetRetryToken(ctx, cause)
}
